// What C hands over, as the core takes it, and back.
#pragma once

#include <trainstat.h>

#include <cstddef>
#include <string_view>

#include "base/status.hpp"
#include "base/value.hpp"

namespace trainstat::abi {

/// A pointer and a length. False for a null pointer with a length.
bool to_text(const char* text, std::size_t length, std::string_view& view);

/// Hands out text by pointer and length.
inline Status hand_out(std::string_view text, const char** json, std::size_t* length) {
  *json = text.data();
  *length = text.size();
  return Status::ok();
}

/// Where they lie.
inline Row to_row(const ts_value* cells, std::size_t count) { return {reinterpret_cast<const Value*>(cells), count}; }

}  // namespace trainstat::abi
