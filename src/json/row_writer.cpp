#include "json/row_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/nearest.hpp"
#include "base/utf8.hpp"
#include "check/check.hpp"
#include "json/json_writer.hpp"

namespace trainstat {
namespace {

/// Takes a member's value off the beginning.
void skip_value(std::string_view& bytes) {
  std::size_t end = bytes.find_first_of(",}");
  if (bytes.starts_with('"')) {
    end = 1;
    while (end < bytes.size() && bytes[end] != '"') end += bytes[end] == '\\' ? 2 : 1;
    ++end;
  }
  bytes.remove_prefix(std::min(end, bytes.size()));
}

}  // namespace

RowWriter::RowWriter(const Layout& layout, const Zone& zone, Buffer& into, bool html_safe)
    : RowPass(layout, zone, into, html_safe, row_functions(html_safe)),
      layout_(layout),
      zone_(zone),
      json_(std::make_unique<JsonWriter>(into, html_safe)),
      sees_whole_rows_(std::ranges::any_of(layout.columns(),
                                           [](const Column& column) { return !column.manner.required_when_column.empty(); })) {}

RowWriter::~RowWriter() = default;

bool RowWriter::write_other_width(Row row) {
  const std::size_t width = layout_.columns().size();
  if (row.size() > width) {
    refusal_ = wrong_width(row);
    return false;
  }
  whole_row_.assign(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(std::min(row.size(), width)));
  whole_row_.resize(width);
  return write(whole_row_);
}

char* RowPass::room_for(std::size_t count, char* to) {
  buffer.take_in(to);
  return buffer.room(count + 2 * plan.room());  // so that has_room_for() is true of it
}

bool RowWriter::write_surprise(std::size_t index, const Value& value) {
  const Column& column = layout_.columns()[index];
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

Status RowWriter::check_written(std::string_view rows, std::uint64_t count) const {
  std::uint64_t found = 0;
  if (!rows.empty() && count > 0) {
    if (!has_members(rows) || !rows.ends_with('}')) {
      return Status::failure(Code::part_refused, "the rows of the part are not made as this report's are");
    }
    // Nothing else in a row looks like its beginning: a quote within a text is escaped.
    const std::string_view beginning = plan.key(0);
    for (std::size_t at = 0; at != std::string_view::npos; at = rows.find(beginning, at + beginning.size())) ++found;
  }
  if (found != count || rows.empty() != (count == 0)) {
    return Status::failure(Code::part_refused, "the part has another number of rows than {}", count);
  }
  return Status::ok();
}

bool RowWriter::has_members(std::string_view row) const {
  const std::span<const Column> columns = layout_.columns();
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (!layout_.writes(columns[index])) continue;
    const std::string_view key = plan.key(index);
    if (!row.starts_with(key)) {
      if (columns[index].manner.omitted_when_null) continue;
      return false;
    }
    row.remove_prefix(key.size());
    skip_value(row);
  }
  return row.starts_with('}');
}

Status RowWriter::wrong_width(Row row) const {
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
