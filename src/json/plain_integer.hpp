// Integers as text, by tables made at compile time.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "base/load.hpp"

namespace trainstat {

/// Up to three figures and how many they are.
struct Figures {
  char text[3] = {};
  std::uint8_t length = 0;
};

/// 0 to 999: without leading zeros, and with them.
constexpr std::array<Figures, 1000> make_figures(bool with_zeros) {
  std::array<Figures, 1000> table;
  for (unsigned number = 0; number < table.size(); ++number) {
    const unsigned length = with_zeros || number >= 100 ? 3 : number < 10 ? 1 : 2;
    unsigned rest = number;
    for (unsigned place = length; place-- > 0; rest /= 10) table[number].text[place] = static_cast<char>('0' + rest % 10);
    table[number].length = static_cast<std::uint8_t>(length);
  }
  return table;
}

inline constexpr std::array<Figures, 1000> short_figures = make_figures(false);
inline constexpr std::array<Figures, 1000> full_figures = make_figures(true);

[[gnu::always_inline]] inline char* put_figures(char* to, const Figures& figures) {
  std::memcpy(to, &figures, sizeof figures);
  return to + figures.length;
}

/// Any integer; for those of more than six figures.
char* put_long_integer(char* to, std::int64_t integer);

/// The place behind it. Writes up to 20 bytes.
[[gnu::always_inline]] inline char* put_integer(char* to, std::int64_t integer) {
  constexpr std::uint64_t thousand = 1000;
  const auto size = static_cast<std::uint64_t>(integer);
  if (size < thousand) return put_figures(to, short_figures[size]);
  if (size < thousand * thousand) {
    const auto whole = static_cast<std::uint32_t>(size);
    to = put_figures(to, short_figures[whole / thousand]);
    return put_figures(to, full_figures[whole % thousand]);
  }
  return put_long_integer(to, integer);
}

}  // namespace trainstat
