// What the row loop needs of the writer that it works for.
#pragma once

#include <cstddef>

#include "base/value.hpp"
#include "json/moment_writer.hpp"
#include "json/row_plan.hpp"
#include "sink/buffer.hpp"

namespace trainstat {

class RowPass {
 public:
  /// Writes the member of one cell in the long way, behind what is in the buffer. False where the cell is refused.
  virtual bool write_surprise(std::size_t index, const Value& value) = 0;

  /// Room at `to` for a text that the room of a row does not allow for, and for the row; null where it is not UTF-8.
  virtual char* room_for(const char* text, std::size_t length, char* to) = 0;

  const RowPlan plan;
  MomentWriter moments;
  Buffer& buffer;

 protected:
  RowPass(const Layout& layout, const Zone& zone, Buffer& into, bool html_safe)
      : plan(layout, html_safe), moments(zone), buffer(into) {}
  ~RowPass() = default;
};

}  // namespace trainstat
