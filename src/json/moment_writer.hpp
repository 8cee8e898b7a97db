// Moments from Unix seconds, by tables made at compile time.
#pragma once

#include <array>
#include <cstdint>

#include "base/load.hpp"
#include "base/zone.hpp"
#include "json/plain_integer.hpp"

namespace trainstat {

/// The days of a year that begins in March, so that a leap day is its last: `-03-01T`, and whether the day is one of the next year.
struct DayText {
  char text[7] = {};
  std::uint8_t is_of_next_year = 0;
};

constexpr std::array<DayText, 366> make_day_texts() {
  constexpr std::uint32_t lengths[] = {31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29};
  std::array<DayText, 366> table;
  std::uint32_t month = 0;
  std::uint32_t day = 0;
  for (DayText& entry : table) {
    const std::uint32_t number = (month + 2) % 12 + 1;
    const auto figure = [](std::uint32_t value) { return static_cast<char>('0' + value % 10); };
    entry = {{'-', figure(number / 10), figure(number), '-', figure((day + 1) / 10), figure(day + 1), 'T'},
             static_cast<std::uint8_t>(number < 3 ? 1 : 0)};
    if (++day == lengths[month]) {
      day = 0;
      ++month;
    }
  }
  return table;
}

inline constexpr std::array<DayText, 366> day_texts = make_day_texts();

/// 1968 to 2099.
struct YearText {
  char text[4] = {};
};

constexpr std::array<YearText, 132> make_year_texts() {
  std::array<YearText, 132> table;
  unsigned year = 1968;
  for (YearText& entry : table) {
    entry = {{static_cast<char>('0' + year / 1000), static_cast<char>('0' + year / 100 % 10),
              static_cast<char>('0' + year / 10 % 10), static_cast<char>('0' + year % 10)}};
    ++year;
  }
  return table;
}

inline constexpr std::array<YearText, 132> year_texts = make_year_texts();

/// `2020-12-01T15:52:01+03:00`, `2020-12-01 15:52:01`, `2020-12-01`.
enum class MomentForm : std::uint8_t { with_offset, local, date };

class MomentWriter {
 public:
  /// Borrows the zone for its life.
  explicit MomentWriter(const Zone& zone) : zone_(zone) {}

  /// A stretch of constant offset; none at first.
  struct Stretch {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t offset = 0;  // in seconds, whole minutes
    char text[8] = {};        // `+03:00"`

    bool has(std::int64_t seconds) const { return seconds >= begin && seconds < end; }
  };

  /// The one that a moment lies in, if it has been found.
  [[gnu::always_inline]] const Stretch& stretch_of(std::int64_t seconds) const { return stretches_[place_of(seconds)]; }

  /// Finds it. False for moments that are not well within the years 1970 to 2099, where every fourth year is a leap year, and where
  /// the offset has seconds, as Liberia's had until 1972.
  bool find(std::int64_t seconds);

  /// A moment of the stretch and a quote: the place behind it. Writes 27 bytes.
  template <MomentForm form>
  [[gnu::always_inline]] static char* put(char* to, std::int64_t seconds, const Stretch& stretch) {
    const auto local = static_cast<std::uint64_t>(seconds + stretch.offset);
    // Both divided by 128 first: then they are short enough for a product that one register holds.
    const std::uint32_t day = static_cast<std::uint32_t>(local >> 7) / (seconds_of_day >> 7);
    const std::uint32_t quarters = 4 * (day + days_from_march_1968) + 3;
    const DayText& text = day_texts[quarters % quarters_of_year / 4];
    const std::uint32_t year = quarters / quarters_of_year + text.is_of_next_year;
    store(to, year_texts[year]);
    store(to + 4, text);
    if constexpr (form == MomentForm::date) {
      to[10] = '"';
      return to + 11;
    }
    const std::uint32_t rest = static_cast<std::uint32_t>(local) - day * seconds_of_day;
    constexpr std::uint64_t colons = std::uint64_t{':'} << 16 | std::uint64_t{':'} << 40;
    store(to + 11, colons | two(rest / 3600) | two(rest / 60 % 60) << 24 | two(rest % 60) << 48);
    if constexpr (form == MomentForm::local) {
      to[10] = ' ';
      to[19] = '"';
      return to + 20;
    }
    store(to + 19, load<std::uint64_t>(stretch.text));
    return to + 26;
  }

 private:
  static constexpr std::uint32_t seconds_of_day = 86400;
  static constexpr std::uint32_t days_from_march_1968 = 671;  // to 1970-01-01
  static constexpr std::uint32_t quarters_of_year = 1461;     // of a day

  [[gnu::always_inline]] static std::uint64_t two(std::uint32_t number) {
    return load<std::uint16_t>(full_figures[number].data() + 1);
  }

  static constexpr std::size_t places = 64;
  [[gnu::always_inline]] static std::size_t place_of(std::int64_t seconds) {
    return static_cast<std::uint64_t>(seconds) >> 21 & (places - 1);
  }

  const Zone& zone_;
  std::array<Stretch, places> stretches_;  // a place for every 24 days or so, over and over; what lies there may reach further
};

}  // namespace trainstat
