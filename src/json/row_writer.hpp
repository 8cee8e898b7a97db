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

/// Two ways to write a cell. The short one (row_loop.hpp) is for what cells usually hold, and checks while it copies; whatever
/// surprises it, refused cells among them, goes the long way: check_cell() decides, RapidJSON writes. Both write the same, and only
/// the long one knows why a cell is refused.
class RowWriter final : private RowPass {
 public:
  /// Borrows the first three for its life.
  RowWriter(const Layout& layout, const Zone& zone, Buffer& into, bool html_safe);
  ~RowWriter();

  /// Writes the row's object. On a refusal the column and the message are set (not the row's number), and the bytes behind the
  /// buffer's former end mean nothing: the caller gives them up, after an exception too.
  Status write(Row row) {
    if (row.size() != layout_.columns().size()) [[unlikely]]
      return write_other_width(row);
    row_ = row;
    if (!functions_.write_values(*this, row.data())) [[unlikely]]
      return refusal_;
    return Status::ok();
  }

  /// The same for a packed row: true, and its `texts` moved behind its last text. False where a cell is refused, the row lies, or it
  /// cannot be written without being seen as a whole: then it is unpacked, and write() says.
  bool write_in_place(PackedRow& row) { return !sees_whole_rows_ && functions_.write_packed(*this, row); }

  /// Whether the bytes are so many rows that such a writer wrote, joined by commas: by their number and the first one's members.
  Status check_written(std::string_view rows, std::uint64_t count) const;

 private:
  bool write_surprise(std::size_t index, const Value& value) override;
  char* room_for(const char* text, std::size_t length, char* to) override;

  Status write_other_width(Row row);
  Status check_width(Row row) const;
  bool has_members(std::string_view row) const;
  Fault check(const Column& column, const Value& value);
  bool is_required_by_another(const Column& column) const;

  const Layout& layout_;
  const Zone& zone_;
  RowFunctions functions_;
  std::unique_ptr<JsonWriter> json_;  // by pointer, so that RapidJSON stays on this floor
  bool sees_whole_rows_;              // a column's rule is about another one's cell
  Row row_;                           // the one at hand; none: it is packed
  Status refusal_;
  std::vector<Value> whole_row_;
  Cell cell_;
};

}  // namespace trainstat
