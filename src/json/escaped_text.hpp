// Texts with the escapes that JSON demands.
#pragma once

#include <cstddef>
#include <string_view>

namespace trainstat {

/// What put_escaped() writes at most.
constexpr std::size_t room_of_escaped(std::size_t length) { return 6 * length + 16; }

/// Copies a text, with an escape for each quote, backslash and control character: the place behind it.
char* put_escaped(char* to, std::string_view text);

}  // namespace trainstat
