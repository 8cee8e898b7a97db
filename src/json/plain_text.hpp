// Texts that stand in a document as they are, nearly all of them: copied and judged in one pass, sixteen bytes at a time.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/text_block.hpp"

namespace trainstat {

/// Plain are ASCII without control characters, quotes and backslashes (in HTML-safe mode also without `<`), and letters of two bytes
/// (U+0080 to U+07FF, so Cyrillic). Whatever else there is, all that is ill-formed included, is a doubt.
template <bool html_safe>
class PlainText {
 public:
  static constexpr bool is_html_safe = html_safe;

  /// Called before the steps of a row call others.
  [[gnu::always_inline]] static void leave() {}

  /// Lengths of most texts, which put_usual() copies without a branch: a word to four, less the bytes that neighbours have in common.
  [[gnu::always_inline]] static bool is_usual(std::size_t length) { return length >= half && length <= 4 * half - 3; }

  /// Copies a text of usual length if it is plain: the place behind it, or null. Writes its length.
  ///
  /// Four words of eight bytes, the same whatever the length: the first and the last, and one at `step` from both. Neighbours have a
  /// byte in common, so that each two bytes stand in one of them together, and no word's first byte need be judged but the text's.
  [[gnu::always_inline]] static char* put_usual(char* to, const char* from, std::size_t length) {
    const std::size_t step = -(length / size) & (half - 1);
    const std::size_t back = length - step;
    const TextBlock first = load_halves(from, from + step);
    const TextBlock second = load_halves(from + back - half, from + length - half);
    store_halves(to, to + step, first);
    store_halves(to + back - half, to + length - half, second);
    const TextBlock misfits = above(higher(fit_in_words(first, true), fit_in_words(second, false)), TextBlock{} + fits);
    TextBlock found = escaped(first, second) | misfits;
    if (html_safe) found |= less_than(first) | less_than(second);
    return is_zero(found) && !ends_with_lead(from, length) ? to + length : nullptr;
  }

  /// The same for other lengths. Writes the text's length, but at least a block. Neither reads a byte outside of the text.
  [[gnu::always_inline]] static char* put_unusual(char* to, const char* from, std::size_t length) {
    if (length < half) {
      const TextBlock block = load_part(from, length);
      store_block(to, block);
      return is_zero(doubts(block, moved(block))) ? to + length : nullptr;  // a lead at the end has a doubt behind it
    }
    const TextBlock first = load_block(from);
    TextBlock found = doubts(first, moved(first));
    store_block(to, first);
    if (length > 4 * size) {
      for (std::size_t at = size; at + size < length; at += size) found |= put_block(to, from, at);
    } else {
      found |= put_block(to, from, std::min(size, length - size));
      found |= put_block(to, from, std::max(length, 2 * size + 1) - 2 * size);  // never the first byte: none stands before it
    }
    found |= put_block(to, from, length - size);
    return is_zero(found) && !ends_with_lead(from, length) ? to + length : nullptr;
  }

 private:
  static constexpr std::size_t size = sizeof(TextBlock);
  static constexpr std::size_t half = size / 2;

  /// Whether a text ends within a letter.
  [[gnu::always_inline]] static bool ends_with_lead(const char* from, std::size_t length) {
    return static_cast<unsigned char>(from[length - 1]) >= 0xC0;
  }

  [[gnu::always_inline]] static TextBlock put_block(char* to, const char* from, std::size_t at) {
    const TextBlock block = load_block(from + at);
    store_block(to + at, block);
    return doubts(block, load_block(from + at - 1));
  }

  /// Non-zero where a byte is no plain text's, or does not fit the one `before` it: the block one byte earlier.
  [[gnu::always_inline]] static TextBlock doubts(TextBlock block, TextBlock before) {
    const TextBlock found = escaped(block) | misfits(block, before);
    return html_safe ? found | less_than(block) : found;
  }
  [[gnu::always_inline]] static TextBlock less_than(TextBlock block) { return reinterpret_cast<TextBlock>(block == '<'); }

  /// The fit of two words, but for the first byte of the second one, and of the first one where no text begins.
  [[gnu::always_inline]] static TextBlock fit_in_words(TextBlock words, bool begin_a_text) {
    const std::uint64_t all = 0x2020202020202020;
    const std::uint64_t but_the_first = 0x2020202020202000;
    const TextBlock judged = reinterpret_cast<TextBlock>(Halves{begin_a_text ? all : but_the_first, but_the_first});
    return fit(words, halves_moved(words), judged);
  }
};

}  // namespace trainstat
