// Letters as UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace walk {

#ifdef __SSE2__
/// Eight letters at once, as long as they are of one kind: ASCII, or of two bytes. Moves on behind those it has written.
inline void write_eights(const std::uint32_t*& letters, const std::uint32_t* end, char*& to) {
  while (end - letters >= 8) {
    const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(letters));
    const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(letters + 4));
    const __m128i eight = _mm_packs_epi32(low, high);  // what is above 0x7FFF becomes that
    const int ascii = _mm_movemask_epi8(_mm_cmpgt_epi16(_mm_set1_epi16(0x80), eight));
    if (ascii == 0xFFFF) {
      _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(eight, eight));
      to += 8;
    } else if ((ascii | _mm_movemask_epi8(_mm_cmpgt_epi16(eight, _mm_set1_epi16(0x7FF)))) == 0) {
      const __m128i first = _mm_or_si128(_mm_srli_epi16(eight, 6), _mm_set1_epi16(0xC0));
      const __m128i second = _mm_or_si128(_mm_and_si128(eight, _mm_set1_epi16(0x3F)), _mm_set1_epi16(0x80));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_or_si128(first, _mm_slli_epi16(second, 8)));
      to += 16;
    } else {
      return;
    }
    letters += 8;
  }
}
#endif

/// Writes a letter in up to four bytes; false for a lone surrogate, which UTF-8 cannot hold.
inline bool write_letter(std::uint32_t letter, char*& to) {
  if (letter < 0x800) {  // without another branch: blanks and figures among words cannot be foreseen
    const bool is_two = letter >= 0x80;
    to[0] = static_cast<char>(is_two ? 0xC0 | letter >> 6 : letter);
    to[1] = static_cast<char>(0x80 | (letter & 0x3F));
    to += is_two ? 2 : 1;
    return true;
  }
  if (letter >= 0xD800 && letter < 0xE000) return false;
  if (letter < 0x10000) {
    *to++ = static_cast<char>(0xE0 | letter >> 12);
  } else {
    *to++ = static_cast<char>(0xF0 | letter >> 18);
    *to++ = static_cast<char>(0x80 | (letter >> 12 & 0x3F));
  }
  *to++ = static_cast<char>(0x80 | (letter >> 6 & 0x3F));
  *to++ = static_cast<char>(0x80 | (letter & 0x3F));
  return true;
}

/// Needs room for four bytes a letter; returns where they end, or null for a lone surrogate.
inline char* write_utf8(const std::uint32_t* letters, std::size_t count, char* to) {
  const std::uint32_t* end = letters + count;
  while (letters != end) {
#ifdef __SSE2__
    write_eights(letters, end, to);
#endif
    const std::uint32_t* stop = end - letters > 8 ? letters + 8 : end;
    while (letters != stop) {
      if (!write_letter(*letters++, to)) return nullptr;
    }
  }
  return to;
}

}  // namespace walk
