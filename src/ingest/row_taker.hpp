// What every way in pushes its rows into.
#pragma once

#include <optional>

#include "base/packed_row.hpp"
#include "base/status.hpp"
#include "base/value.hpp"

namespace trainstat {

class RowTaker {
 public:
  /// Checks and keeps one row, borrowed for the call. Anything but ok ends the batch.
  virtual Status take(Row row) = 0;

  /// The same for a packed row, moving `row.texts` behind its last text. None, and nothing done, where it must be unpacked first.
  virtual std::optional<Status> take_in_place(PackedRow& row) = 0;

  /// Notes that the row at hand, and whatever was to follow it, cannot be read.
  virtual Status refuse_rest(const Message& message) = 0;

 protected:
  ~RowTaker() = default;
};

}  // namespace trainstat
