#include "json/row_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/nearest.hpp"
#include "base/utf8.hpp"
#include "check/check.hpp"
#include "json/json_writer.hpp"

namespace trainstat {

RowWriter::RowWriter(const Layout& layout, const Zone& zone, Buffer& into, bool html_safe)
    : RowPass(layout, zone, into, html_safe),
      layout_(layout),
      zone_(zone),
      functions_(row_functions(html_safe)),
      json_(std::make_unique<JsonWriter>(into, html_safe)),
      sees_whole_rows_(std::ranges::any_of(layout.columns(),
                                           [](const Column& column) { return !column.manner.required_when_column.empty(); })) {}

RowWriter::~RowWriter() = default;

Status RowWriter::write_other_width(Row row) {
  const std::size_t width = layout_.columns().size();
  if (row.size() > width) {
    if (Status status = check_width(row); !status.is_ok()) return status;
  }
  whole_row_.assign(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(std::min(row.size(), width)));
  whole_row_.resize(width);
  return write(whole_row_);
}

char* RowWriter::room_for(const char* text, std::size_t length, char* to) {
  const std::size_t room = plan.room();
  const auto left = static_cast<std::size_t>(buffer.room_end() - to);
  if (left > room && length < left - room) return to;
  // Before room is made: what is refused anyway must cost no memory.
  if (length > PTRDIFF_MAX || !is_utf8({text, length})) return nullptr;
  buffer.take_in(to);
  return buffer.room(length + 2 * room);
}

bool RowWriter::write_surprise(std::size_t index, const Value& value) {
  const Column& column = layout_.columns()[index];
  if (value.kind == Value::Kind::absent) {
    if (const std::string_view member = plan.absent(index); !member.empty()) {
      buffer.append(member);
      return true;
    }
  }
  const Fault fault = check(column, value);
  if (fault != Fault::none) {
    refusal_.code = Code::row_refused;
    refusal_.column = static_cast<std::int32_t>(index);
    refusal_.message = message_of(fault, column);
    return false;
  }
  if (!layout_.writes(column) || (column.manner.omitted_when_null && cell_.form == Cell::Form::null)) return true;
  buffer.append(plan.key(index));
  json_->restart();
  write_cell(*json_, column, cell_);
  return true;
}

Status RowWriter::check_width(Row row) const {
  const std::span<const Column> columns = layout_.columns();
  const Value surplus = row[columns.size()].sound();
  if (surplus.kind != Value::Kind::foreign || surplus.length == 0) {
    return Status::failure(Code::row_refused, "a row has at most {} cells", columns.size());
  }
  if (!is_showable(surplus.text())) return Status::failure(Code::row_refused, "a key of the row is no column");
  std::vector<std::string_view> keys;
  for (const Column& column : columns) keys.push_back(column.key);
  const std::optional<std::string_view> nearest = nearest_name(surplus.text(), keys);
  if (!nearest) return Status::failure(Code::row_refused, "no column is named {}", surplus.text());
  return Status::failure(Code::row_refused, "no column is named {}; did you mean {}?", surplus.text(), *nearest);
}

Fault RowWriter::check(const Column& column, const Value& value) {
  const Fault fault = check_cell(column, value, zone_, cell_);
  // What is not written need not be given.
  if (fault == Fault::required && !layout_.writes(column)) return Fault::none;
  if (fault == Fault::none && cell_.form == Cell::Form::null && is_required_by_another(column)) {
    return Fault::required_by_another;
  }
  return fault;
}

bool RowWriter::is_required_by_another(const Column& column) const {
  if (column.manner.required_when_column.empty()) return false;
  const std::span<const Column> columns = layout_.columns();
  const auto other = std::ranges::find(columns, column.manner.required_when_column, &Column::key);
  const auto index = static_cast<std::size_t>(other - columns.begin());
  Cell word;
  return check_cell(*other, row_[index].sound(), zone_, word) == Fault::none && word.text == column.manner.required_when_word;
}

}  // namespace trainstat
