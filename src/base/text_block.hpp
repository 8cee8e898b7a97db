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
  using Halves = std::uint64_t __attribute__((vector_size(16)));
  return reinterpret_cast<TextBlock>(Halves{low, high});
#endif
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
  using Halves = std::uint64_t __attribute__((vector_size(16)));
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

/// Non-zero where a byte is below `lowest`, which is at most 0x20, or stands in no well-formed letter of one or two bytes.
template <std::uint8_t lowest = 0>
[[gnu::always_inline]] inline TextBlock no_short_letter(TextBlock block) {
  // What begins longer letters is moved before the lowest bytes, so that one comparison finds both.
  constexpr std::uint8_t limit = 0x20 + lowest;
  return above(TextBlock{} + limit, block + 0x20) | reinterpret_cast<TextBlock>((block & 0xFE) == 0xC0);
}

/// Non-zero where a byte does not fit the one `before` it: the block one byte earlier.
[[gnu::always_inline]] inline TextBlock misplaced(TextBlock block, TextBlock before) {
  using Signed = signed char __attribute__((vector_size(16)));
  const TextBlock follows = reinterpret_cast<TextBlock>(reinterpret_cast<Signed>(block) < -64);
  const TextBlock must_not_follow = reinterpret_cast<TextBlock>(above(before, TextBlock{} + 0xBF) == 0);
  return reinterpret_cast<TextBlock>(follows == must_not_follow);
}

}  // namespace trainstat
