#include "json/plain_decimal.hpp"

#include <algorithm>

namespace trainstat {

std::uint64_t hundredths_of(const char* text, std::size_t length, std::int64_t maximum) {
  constexpr std::size_t most_figures = 6;
  constexpr std::size_t most_places = 8;
  constexpr std::uint64_t one = 100000000;  // the value is counted in so small parts, exactly
  const auto figure_at = [&](std::size_t at) { return static_cast<std::uint64_t>(static_cast<unsigned char>(text[at])) - '0'; };
  std::size_t at = 0;
  std::uint64_t value = 0;
  for (; at < length && at < most_figures && figure_at(at) < 10; ++at) value = 10 * value + figure_at(at);
  if (at == 0) return undecided;
  value *= one;
  if (at < length) {
    if (text[at++] != '.' || at == length || length - at > most_places) return undecided;
    for (std::uint64_t place = one / 10; at < length; ++at, place /= 10) {
      if (figure_at(at) >= 10) return undecided;
      value += place * figure_at(at);
    }
  }
  constexpr std::uint64_t hundredth = one / 100;
  if (value > static_cast<std::uint64_t>(std::min(maximum, too_large)) * one) return undecided;
  return unless_too_large((value + hundredth / 2) / hundredth);
}

}  // namespace trainstat
