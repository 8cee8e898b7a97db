#include "base/utf8.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace trainstat {
namespace {

/// What may follow a lead byte: how many continuation bytes, and the limits of the first of them.
struct Lead {
  std::uint8_t tail;
  std::uint8_t low;
  std::uint8_t high;
};

constexpr Lead lead_of(unsigned byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

constexpr auto leads = [] {
  std::array<Lead, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) table[byte] = lead_of(byte);
  return table;
}();

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  const char* at = text.data();
  std::size_t left = text.size();
  while (left > 0) {
    // Eight ASCII bytes at a time: most keys, logins and markup.
    while (left >= 8) {
      std::uint64_t block;
      std::memcpy(&block, at, sizeof block);
      if ((block & 0x8080808080808080U) != 0) break;
      at += 8;
      left -= 8;
    }
    if (left == 0) break;
    const auto byte = static_cast<unsigned char>(*at);
    if (byte < 0x80) {
      ++at;
      --left;
      continue;
    }
    const Lead lead = leads[byte];
    if (lead.tail == 0 || left <= lead.tail) return false;
    const auto second = static_cast<unsigned char>(at[1]);
    if (second < lead.low || second > lead.high) return false;
    for (std::size_t i = 2; i <= lead.tail; ++i) {
      if ((static_cast<unsigned char>(at[i]) & 0xC0U) != 0x80U) return false;
    }
    at += lead.tail + 1;
    left -= lead.tail + 1U;
  }
  return true;
}

}  // namespace trainstat
