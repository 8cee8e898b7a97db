// What a column of Arrow's holds, by its format string, and which columns of a report it can serve.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/column.hpp"

namespace trainstat {

struct ArrowType {
  enum class Held : std::uint8_t {
    other,  // known or not: none that a cell can be made of
    null,
    boolean,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
    float16,
    float32,
    float64,
    decimal,
    utf8,
    large_utf8,
    utf8_view,
    date32,
    date64,
    local_timestamp,
    timestamp,
    duration,
  };

  Held held = Held::other;
  std::string_view name = "unknown";  // for messages
  std::int64_t per_second = 1;        // of timestamps and durations
  std::uint32_t width = 0;            // of decimals, in bytes
  std::int32_t scale = 0;             // of decimals: the figures behind the point

  static ArrowType of(std::string_view format);

  /// Integers and nothing else, as the indices of a dictionary are.
  bool is_integer() const { return held >= Held::int8 && held <= Held::uint64; }

  /// Whether a value can mean the same in a column of that kind; what the column then makes of it, its checks decide.
  bool serves(Kind column) const;

  /// Bytes between one value and the next in an array's buffer; of texts: between their offsets.
  std::size_t value_size() const;

  /// Bytes that a value needs for its text where the array holds none.
  std::size_t text_room() const;
};

}  // namespace trainstat
