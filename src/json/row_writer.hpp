// One row: every cell checked and written in one pass.
#pragma once

#include <memory>
#include <vector>

#include "base/status.hpp"
#include "base/value.hpp"
#include "base/zone.hpp"
#include "check/cell.hpp"
#include "check/fault.hpp"
#include "formats/layout.hpp"
#include "sink/buffer.hpp"

namespace trainstat {

class JsonWriter;
class MomentWriter;
class RowPlan;

/// Two ways to write a cell. The short one is for what cells usually hold, and checks while it copies; whatever surprises it, refused
/// cells among them, goes the long way: check_cell() decides, RapidJSON writes. Both write the same, and only the long one knows why
/// a cell is refused.
class RowWriter {
 public:
  /// Borrows all three for its life.
  RowWriter(const Layout& layout, const Zone& zone, Buffer& buffer, bool html_safe);
  ~RowWriter();

  /// Writes the row's object. On a refusal the column and the message are set (not the row's number), and the bytes behind the
  /// buffer's former end mean nothing: the caller gives them up, after an exception too.
  Status write(Row row);

 private:
  Status check_width(Row row) const;
  Status write_by_steps(Row row);
  Status write_long_way(Row row, std::size_t index);
  Fault check(const Column& column, Row row, std::size_t index);
  bool is_required_by_another(const Column& column, Row row);

  const Layout& layout_;
  const Zone& zone_;
  Buffer& buffer_;
  std::unique_ptr<RowPlan> plan_;  // by pointer, so that RapidJSON stays on this floor
  std::unique_ptr<JsonWriter> json_;
  std::unique_ptr<MomentWriter> moments_;
  std::uint8_t escaped_too_;
  std::vector<Value> whole_row_;
  Cell cell_;
};

}  // namespace trainstat
