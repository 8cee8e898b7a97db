// Letters as UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>

namespace walk {

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
  for (std::size_t i = 0; i < count; ++i) {
    if (!write_letter(letters[i], to)) return nullptr;
  }
  return to;
}

}  // namespace walk
