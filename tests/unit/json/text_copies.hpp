// The ways to copy a text, one for each set of instructions.
#pragma once

#include <cstddef>

/// The place behind the copy; null where the text is not plain. Writes up to 64 bytes and the text's length.
using CopyText = char* (*)(char* to, const char* from, std::size_t length);

/// As the steps of a row do.
template <class Text>
char* copy(char* to, const char* from, std::size_t length) {
  return Text::is_usual(length) ? Text::put_usual(to, from, length) : Text::put_unusual(to, from, length);
}

char* copy_plain(char* to, const char* from, std::size_t length);
char* copy_plain_html_safe(char* to, const char* from, std::size_t length);
#ifdef TRAINSTAT_WITH_AVX512
char* copy_wide(char* to, const char* from, std::size_t length);
char* copy_wide_html_safe(char* to, const char* from, std::size_t length);
#endif
