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

/// A text of fewer than eight bytes, spaces behind it; no byte outside the text is read. Loads that overlap instead of a loop.
[[gnu::always_inline]] inline TextBlock load_short(const char* from, std::size_t length) {
  constexpr std::uint64_t spaces = 0x2020202020202020U;
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

[[gnu::always_inline]] inline bool is_zero(TextBlock block) {
#ifdef __SSE2__
  const __m128i zero = _mm_setzero_si128();
  return _mm_movemask_epi8(_mm_cmpeq_epi8(reinterpret_cast<__m128i>(block), zero)) == 0xFFFF;
#else
  using Halves = std::uint64_t __attribute__((vector_size(16)));
  const auto halves = reinterpret_cast<Halves>(block);
  return (halves[0] | halves[1]) == 0;
#endif
}

}  // namespace trainstat
