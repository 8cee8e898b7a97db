// A hash that tells names and texts apart where nobody means harm.
#pragma once

#include <cstdint>
#include <string_view>

namespace trainstat {

constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  return hash;
}

}  // namespace trainstat
