// Integers as text, by tables made at compile time.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace trainstat {

/// 0 to 999: the figures without leading zeros, and how many they are.
struct ThreeFigures {
  char text[3] = {};
  std::uint8_t length = 0;
};

constexpr std::array<ThreeFigures, 1000> make_short_figures() {
  std::array<ThreeFigures, 1000> table;
  for (unsigned number = 0; number < table.size(); ++number) {
    const unsigned length = number < 10 ? 1 : number < 100 ? 2 : 3;
    unsigned rest = number;
    for (unsigned place = length; place-- > 0; rest /= 10) table[number].text[place] = static_cast<char>('0' + rest % 10);
    table[number].length = static_cast<std::uint8_t>(length);
  }
  return table;
}

/// The same with leading zeros.
constexpr std::array<ThreeFigures, 1000> make_full_figures() {
  std::array<ThreeFigures, 1000> table;
  for (unsigned number = 0; number < table.size(); ++number) {
    table[number] = {{static_cast<char>('0' + number / 100), static_cast<char>('0' + number / 10 % 10),
                      static_cast<char>('0' + number % 10)},
                     3};
  }
  return table;
}

inline constexpr std::array<ThreeFigures, 1000> short_figures = make_short_figures();
inline constexpr std::array<ThreeFigures, 1000> full_figures = make_full_figures();

/// The place behind it. Writes up to 20 bytes.
inline char* put_integer(char* to, std::int64_t integer) {
  constexpr std::int64_t thousand = 1000;
  const auto size = static_cast<std::uint64_t>(integer);
  if (size < thousand) {
    std::memcpy(to, &short_figures[size], sizeof(ThreeFigures));
    return to + short_figures[size].length;
  }
  if (size < thousand * thousand) {
    const auto whole = static_cast<std::uint32_t>(size);
    std::memcpy(to, &short_figures[whole / thousand], sizeof(ThreeFigures));
    to += short_figures[whole / thousand].length;
    std::memcpy(to, &full_figures[whole % thousand], sizeof(ThreeFigures));
    return to + 3;
  }
  return std::to_chars(to, to + 20, integer).ptr;
}

}  // namespace trainstat
