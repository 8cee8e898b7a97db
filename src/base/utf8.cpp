#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text_block.hpp"

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

/// 0 where the bytes begin with no letter.
std::size_t length_of_letter(const char* at, std::size_t left) {
  const auto byte = static_cast<unsigned char>(*at);
  if (byte < 0x80) return 1;
  const Lead lead = leads[byte];
  if (lead.tail == 0 || left <= lead.tail) return 0;
  const auto second = static_cast<unsigned char>(at[1]);
  if (second < lead.low || second > lead.high) return 0;
  for (std::size_t i = 2; i <= lead.tail; ++i) {
    if ((static_cast<unsigned char>(at[i]) & 0xC0U) != 0x80U) return 0;
  }
  return lead.tail + std::size_t{1};
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    // Sixteen bytes at once where all letters have one or two, up to the last one that is whole.
    const auto count = std::min(sizeof(TextBlock), static_cast<std::size_t>(end - at));
    const TextBlock block = count == sizeof block ? load_block(at) : load_part(at, count);
    if (is_zero(misfits(block, moved(block)))) {
      const bool is_cut = static_cast<unsigned char>(at[count - 1]) >= 0xC0;
      if (is_cut && at + count == end) return false;
      at += count - (is_cut ? 1 : 0);
      continue;
    }
    const char* const stop = at + count;
    while (at < stop) {
      const std::size_t length = length_of_letter(at, static_cast<std::size_t>(end - at));
      if (length == 0) return false;
      at += length;
    }
  }
  return true;
}

}  // namespace trainstat
