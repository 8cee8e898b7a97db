// One row: every cell checked and written in one pass.
#pragma once

#include <memory>
#include <vector>

#include "base/packed_row.hpp"
#include "base/status.hpp"
#include "base/value.hpp"
#include "base/zone.hpp"
#include "check/cell.hpp"
#include "check/fault.hpp"
#include "formats/layout.hpp"
#include "json/row_functions.hpp"
#include "json/row_pass.hpp"

namespace trainstat {

class JsonWriter;

/// Two ways to write a cell. The short one (row_steps.hpp) is for what cells usually hold, and checks while it copies; whatever
/// surprises it, refused cells among them, goes the long way: check_cell() decides, RapidJSON writes. Both write the same, and only
/// the long one knows why a cell is refused.
class RowWriter final : private RowPass {
 public:
  /// Borrows the first three for its life.
  RowWriter(const Layout& layout, const Zone& zone, Buffer& into, bool html_safe);
  ~RowWriter();

  /// Writes the row's object. False where it is refused; then the bytes behind the buffer's former end mean nothing: the caller gives
  /// them up, after an exception too.
  bool write(Row row) {
    if (row.size() != layout_.columns().size()) [[unlikely]]
      return write_other_width(row);
    row_ = row;
    return write_steps(ValueCells(row.data()));
  }

  /// Why the last row was refused: column and message, not the row's number.
  const Status& refusal() const { return refusal_; }

  /// The same for a packed row: the place behind its last text. Null where a cell is refused, the row lies, or it cannot be written
  /// without being seen as a whole: then it is unpacked, and write() says.
  const char* write_in_place(PackedRow row, PackedTexts of_row) {
    if (sees_whole_rows_) return nullptr;
    texts = of_row;
    return write_steps(PackedCells(row)) ? texts.begin : nullptr;
  }

  /// Whether the bytes are so many rows that such a writer wrote, joined by commas: by their number and the first one's members.
  Status check_written(std::string_view rows, std::uint64_t count) const;

 private:
  bool write_surprise(std::size_t index, const Value& value) override;

  template <class Cells>
  bool write_steps(Cells cells) {
    const Step* const first = plan.steps();
    char* const end = first->function(cells)(*this, first, cells, buffer.room(plan.room()));
    if (end == nullptr) return false;
    buffer.take_in(end);
    return true;
  }
  bool write_other_width(Row row);
  Status wrong_width(Row row) const;  // one cell too many, or a key that is no column
  bool has_members(std::string_view row) const;
  Fault check(const Column& column, const Value& value);
  bool is_required_by_another(const Column& column) const;

  const Layout& layout_;
  const Zone& zone_;
  std::unique_ptr<JsonWriter> json_;  // by pointer, so that RapidJSON stays on this floor
  bool sees_whole_rows_;              // a column's rule is about another one's cell
  Row row_;                           // the last one given as cells; read only where sees_whole_rows_
  Status refusal_;
  std::vector<Value> whole_row_;
  Cell cell_;
};

}  // namespace trainstat
