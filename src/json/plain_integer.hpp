// Integers as text, by tables made at compile time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/load.hpp"

namespace trainstat {

/// 0 to 999, and null behind them, which a nullable column may hold in their place.
struct ShortIntegers {
  static constexpr std::size_t count = 1000;
  static constexpr std::size_t null = count;

  std::array<std::array<char, 4>, count + 1> texts = {};
  std::array<std::uint8_t, count + 1> lengths = {};
};

constexpr ShortIntegers make_short_integers() {
  ShortIntegers table;
  for (unsigned number = 0; number < ShortIntegers::count; ++number) {
    const unsigned length = number >= 100 ? 3 : number >= 10 ? 2 : 1;
    unsigned rest = number;
    for (unsigned place = length; place-- > 0; rest /= 10) table.texts[number][place] = static_cast<char>('0' + rest % 10);
    table.lengths[number] = static_cast<std::uint8_t>(length);
  }
  table.texts[ShortIntegers::null] = {'n', 'u', 'l', 'l'};
  table.lengths[ShortIntegers::null] = 4;
  return table;
}

/// 000 to 999, as they stand behind other figures.
constexpr std::array<std::array<char, 4>, 1000> make_full_figures() {
  std::array<std::array<char, 4>, 1000> table = {};
  for (unsigned number = 0; number < table.size(); ++number) {
    const auto figure = [](unsigned value) { return static_cast<char>('0' + value % 10); };
    table[number] = {figure(number / 100), figure(number / 10), figure(number)};
  }
  return table;
}

inline constexpr ShortIntegers short_integers = make_short_integers();
inline constexpr std::array<std::array<char, 4>, 1000> full_figures = make_full_figures();

/// 0 to 999, or ShortIntegers::null: the place behind it. Writes 4 bytes.
[[gnu::always_inline]] inline char* put_short_integer(char* to, std::size_t integer) {
  store(to, short_integers.texts[integer]);
  return to + short_integers.lengths[integer];
}

[[gnu::always_inline]] inline bool has_six_figures(std::int64_t integer) {
  return static_cast<std::uint64_t>(integer) < 1000000;
}

/// 0 to 999,999: the place behind it. Writes up to 7 bytes.
[[gnu::always_inline]] inline char* put_six_figures(char* to, std::int64_t integer) {
  constexpr std::uint32_t thousand = 1000;
  const auto whole = static_cast<std::uint32_t>(integer);
  if (whole < thousand) return put_short_integer(to, whole);
  to = put_short_integer(to, whole / thousand);
  store(to, full_figures[whole % thousand]);
  return to + 3;
}

/// Any integer; for those of more figures. Writes up to 20 bytes.
char* put_long_integer(char* to, std::int64_t integer);

}  // namespace trainstat
