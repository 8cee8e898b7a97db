// Whether text is UTF-8, without reading a byte outside it.
#pragma once

#include <string_view>

namespace trainstat {

/// True for well-formed UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF, no cut-off tail.
bool is_utf8(std::string_view text) noexcept;

}  // namespace trainstat
