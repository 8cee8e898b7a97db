// One row: every cell checked and written in one pass.
#pragma once

#include <optional>

#include "base/status.hpp"
#include "base/value.hpp"
#include "base/zone.hpp"
#include "check/cell.hpp"
#include "check/fault.hpp"
#include "formats/layout.hpp"
#include "json/json_writer.hpp"

namespace trainstat {

class RowWriter {
 public:
  /// Borrows all three for its life.
  RowWriter(const Layout& layout, const Zone& zone, Buffer& buffer, bool html_safe)
      : layout_(layout), zone_(zone), json_(buffer, html_safe) {}

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
  JsonWriter json_;
  Cell cell_;
};

}  // namespace trainstat
