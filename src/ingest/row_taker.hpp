// What every way in pushes its rows into.
#pragma once

#include "base/packed_row.hpp"
#include "base/status.hpp"
#include "base/value.hpp"

namespace trainstat {

class RowTaker {
 public:
  /// Checks and keeps one row, borrowed for the call. Anything but ok ends the batch.
  virtual Status take(Row row) = 0;

  /// The same for a packed row: the place behind its last text. Null, and nothing done, where it must be unpacked first.
  virtual const char* take_in_place(PackedRow row, PackedTexts texts) = 0;

  /// Notes that the row at hand, and whatever was to follow it, cannot be read.
  virtual Status refuse_rest(const Message& message) = 0;

 protected:
  ~RowTaker() = default;
};

}  // namespace trainstat
