// Texts that stand in a document as they are: nearly all of them.
#pragma once

#include "json/text_block.hpp"

namespace trainstat {

/// Bytes that no plain text has, and pairs that are no letter: non-zero there. `before` is the block one byte earlier. Plain are ASCII
/// without control characters, quotes, backslashes and `other`, and letters of two bytes (U+0080 to U+07FF, so Cyrillic).
inline TextBlock doubts(TextBlock block, TextBlock before, std::uint8_t other) {
  const auto escaped = (block < 0x20) | (block == '"') | (block == '\\') | (block == other);
  const auto longer = (block >= 0xE0) | ((block & 0xFE) == 0xC0);  // letters of three and four bytes; forms that are never well
  const auto follows = (block & 0xC0) == 0x80;
  const auto must_follow = before >= 0xC0;
  return reinterpret_cast<TextBlock>(escaped | longer | (follows ^ must_follow));
}

/// Copies a text if it is plain, checking it on the way: the place behind it, or null. Writes up to 15 bytes more than the text has, and
/// reads none outside of it.
inline char* put_plain_text(char* to, const char* from, std::size_t length, std::uint8_t other) {
  constexpr std::size_t size = sizeof(TextBlock);
  const auto moved = [](TextBlock block) {
    return __builtin_shufflevector(TextBlock{}, block, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  };
  TextBlock found{};
  if (length < size) {
    const TextBlock block = load_short(from, length);
    found = doubts(block, moved(block), other);
    store_block(to, block);
    // Behind a lead byte there is a space, which is a doubt; so only a text that ends with the block is looked at here.
  } else {
    TextBlock block = load_block(from);
    found = doubts(block, moved(block), other);
    store_block(to, block);
    std::size_t at = size;
    for (; at + size <= length; at += size) {
      block = load_block(from + at);
      found |= doubts(block, load_block(from + at - 1), other);
      store_block(to + at, block);
    }
    if (at < length) {  // the last block overlaps the one before
      at = length - size;
      block = load_block(from + at);
      found |= doubts(block, load_block(from + at - 1), other);
      store_block(to + at, block);
    }
    if (static_cast<unsigned char>(from[length - 1]) >= 0xC0) return nullptr;
  }
  return is_zero(found) ? to + length : nullptr;
}

}  // namespace trainstat
