// Compiled for AVX-512 as a whole, so it includes nothing that others share.
#include "json/text_copies.hpp"
#include "json/wide_text.hpp"

using trainstat::WideText;

char* copy_wide(char* to, const char* from, std::size_t length) { return copy<WideText<false>>(to, from, length); }
char* copy_wide_html_safe(char* to, const char* from, std::size_t length) { return copy<WideText<true>>(to, from, length); }
