// Moments that come as text and stand in the document as they are.
#pragma once

#include <cstdint>

#include "base/load.hpp"
#include "base/text_block.hpp"

namespace trainstat {

/// Copies `2020-12-01T15:52:01+03:00` and puts a quote behind it, if it names a moment of the years 1 to 9999 within 18 hours of UTC:
/// the place behind the quote, else null. Writes 26 bytes.
[[gnu::always_inline]] inline char* put_moment_text(char* to, const char* from, std::size_t length) {
  constexpr std::size_t length_of_moments = 25;
  if (length != length_of_moments) return nullptr;
  // The blocks overlap. Each figure lies between 0 and the highest of its place, each sign is
  // itself, the offset's one of `+,-`.
  const TextBlock date = load_block(from);
  const TextBlock time = load_block(from + 9);
  const TextBlock outside = (above(load_block("0000-00-00T00:00"), date) | above(date, load_block("9999-19-39T29:59"))) |
                            (above(load_block("0T00:00:00+00:00"), time) | above(time, load_block("9T29:59:59-19:59")));
  const auto two = [from](std::size_t at) { return static_cast<std::uint32_t>(10 * (from[at] - '0') + from[at + 1] - '0'); };
  const std::uint32_t century = two(0);
  const std::uint32_t year = two(2);  // of the century
  const std::uint32_t month = two(5);
  const std::uint32_t day = two(8);
  const bool is_leap = year % 4 == 0 && (year != 0 || century % 4 == 0);
  // 31 days have the odd months up to July, and the even ones from August on.
  const std::uint32_t days = month == 2 ? (is_leap ? 29 : 28) : 30 + ((month ^ month >> 3) & 1);
  const bool is_real = (century | year) != 0 && month - 1 < 12 && day - 1 < days && two(11) < 24;
  const bool is_near = from[19] != ',' && two(20) * 60 + two(23) <= 18 * 60;
  if (!(is_zero(outside) && is_real && is_near)) return nullptr;
  store_block(to, date);
  store_block(to + 9, time);
  to[length_of_moments] = '"';
  return to + length_of_moments + 1;
}

}  // namespace trainstat
