// Decimals of two places from numbers and from texts, nearly all of them: counted in hundredths.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/binary64.hpp"
#include "json/plain_integer.hpp"

namespace trainstat {

/// What the short way does not count.
inline constexpr std::uint64_t undecided = UINT64_MAX;
/// All that it counts is below: figures for put_six_figures().
inline constexpr std::int64_t too_large = 1000000;

[[gnu::always_inline]] inline std::uint64_t unless_too_large(std::uint64_t hundredths) {
  return hundredths < std::uint64_t{100} * too_large ? hundredths : undecided;
}

/// A binary number from 0 to `maximum`, rounded half away from zero as its shortest decimal is.
[[gnu::always_inline]] inline std::uint64_t hundredths_of(Binary64 number, std::int64_t maximum) {
  constexpr std::uint64_t least = Binary64(0x1p-10).magnitude();
  constexpr std::uint64_t end = Binary64(static_cast<double>(too_large)).magnitude();
  if (number.is_negative() || number.magnitude() - least >= end - least) return number.magnitude() == 0 ? 0 : undecided;
  const unsigned places = number.places();
  const std::uint64_t fraction = (std::uint64_t{1} << places) - 1;
  const std::uint64_t whole = number.figures() >> places;
  const auto most = static_cast<std::uint64_t>(maximum);
  if (whole > most || (whole == most && (number.figures() & fraction) != 0)) return undecided;
  const std::uint64_t scaled = number.figures() * 100;
  // The number and its shortest decimal differ by half a figure of the last place at most: so close to a half the decimal decides.
  constexpr std::uint64_t half_a_figure = 100 / 2;
  const std::uint64_t half = (fraction >> 1U) + 1;
  const std::uint64_t rest = scaled & fraction;
  if (rest - half + half_a_figure <= 2 * half_a_figure) return undecided;
  return unless_too_large((scaled >> places) + (rest > half ? 1 : 0));
}

/// An integer.
[[gnu::always_inline]] inline std::uint64_t hundredths_of(std::int64_t integer, std::int64_t maximum) {
  return integer >= 0 && integer < too_large && integer <= maximum ? static_cast<std::uint64_t>(integer) * 100 : undecided;
}

/// The text of a decimal: up to six figures, and up to eight behind a point.
std::uint64_t hundredths_of(const char* text, std::size_t length, std::int64_t maximum);

/// `.25` of 3.25, as four bytes in the order of memory.
[[gnu::always_inline]] inline std::uint32_t places_of(std::uint64_t hundredths) {
  return (load<std::uint32_t>(full_figures[hundredths % 100].data()) & ~0xFFU) | static_cast<std::uint32_t>('.');
}

/// `3.25"`, `3.00"` with two places; else `3.25`, `3.2`, `3`: the place behind it. Writes up to 11 bytes.
template <bool has_two_places>
[[gnu::always_inline]] inline char* put_hundredths(char* to, std::uint64_t hundredths) {
  to = put_six_figures(to, static_cast<std::int64_t>(hundredths / 100));
  const std::uint32_t places = places_of(hundredths);
  if constexpr (has_two_places) {
    store(to, places | static_cast<std::uint32_t>('"') << 24);
    return to + 4;
  }
  store(to, places);
  const std::uint64_t rest = hundredths % 100;
  return to + (rest == 0 ? 0 : rest % 10 == 0 ? 2 : 3);
}

}  // namespace trainstat
