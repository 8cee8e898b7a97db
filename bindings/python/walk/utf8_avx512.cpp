// Letters as UTF-8 where the processor can choose bytes by a mask.
#include <immintrin.h>

#include "utf8.hpp"

namespace walk {

/// Sixteen letters at once, each in two bytes, of which a mask keeps the ones that count.
char* write_avx512_utf8(const wchar_t* letters, std::size_t count, char* to) {
  for (std::size_t done = 0; done < count; done += 16) {
    const std::size_t left = count - done;
    const std::size_t some = left < 16 ? left : 16;
    const auto are_there = static_cast<__mmask16>(_bzhi_u32(0xFFFF, static_cast<unsigned>(some)));
    const __m512i wide = _mm512_maskz_loadu_epi32(are_there, letters + done);
    if (_mm512_cmpge_epu32_mask(wide, _mm512_set1_epi32(0x800)) != 0) {
      to = write_plain_utf8(letters + done, some, to);
      if (to == nullptr) return nullptr;
      continue;
    }
    const __m256i ones = _mm512_maskz_cvtepi32_epi16(are_there, wide);
    const __m256i heads = _mm256_srli_epi16(ones, 6);
    const __m256i tails = _mm256_slli_epi16(_mm256_and_si256(ones, _mm256_set1_epi16(0x3F)), 8);
    const __m256i twos = _mm256_or_si256(_mm256_or_si256(heads, tails), _mm256_set1_epi16(static_cast<short>(0x80C0)));
    const __mmask16 are_two = _mm256_cmpge_epu16_mask(ones, _mm256_set1_epi16(0x80));
    const __mmask32 kept = _pdep_u32(are_there, 0x55555555) | _pdep_u32(are_two, 0xAAAAAAAA);
    const __m256i bytes = _mm256_maskz_compress_epi8(kept, _mm256_mask_mov_epi16(ones, are_two, twos));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bytes);
    to += _mm_popcnt_u32(kept);
  }
  return to;
}

}  // namespace walk
