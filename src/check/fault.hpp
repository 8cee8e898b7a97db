// Why a cell is refused.
#pragma once

#include <cstdint>

#include "base/status.hpp"
#include "formats/column.hpp"

namespace trainstat {

enum class Fault : std::uint8_t {
  none,
  required,             // not given
  required_by_another,  // not given, and another cell's word makes it required
  null,                 // null where null is not legal
  type,                 // another type, or text of another shape
  encoding,             // text that is not UTF-8
  range,                // outside the column's limits
  overflow,             // a duration beyond 2^63 - 1 seconds
  calendar,             // the shape of a date or time, but there is none such
  offset,               // an offset from UTC that no clock has
};

/// One sentence that names the column and the rule, never the value.
Message message_of(Fault fault, const Column& column);

}  // namespace trainstat
