// Letters as UTF-8.
#pragma once

#include <cstddef>

namespace walk {

/// Writes letters, which needs room for four bytes each and 32 more; returns where they end, or null for a lone surrogate, which
/// UTF-8 cannot hold.
using WriteUtf8 = char* (*)(const wchar_t* letters, std::size_t count, char* to);

char* write_plain_utf8(const wchar_t* letters, std::size_t count, char* to);
/// Needs AVX512BW, AVX512VL, AVX512_VBMI2, BMI2 and POPCNT.
char* write_avx512_utf8(const wchar_t* letters, std::size_t count, char* to);

/// The fastest that the processor takes.
WriteUtf8 write_utf8();

}  // namespace walk
