// What the steps of a row need of the writer that they work for.
#pragma once

#include <cstddef>

#include "base/packed_row.hpp"
#include "base/value.hpp"
#include "json/moment_writer.hpp"
#include "json/row_plan.hpp"
#include "sink/buffer.hpp"

namespace trainstat {

class RowPass {
 public:
  /// Writes the member of one cell in the long way, behind what is in the buffer. False where the cell is refused.
  virtual bool write_surprise(std::size_t index, const Value& value) = 0;

  /// Whether there is room at `to` for so many bytes more than a row needs.
  bool has_room_for(std::size_t count, const char* to) const {
    const auto left = static_cast<std::size_t>(buffer.room_end() - to);
    return left > plan.room() && count < left - plan.room();
  }
  /// Makes that room: where `to` is now.
  char* room_for(std::size_t count, char* to);

  const RowPlan plan;
  MomentWriter moments;
  Buffer& buffer;
  PackedTexts texts;  // of a packed row

 protected:
  RowPass(const Layout& layout, const Zone& zone, Buffer& into, bool html_safe, const RowFunctions& functions)
      : plan(layout, html_safe, functions), moments(zone), buffer(into) {}
  ~RowPass() = default;
};

}  // namespace trainstat
