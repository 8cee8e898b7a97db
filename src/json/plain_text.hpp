// Texts that stand in a document as they are, nearly all of them: copied and judged in one pass, sixteen bytes at a time.
#pragma once

#include <cstddef>

#include "base/text_block.hpp"

namespace trainstat {

/// Plain are ASCII without control characters, quotes and backslashes (in HTML-safe mode also without `<`), and letters of two bytes
/// (U+0080 to U+07FF, so Cyrillic). Whatever else there is, all that is ill-formed included, is a doubt.
template <bool html_safe>
class PlainText {
 public:
  /// Copies a text if it is plain: the place behind it, or null. Writes up to 64 bytes and the text's length; reads none outside of it.
  /// Blocks overlap instead of being cut to measure, and lengths fall into few classes: no loop, so nothing to guess, up to 64.
  [[gnu::always_inline]] static char* put(char* to, const char* from, std::size_t length) {
    if (length <= size) return put_short(to, from, length);
    const TextBlock first = load_block(from);
    TextBlock found = doubts(first, moved(first));
    store_block(to, first);
    if (length > 4 * size) {
      for (std::size_t at = size; at + size < length; at += size) found |= put_block(to, from, at);
    } else if (length > 2 * size) {
      found |= put_block(to, from, size) | put_block(to, from, length - 2 * size);
    }
    found |= put_block(to, from, length - size);
    return is_zero(found) && !ends_with_lead(from, length) ? to + length : nullptr;
  }

 private:
  static constexpr std::size_t size = sizeof(TextBlock);

  /// Whether a text ends within a letter. One that is shorter than a block has a doubt there already.
  [[gnu::always_inline]] static bool ends_with_lead(const char* from, std::size_t length) {
    return length >= 8 && static_cast<unsigned char>(from[length - 1]) >= 0xC0;
  }

  /// Up to one block: its halves, of eight bytes or of four, overlap.
  [[gnu::always_inline]] static char* put_short(char* to, const char* from, std::size_t length) {
    TextBlock block;
    TextBlock before;
    if (length >= 8) {
      const auto low = load<std::uint64_t>(from);
      const auto high = load<std::uint64_t>(from + length - 8);
      const auto before_high = load<std::uint64_t>(from + length - (length > 8 ? 9 : 8));
      store(to, low);
      store(to + length - 8, high);
      block = block_of(low, high);
      before = block_of(low << 8, length > 8 ? before_high : low << 8);
    } else {
      block = load_short(from, length);
      before = moved(block);
      store_block(to, block);
    }
    return is_zero(doubts(block, before)) && !ends_with_lead(from, length) ? to + length : nullptr;
  }

  [[gnu::always_inline]] static TextBlock put_block(char* to, const char* from, std::size_t at) {
    const TextBlock block = load_block(from + at);
    store_block(to + at, block);
    return doubts(block, load_block(from + at - 1));
  }

  /// Non-zero where a byte is no plain text's, or does not fit the one `before` it: the block one byte earlier.
  [[gnu::always_inline]] static TextBlock doubts(TextBlock block, TextBlock before) {
    TextBlock found = as_block(block == '"') | as_block(block == '\\');
    if (html_safe) found |= as_block(block == '<');
    return found | beyond_two_bytes<0x20>(block, before);
  }

  template <class Mask>
  [[gnu::always_inline]] static TextBlock as_block(Mask mask) {
    return reinterpret_cast<TextBlock>(mask);
  }
};

}  // namespace trainstat
