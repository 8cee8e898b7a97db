// One row: every cell checked and written in one pass.
#pragma once

#include <memory>

#include "base/status.hpp"
#include "base/value.hpp"
#include "base/zone.hpp"
#include "check/cell.hpp"
#include "check/fault.hpp"
#include "formats/layout.hpp"
#include "sink/buffer.hpp"

namespace trainstat {

class JsonWriter;

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
  Fault check(const Column& column, Row row, std::size_t index);
  bool is_required_by_another(const Column& column, Row row);
  void write_member(const Column& column);

  const Layout& layout_;
  const Zone& zone_;
  std::unique_ptr<JsonWriter> json_;  // by pointer, so that RapidJSON stays on this floor
  Cell cell_;
};

}  // namespace trainstat
