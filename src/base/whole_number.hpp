// Text that is one whole number.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

namespace trainstat {

/// 2^53 - 1, the highest that every host reads exactly from JSON.
constexpr std::int64_t highest_in_json = 9007199254740991;

/// False where anything but the number stands in the text, or the number is beyond its type.
template <class Integer>
bool read_whole(std::string_view text, Integer& integer) {
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), integer);
  return problem == std::errc() && stop == text.data() + text.size();
}

}  // namespace trainstat
