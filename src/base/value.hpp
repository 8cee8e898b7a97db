// A cell as the host gave it, and a row of them: what every way in becomes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace trainstat {

struct Value {
  /// The numbers are the C ABI's and the packed batch's.
  enum class Kind : std::int32_t { absent = 0, null = 1, integer = 2, number = 3, text = 4, boolean = 5, foreign = 6 };

  Kind kind = Kind::absent;
  std::int64_t integer = 0;  // of integer and boolean
  double number = 0;         // of number
  std::string_view text;     // of text; of foreign: the key, past the last column

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
  static Value of(std::string_view text) {
    Value value;
    value.kind = Kind::text;
    value.text = text;
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
