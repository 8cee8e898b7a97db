#include "utf8.hpp"

#include <cstdint>

#ifdef WALK_WITH_AVX512
#ifdef __clang__
#define _Bool bool  // which the header takes from C, and clang's C++ lacks
#endif
#include <sys/platform/x86.h>
#endif

namespace walk {
namespace {

static_assert(sizeof(wchar_t) == 4);

/// Writes a letter in up to four bytes; false for a lone surrogate.
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

}  // namespace

char* write_plain_utf8(const wchar_t* letters, std::size_t count, char* to) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!write_letter(static_cast<std::uint32_t>(letters[i]), to)) return nullptr;
  }
  return to;
}

WriteUtf8 write_utf8() {
#ifdef WALK_WITH_AVX512
  if (CPU_FEATURE_ACTIVE(AVX512BW) && CPU_FEATURE_ACTIVE(AVX512VL) && CPU_FEATURE_ACTIVE(AVX512_VBMI2) &&
      CPU_FEATURE_ACTIVE(BMI2) && CPU_FEATURE_ACTIVE(POPCNT)) {
    return write_avx512_utf8;
  }
#endif
  return write_plain_utf8;
}

}  // namespace walk
