#include "json/plain_text.hpp"
#include "json/text_copies.hpp"

using trainstat::PlainText;

char* copy_plain(char* to, const char* from, std::size_t length) { return copy<PlainText<false>>(to, from, length); }
char* copy_plain_html_safe(char* to, const char* from, std::size_t length) { return copy<PlainText<true>>(to, from, length); }
