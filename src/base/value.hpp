// A cell as the host gave it, and a row of them: what every way in becomes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace trainstat {

/// The C ABI's ts_value, byte for byte, so that a host's cells are read where they lie (abi/layout.cpp asserts it). Nothing in it can
/// be trusted: see sound().
struct [[gnu::may_alias]] Value {
  /// The numbers are the C ABI's and the packed batch's.
  enum class Kind : std::int32_t { absent = 0, null = 1, integer = 2, number = 3, text = 4, boolean = 5, foreign = 6 };

  Kind kind = Kind::absent;
  std::int32_t reserved = 0;
  union {
    std::int64_t integer = 0;  // of integer and boolean
    double number;             // of number
    const char* data;          // of text; of foreign: the key, past the last column
  };
  std::size_t length = 0;  // of the text

  std::string_view text() const { return {data, length}; }

  /// The same, or foreign where the kind is unknown or the text cannot be.
  Value sound() const {
    const bool has_text = kind == Kind::text || kind == Kind::foreign;
    if (has_text && (data == nullptr ? length == 0 : length <= PTRDIFF_MAX)) return data == nullptr ? of(kind, "") : *this;
    return !has_text && kind >= Kind::absent && kind <= Kind::foreign ? *this : of(Kind::foreign, "");
  }

  static Value of(std::int64_t integer) {
    Value value;
    value.kind = Kind::integer;
    value.integer = integer;
    return value;
  }
  static Value of(double number) {
    Value value;
    value.kind = Kind::number;
    value.number = number;
    return value;
  }
  static Value of(std::string_view text) { return of(Kind::text, text); }
  static Value of(Kind kind, std::string_view text) {
    Value value;
    value.kind = kind;
    value.data = text.data();
    value.length = text.size();
    return value;
  }
  static Value of(Kind kind) {
    Value value;
    value.kind = kind;
    return value;
  }
};

/// Cell i is column i; cells left out at the end are absent. Borrowed for the call.
using Row = std::span<const Value>;

}  // namespace trainstat
