// What C hands over, as the core takes it.
#pragma once

#include <trainstat.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/value.hpp"

namespace trainstat::abi {

/// A pointer and a length. False for a null pointer with a length.
bool to_text(const char* text, std::size_t length, std::string_view& view);

/// At most `most` cells, into memory that is kept between calls. A cell of unknown kind, or text that cannot be, is foreign.
Row to_row(const ts_value* cells, std::size_t count, std::size_t most, std::vector<Value>& row);

}  // namespace trainstat::abi
