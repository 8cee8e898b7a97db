// Moments from Unix seconds, the days and the offsets met so far kept ready.
#pragma once

#include <array>
#include <cstdint>

#include "base/load.hpp"
#include "base/zone.hpp"
#include "json/plain_integer.hpp"

namespace trainstat {

class MomentWriter {
 public:
  /// Borrows the zone for its life.
  explicit MomentWriter(const Zone& zone) : zone_(zone) {}

  /// `2020-12-01T15:52:01+03:00"` without the quote before it: the place behind it, or null for moments before 1970 and beyond the
  /// years that can be written. Writes up to 32 bytes.
  [[gnu::always_inline]] char* put(char* to, std::int64_t seconds) {
    if (static_cast<std::uint64_t>(seconds) >= end_of_years) [[unlikely]]
      return nullptr;
    Stretch& stretch = stretches_[static_cast<std::uint64_t>(seconds) >> 21 & (stretches_.size() - 1)];
    if (seconds < stretch.begin || seconds >= stretch.end) [[unlikely]]
      find(stretch, seconds);
    const auto local = static_cast<std::uint64_t>(seconds + stretch.offset);
    if (local >= end_of_years) [[unlikely]]
      return nullptr;
    const auto number = static_cast<std::uint32_t>(local / seconds_of_day);
    Day& day = days_[number & (days_.size() - 1)];
    if (day.number != number) [[unlikely]]
      find(day, number);
    const auto rest = static_cast<std::uint32_t>(local - std::uint64_t{number} * seconds_of_day);
    store(to, load<Text16>(day.text));
    put_two(to + 11, rest / 3600, ':');
    put_two(to + 14, rest / 60 % 60, ':');
    put_two(to + 17, rest % 60, ':');
    store(to + 19, load<std::uint64_t>(stretch.text));
    return to + 26;
  }

 private:
  static constexpr std::uint64_t seconds_of_day = 86400;
  static constexpr std::uint64_t end_of_years = 253402300800;  // 10000-01-01

  /// A stretch of constant offset; none at first.
  struct Stretch {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t offset = 0;  // whole minutes, in seconds
    char text[8] = {};        // `+03:00"`
  };
  struct Day {
    char text[12] = {};          // `2020-12-01T`
    std::uint32_t number = ~0U;  // days since 1970-01-01; none at first
  };
  struct Text16 {
    char bytes[16];
  };
  static_assert(sizeof(Day) == sizeof(Text16));

  /// Two figures and what stands behind them; writes a fourth byte, which means nothing.
  [[gnu::always_inline]] static void put_two(char* to, std::uint32_t number, char behind) {
    const std::uint32_t figures = load<std::uint16_t>(full_figures[number].text + 1);
    store(to, figures | static_cast<std::uint32_t>(behind) << 16);
  }

  void find(Stretch& stretch, std::int64_t seconds) const;
  static void find(Day& day, std::uint32_t number);

  const Zone& zone_;
  std::array<Stretch, 64> stretches_;  // each of some 24 days, by the number of them
  std::array<Day, 512> days_;
};

}  // namespace trainstat
