// Texts sixteen bytes at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/load.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace trainstat {

/// Sixteen bytes in a register, on every processor: the compiler's own vectors.
using TextBlock = std::uint8_t __attribute__((vector_size(16)));
using Halves = std::uint64_t __attribute__((vector_size(16)));

[[gnu::always_inline]] inline TextBlock load_block(const char* from) {
  TextBlock block;
  std::memcpy(&block, from, sizeof block);
  return block;
}

[[gnu::always_inline]] inline void store_block(char* to, TextBlock block) { std::memcpy(to, &block, sizeof block); }

[[gnu::always_inline]] inline TextBlock block_of(std::uint64_t low, std::uint64_t high) {
#ifdef __SSE2__
  // Not through memory, which the compiler prefers and which takes longer.
  return reinterpret_cast<TextBlock>(_mm_unpacklo_epi64(_mm_cvtsi64_si128(static_cast<std::int64_t>(low)),
                                                        _mm_cvtsi64_si128(static_cast<std::int64_t>(high))));
#else
  return reinterpret_cast<TextBlock>(Halves{low, high});
#endif
}

/// A block whose halves stand in two places: moved as numbers with fractions, which go straight between memory and such registers.
using MovedHalves = double __attribute__((vector_size(16)));
[[gnu::always_inline]] inline TextBlock load_halves(const char* low, const char* high) {
  return reinterpret_cast<TextBlock>(MovedHalves{load<double>(low), load<double>(high)});
}
[[gnu::always_inline]] inline void store_halves(char* low, char* high, TextBlock block) {
  const auto halves = reinterpret_cast<MovedHalves>(block);
  store(low, halves[0]);
  store(high, halves[1]);
}

/// A text of fewer bytes than a block, spaces behind it; no byte outside the text is read. Loads that overlap instead of a loop.
[[gnu::always_inline]] inline TextBlock load_part(const char* from, std::size_t length) {
  constexpr std::uint64_t spaces = 0x2020202020202020U;
  if (length >= 8) {
    const std::uint64_t rest = load<std::uint64_t>(from + length - 8) >> (8 * (15 - length)) >> 8;
    return block_of(load<std::uint64_t>(from), rest | spaces << (8 * (length - 8)));
  }
  std::uint64_t low = 0;
  if (length >= 4) {
    low = load<std::uint32_t>(from) | std::uint64_t{load<std::uint32_t>(from + length - 4)} << (8 * (length - 4));
  } else if (length > 0) {
    const auto byte = [&](std::size_t at) {
      return static_cast<std::uint64_t>(static_cast<unsigned char>(from[at])) << (8 * at);
    };
    low = byte(0) | byte(length / 2) | byte(length - 1);
  }
  return block_of(low | spaces << (8 * length), spaces);
}

/// By how much each byte of the one is above the other's, 0 where it is not.
[[gnu::always_inline]] inline TextBlock above(TextBlock one, TextBlock other) {
#ifdef __SSE2__
  return reinterpret_cast<TextBlock>(_mm_subs_epu8(reinterpret_cast<__m128i>(one), reinterpret_cast<__m128i>(other)));
#else
  return one - (one < other ? one : other);
#endif
}

/// The lower of each two bytes, and the higher.
[[gnu::always_inline]] inline TextBlock lower(TextBlock one, TextBlock other) { return one < other ? one : other; }
[[gnu::always_inline]] inline TextBlock higher(TextBlock one, TextBlock other) { return one > other ? one : other; }

/// The block one byte earlier, where a zero stands before it.
[[gnu::always_inline]] inline TextBlock moved(TextBlock block) {
#ifdef __SSE2__
  return reinterpret_cast<TextBlock>(_mm_slli_si128(reinterpret_cast<__m128i>(block), 1));
#else
  return __builtin_shufflevector(TextBlock{}, block, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
#endif
}

/// The same for each half of the block by itself.
[[gnu::always_inline]] inline TextBlock halves_moved(TextBlock block) {
  return reinterpret_cast<TextBlock>(reinterpret_cast<Halves>(block) << 8);
}

/// A bit for each byte that is not zero, the first byte's the lowest.
[[gnu::always_inline]] inline unsigned bits_of(TextBlock block) {
#ifdef __SSE2__
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(reinterpret_cast<__m128i>(block), _mm_setzero_si128()))) ^
         0xFFFFU;
#else
  unsigned bits = 0;
  for (unsigned at = 0; at < sizeof block; ++at) bits |= (block[at] != 0 ? 1U : 0U) << at;
  return bits;
#endif
}

[[gnu::always_inline]] inline bool is_zero(TextBlock block) { return bits_of(block) == 0; }

/// The bytes that JSON escapes: non-zero for control characters, quotes and backslashes.
[[gnu::always_inline]] inline TextBlock escaped(TextBlock block) {
  // With its second bit changed the quote (0x22) stands behind the control characters, and one comparison finds both.
  return above(TextBlock{} + 0x21, block ^ 2) | reinterpret_cast<TextBlock>(block == '\\');
}
/// The same for two blocks at once, which takes less than to look at each.
[[gnu::always_inline]] inline TextBlock escaped(TextBlock one, TextBlock other) {
  return above(TextBlock{} + 0x21, lower(one ^ 2, other ^ 2)) | reinterpret_cast<TextBlock>((one == '\\') | (other == '\\'));
}

/// How each byte fits the one `before` it (the block one byte earlier), if letters have one or two bytes: at most `fits` where it does.
/// Whether the last byte is a lead is not looked at. `judged`: 0x20; 0 for bytes that fit whatever they are, if zero is before them.
[[gnu::always_inline]] inline TextBlock fit(TextBlock block, TextBlock before, TextBlock judged = TextBlock{} + 0x20) {
  // A continuation takes 0x20, of which a lead (0xC2 to 0xDF) gives 3 to 0x20, those of longer letters more, 0xC0 and 0xC1, which are
  // never well-formed, less. Where more is given than taken, what remains is far below zero, so high.
  using Signed = signed char __attribute__((vector_size(16)));
  const TextBlock follows = reinterpret_cast<TextBlock>(reinterpret_cast<Signed>(block) < -64);
  return (follows & judged) - above(before, TextBlock{} + 0xBF);
}
inline constexpr std::uint8_t fits = 0x20 - 3;

/// Non-zero where a byte does not.
[[gnu::always_inline]] inline TextBlock misfits(TextBlock block, TextBlock before) {
  return above(fit(block, before), TextBlock{} + fits);
}

}  // namespace trainstat
