// Moments from Unix seconds, the offsets of their times kept ready.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>

#include "base/zone.hpp"
#include "json/plain_integer.hpp"

namespace trainstat {

class MomentWriter {
 public:
  explicit MomentWriter(const Zone& zone) : zone_(zone) {}

  /// `2020-12-01T15:52:01+03:00"` without the quote before it: the place behind it, or null for moments before 1970 and
  /// beyond the years that can be written. Writes up to 32 bytes.
  char* put(char* to, std::int64_t seconds) {
    if (static_cast<std::uint64_t>(seconds) >= end_of_years) [[unlikely]]
      return nullptr;
    Stretch& stretch = stretches_[static_cast<std::uint64_t>(seconds) >> 21 & (stretches_.size() - 1)];
    if (seconds < stretch.begin || seconds >= stretch.end) [[unlikely]]
      find(stretch, seconds);
    const auto local = static_cast<std::uint64_t>(seconds + stretch.offset);
    if (local >= end_of_years) [[unlikely]]
      return nullptr;
    const auto day = static_cast<std::uint32_t>(local / seconds_of_day);
    const auto rest = static_cast<std::uint32_t>(local - std::uint64_t{day} * seconds_of_day);
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    const auto year = static_cast<std::uint32_t>(static_cast<int>(date.year()));
    put_two(to, year / 100, '-');
    put_two(to + 2, year % 100, '-');
    put_two(to + 5, static_cast<unsigned>(date.month()), '-');
    put_two(to + 8, static_cast<unsigned>(date.day()), 'T');
    put_two(to + 11, rest / 3600, ':');
    put_two(to + 14, rest / 60 % 60, ':');
    put_two(to + 17, rest % 60, ':');
    std::memcpy(to + 19, stretch.text, sizeof stretch.text);
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
  static void put_two(char* to, std::uint32_t number, char behind) {
    std::memcpy(to, full_figures[number].text + 1, 2);
    to[2] = behind;
  }

  void find(Stretch& stretch, std::int64_t seconds) const;

  const Zone& zone_;
  std::array<Stretch, 64> stretches_;
};

}  // namespace trainstat
