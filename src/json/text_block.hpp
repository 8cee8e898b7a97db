// Texts sixteen bytes at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace trainstat {

/// Sixteen bytes in a register, on every processor: the compiler's own vectors.
using TextBlock = std::uint8_t __attribute__((vector_size(16)));

inline TextBlock load_block(const char* from) {
  TextBlock block;
  std::memcpy(&block, from, sizeof block);
  return block;
}

inline void store_block(char* to, TextBlock block) { std::memcpy(to, &block, sizeof block); }

template <class Word>
Word load_word(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// A text of fewer than sixteen bytes, spaces behind it; no byte outside the text is read. Loads that overlap instead of a loop.
inline TextBlock load_short(const char* from, std::size_t length) {
  constexpr std::uint64_t spaces = 0x2020202020202020U;
  using Halves = std::uint64_t __attribute__((vector_size(16)));
  std::uint64_t low = 0;
  std::uint64_t high = spaces;
  if (length >= 8) {
    low = load_word<std::uint64_t>(from);
    const std::uint64_t last = load_word<std::uint64_t>(from + length - 8);
    high = last >> (8 * (15 - length)) >> 8 | spaces << (8 * (length - 8));
  } else {
    if (length >= 4) {
      low = load_word<std::uint32_t>(from) | static_cast<std::uint64_t>(load_word<std::uint32_t>(from + length - 4))
                                                 << (8 * (length - 4));
    } else if (length > 0) {
      const auto byte = [&](std::size_t at) {
        return static_cast<std::uint64_t>(static_cast<unsigned char>(from[at])) << (8 * at);
      };
      low = byte(0) | byte(length / 2) | byte(length - 1);
    }
    low |= spaces << (8 * length);
  }
  return reinterpret_cast<TextBlock>(Halves{low, high});
}

inline bool is_zero(TextBlock block) {
  using Halves = std::uint64_t __attribute__((vector_size(16)));
  const auto halves = reinterpret_cast<Halves>(block);
  return (halves[0] | halves[1]) == 0;
}

}  // namespace trainstat
