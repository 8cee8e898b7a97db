// Moments that come as text and stand in the document as they are.
#pragma once

#include <cstdint>

#include "base/load.hpp"
#include "base/text_block.hpp"
#include "json/moment_writer.hpp"

namespace trainstat {

/// Non-zero where a byte lies outside of its limits.
[[gnu::always_inline]] inline TextBlock outside(TextBlock block, const char* lowest, const char* highest) {
  return above(load_block(lowest), block) | above(block, load_block(highest));
}

/// Copies the text of a moment and puts a quote behind it, if it names one of the years 1 to 9999, with its offset within 18 hours of UTC:
/// the place behind the quote, else null. Writes 26 bytes.
template <MomentForm form>
[[gnu::always_inline]] inline char* put_moment_text(char* to, const char* from, std::size_t length) {
  constexpr std::size_t size = form == MomentForm::with_offset ? 25 : form == MomentForm::local ? 19 : 10;
  if (length != size) return nullptr;
  const auto two = [from](std::size_t at) { return static_cast<std::uint32_t>(10 * (from[at] - '0') + from[at + 1] - '0'); };
  // What is loaded overlaps. Each figure lies between 0 and the highest of its place, each sign is itself, the offset's one of `+,-`.
  TextBlock odd;
  bool is_real = true;
  if constexpr (form == MomentForm::date) {
    const auto first = load<std::uint64_t>(from);
    const auto last = load<std::uint64_t>(from + 2);
    store(to, first);
    store(to + 2, last);
    odd = outside(block_of(first, last), "0000-00-00-00-00", "9999-19-99-19-39");
  } else {
    constexpr std::size_t rest = size - sizeof(TextBlock);
    const TextBlock date = load_block(from);
    const TextBlock time = load_block(from + rest);
    store_block(to, date);
    store_block(to + rest, time);
    if constexpr (form == MomentForm::local) {
      odd = outside(date, "0000-00-00 00:00", "9999-19-39 29:59") | outside(time, "0-00-00 00:00:00", "9-19-39 29:59:59");
    } else {
      odd = outside(date, "0000-00-00T00:00", "9999-19-39T29:59") | outside(time, "0T00:00:00+00:00", "9T29:59:59-19:59");
      is_real = from[19] != ',' && two(20) * 60 + two(23) <= 18 * 60;
    }
    is_real = is_real && two(11) < 24;
  }
  const std::uint32_t century = two(0);
  const std::uint32_t year = two(2);  // of the century
  const std::uint32_t month = two(5);
  const std::uint32_t day = two(8);
  const bool is_leap = year % 4 == 0 && (year != 0 || century % 4 == 0);
  // 31 days have the odd months up to July, and the even ones from August on.
  const std::uint32_t days = month == 2 ? (is_leap ? 29 : 28) : 30 + ((month ^ month >> 3) & 1);
  is_real = is_real && (century | year) != 0 && month - 1 < 12 && day - 1 < days;
  if (!(is_zero(odd) && is_real)) return nullptr;
  to[size] = '"';
  return to + size + 1;
}

}  // namespace trainstat
