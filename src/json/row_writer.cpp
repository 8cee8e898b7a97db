#include "json/row_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/nearest.hpp"
#include "check/check.hpp"
#include "json/json_writer.hpp"

namespace trainstat {

RowWriter::RowWriter(const Layout& layout, const Zone& zone, Buffer& buffer, bool html_safe)
    : layout_(layout), zone_(zone), json_(std::make_unique<JsonWriter>(buffer, html_safe)) {}

RowWriter::~RowWriter() = default;

Status RowWriter::write(Row row) {
  if (Status status = check_width(row); !status.is_ok()) return status;
  json_->restart();
  json_->begin_object();
  for (const ConstantMember& constant : layout_.format().constants) write_constant(*json_, constant);
  const std::span<const Column> columns = layout_.columns();
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const Column& column = columns[index];
    const Fault fault = check(column, row, index);
    if (fault != Fault::none) {
      Status status;
      status.code = Code::row_refused;
      status.column = static_cast<std::int32_t>(index);
      status.message = message_of(fault, column);
      return status;
    }
    if (layout_.writes(column)) write_member(column);
  }
  json_->end_object();
  return Status::ok();
}

Status RowWriter::check_width(Row row) const {
  const std::span<const Column> columns = layout_.columns();
  if (row.size() <= columns.size()) return Status::ok();
  const Value& surplus = row[columns.size()];
  if (surplus.kind != Value::Kind::foreign || surplus.text.empty()) {
    return Status::failure(Code::row_refused, "a row has at most {} cells", columns.size());
  }
  if (!is_showable(surplus.text)) return Status::failure(Code::row_refused, "a key of the row is no column");
  std::vector<std::string_view> keys;
  for (const Column& column : columns) keys.push_back(column.key);
  const std::optional<std::string_view> nearest = nearest_name(surplus.text, keys);
  if (!nearest) return Status::failure(Code::row_refused, "no column is named {}", surplus.text);
  return Status::failure(Code::row_refused, "no column is named {}; did you mean {}?", surplus.text, *nearest);
}

Fault RowWriter::check(const Column& column, Row row, std::size_t index) {
  const Value value = index < row.size() ? row[index] : Value();
  const Fault fault = check_cell(column, value, zone_, cell_);
  // What is not written need not be given.
  if (fault == Fault::required && !layout_.writes(column)) return Fault::none;
  if (fault == Fault::none && cell_.form == Cell::Form::null && is_required_by_another(column, row)) {
    return Fault::required_by_another;
  }
  return fault;
}

bool RowWriter::is_required_by_another(const Column& column, Row row) {
  if (column.manner.required_when_column.empty()) return false;
  const std::span<const Column> columns = layout_.columns();
  const auto other = std::ranges::find(columns, column.manner.required_when_column, &Column::key);
  const auto index = static_cast<std::size_t>(other - columns.begin());
  Cell word;
  return check_cell(*other, row[index], zone_, word) == Fault::none && word.text == column.manner.required_when_word;
}

void RowWriter::write_member(const Column& column) {
  if (column.manner.omitted_when_null && cell_.form == Cell::Form::null) return;
  json_->key(column.written_key());
  if (column.manner.is_sentence()) {
    const std::string value = cell_.form == Cell::Form::integer ? fmt::format("{}", cell_.integer) : std::string(cell_.text);
    json_->text(std::string(column.manner.sentence_head).append(value).append(column.manner.sentence_tail));
    return;
  }
  switch (cell_.form) {
    case Cell::Form::null:
      json_->null();
      break;
    case Cell::Form::integer:
      json_->integer(cell_.integer);
      break;
    case Cell::Form::number:
      json_->raw(cell_.text);
      break;
    case Cell::Form::text:
      json_->text(cell_.text);
      break;
  }
}

}  // namespace trainstat
