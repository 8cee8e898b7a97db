// Texts that stand in a document as they are, as in plain_text.hpp, 32 bytes at a time and short ones under a mask: for processors with
// AVX-512. Blocks of 64 bytes were slower on one that has them, and so were comparisons into mask registers.
#pragma once

#include <immintrin.h>

#include <cstddef>

namespace trainstat {

/// Kept in memory, where instructions take them from: the compiler would rather build them anew for each text, which is slower.
struct alignas(32) WideByte {
  unsigned char same[32];
};
struct WideBytes {
  WideByte space, bit_of_quote, above_quote, backslash, less_than, first_lead, last_to_follow, fits;
};
extern const WideBytes wide_bytes;

template <bool html_safe>
class WideText {
 public:
  static constexpr bool is_html_safe = html_safe;

  /// Others may mix instructions that are slow while wide registers are in use; telling so at each step would cost more.
  [[gnu::always_inline]] static void leave() { _mm256_zeroupper(); }

  /// As PlainText has them; put_usual() writes 32 bytes.
  [[gnu::always_inline]] static bool is_usual(std::size_t length) { return length <= size; }
  [[gnu::always_inline]] static char* put_usual(char* to, const char* from, std::size_t length) {
    const __mmask32 mask = _bzhi_u32(all, static_cast<unsigned>(length));
    const __m256i block = _mm256_mask_loadu_epi8(of(wide_bytes.space), mask, from);
    store(to, block);
    const __m256i found = doubts(block, _mm256_maskz_loadu_epi8(mask << 1, from - 1));
    // Behind a text that ends within a letter there is a space, or nothing.
    const bool ends_within_a_letter = length == size && ends_with_lead(from, length);
    return is_zero(found) && !ends_within_a_letter ? to + length : nullptr;
  }
  [[gnu::always_inline]] static char* put_unusual(char* to, const char* from, std::size_t length) {
    __m256i block = load(from);
    store(to, block);
    __m256i found = doubts(block, _mm256_maskz_loadu_epi8(all << 1, from - 1));
    for (std::size_t at = size; at + size < length; at += size) found = _mm256_or_si256(found, put_block(to, from, at));
    found = _mm256_or_si256(found, put_block(to, from, length - size));  // overlaps the one before
    return is_zero(found) && !ends_with_lead(from, length) ? to + length : nullptr;
  }

 private:
  static constexpr std::size_t size = 32;
  static constexpr __mmask32 all = ~0U;

  [[gnu::always_inline]] static __m256i of(const WideByte& byte) {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(&byte));
  }
  [[gnu::always_inline]] static __m256i load(const char* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i_u*>(from));
  }
  [[gnu::always_inline]] static void store(char* to, __m256i block) {
    _mm256_storeu_si256(reinterpret_cast<__m256i_u*>(to), block);
  }
  [[gnu::always_inline]] static bool is_zero(__m256i block) { return _mm256_testz_si256(block, block) != 0; }
  [[gnu::always_inline]] static bool ends_with_lead(const char* from, std::size_t length) {
    return static_cast<unsigned char>(from[length - 1]) >= 0xC0;
  }

  [[gnu::always_inline]] static __m256i put_block(char* to, const char* from, std::size_t at) {
    const __m256i block = load(from + at);
    store(to + at, block);
    return doubts(block, load(from + at - 1));
  }

  /// Non-zero where a byte is no plain text's, or does not fit the one `before` it (the block one byte earlier), as escaped() and
  /// misfits() of text_block.hpp find it.
  [[gnu::always_inline]] static __m256i doubts(__m256i block, __m256i before) {
    const WideBytes& bytes = wide_bytes;
    const __m256i follows = _mm256_cmpgt_epi8(of(bytes.first_lead), block);
    const __m256i fit =
        _mm256_sub_epi8(_mm256_and_si256(follows, of(bytes.space)), _mm256_subs_epu8(before, of(bytes.last_to_follow)));
    const __m256i next_to_quote = _mm256_subs_epu8(of(bytes.above_quote), _mm256_xor_si256(block, of(bytes.bit_of_quote)));
    __m256i escaped = _mm256_or_si256(next_to_quote, _mm256_cmpeq_epi8(block, of(bytes.backslash)));
    if (html_safe) escaped = _mm256_or_si256(escaped, _mm256_cmpeq_epi8(block, of(bytes.less_than)));
    return _mm256_or_si256(_mm256_subs_epu8(fit, of(bytes.fits)), escaped);
  }
};

}  // namespace trainstat
