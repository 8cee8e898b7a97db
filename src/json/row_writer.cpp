#include "json/row_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "base/nearest.hpp"
#include "base/utf8.hpp"
#include "check/check.hpp"
#include "json/json_writer.hpp"
#include "json/moment_writer.hpp"
#include "json/plain_integer.hpp"
#include "json/plain_text.hpp"
#include "json/row_plan.hpp"

namespace trainstat {
namespace {

using CellKind = Value::Kind;

inline char* put(char* to, const Piece& piece) {
  std::memcpy(to, piece.text, sizeof piece.text);
  return to + piece.size;
}

}  // namespace

RowWriter::RowWriter(const Layout& layout, const Zone& zone, Buffer& buffer, bool html_safe)
    : layout_(layout),
      zone_(zone),
      buffer_(buffer),
      plan_(std::make_unique<RowPlan>(layout, html_safe)),
      json_(std::make_unique<JsonWriter>(buffer, html_safe)),
      moments_(std::make_unique<MomentWriter>(zone)),
      escaped_too_(html_safe ? '<' : '"') {}

RowWriter::~RowWriter() = default;

Status RowWriter::write(Row row) {
  const std::size_t width = layout_.columns().size();
  if (row.size() == width) [[likely]]
    return write_by_steps(row);
  if (row.size() > width) {
    if (Status status = check_width(row); !status.is_ok()) return status;
  }
  whole_row_.assign(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(std::min(row.size(), width)));
  whole_row_.resize(width);
  return write_by_steps(whole_row_);
}

/// The hot path. `to` runs ahead of the buffer's end, which takes it in where the long way or more room is needed, and at last.
Status RowWriter::write_by_steps(Row row) {
  const std::size_t room = plan_->room();
  char* to = buffer_.room(room);
  const std::string_view head = plan_->head();
  std::memcpy(to, head.data(), head.size());
  to += head.size();
  const Value* cell = row.data();
  for (const Step* step = plan_->steps();; ++step, ++cell) {
    switch (step->usual) {
      case Step::Usual::integer:
        if (cell->kind == CellKind::integer) {
          const auto above = static_cast<std::uint64_t>(cell->integer) - static_cast<std::uint64_t>(step->minimum);
          if (above > step->span) break;
          to = put_integer(put(to, step->lead), cell->integer);
          continue;
        }
        break;
      case Step::Usual::text:
        if (cell->kind == CellKind::text) {
          const std::size_t length = cell->length;
          const auto left = static_cast<std::size_t>(buffer_.room_end() - to);
          if (length >= (left > room ? left - room : 0) || cell->data == nullptr) [[unlikely]] {
            // Before room is made: what is refused anyway must cost no memory.
            if (length > PTRDIFF_MAX || cell->data == nullptr || !is_utf8(cell->text())) break;
            buffer_.take_in(to);
            to = buffer_.room(length + 2 * room);
          }
          char* const end = put_plain_text(put(to, step->lead), cell->data, length, escaped_too_);
          if (end == nullptr) [[unlikely]]
            break;
          *end = '"';
          to = end + 1;
          continue;
        }
        break;
      case Step::Usual::choice:
        if (cell->kind == CellKind::text) {
          if (cell->data == nullptr) break;
          const WordTable::Word* const word = step->words->find(cell->data, cell->length);
          if (word == nullptr) break;
          std::memcpy(to, word->member, sizeof word->member);
          to += word->size;
          continue;
        }
        break;
      case Step::Usual::moment:
        if (cell->kind == CellKind::integer) {
          char* const end = moments_->put(put(to, step->lead), cell->integer);
          if (end == nullptr) break;
          to = end;
          continue;
        }
        break;
      case Step::Usual::none:
        break;
      case Step::Usual::end:
        *to++ = '}';
        buffer_.take_in(to);
        return Status::ok();
    }
    if (cell->kind <= CellKind::null && cell->kind >= CellKind::absent) {
      const Piece& piece = step->without[static_cast<std::size_t>(cell->kind)];
      if (piece.size > 0) {
        to = put(to, piece);
        continue;
      }
    }
    buffer_.take_in(to);
    if (Status status = write_long_way(row, static_cast<std::size_t>(cell - row.data())); !status.is_ok()) return status;
    to = buffer_.room(room);
  }
}

Status RowWriter::write_long_way(Row row, std::size_t index) {
  const Column& column = layout_.columns()[index];
  const Fault fault = check(column, row, index);
  if (fault != Fault::none) {
    Status status;
    status.code = Code::row_refused;
    status.column = static_cast<std::int32_t>(index);
    status.message = message_of(fault, column);
    return status;
  }
  if (!layout_.writes(column) || (column.manner.omitted_when_null && cell_.form == Cell::Form::null)) return Status::ok();
  buffer_.append(plan_->key(index));
  json_->restart();
  write_cell(*json_, column, cell_);
  return Status::ok();
}

Status RowWriter::check_width(Row row) const {
  const std::span<const Column> columns = layout_.columns();
  const Value surplus = row[columns.size()].sound();
  if (surplus.kind != CellKind::foreign || surplus.length == 0) {
    return Status::failure(Code::row_refused, "a row has at most {} cells", columns.size());
  }
  if (!is_showable(surplus.text())) return Status::failure(Code::row_refused, "a key of the row is no column");
  std::vector<std::string_view> keys;
  for (const Column& column : columns) keys.push_back(column.key);
  const std::optional<std::string_view> nearest = nearest_name(surplus.text(), keys);
  if (!nearest) return Status::failure(Code::row_refused, "no column is named {}", surplus.text());
  return Status::failure(Code::row_refused, "no column is named {}; did you mean {}?", surplus.text(), *nearest);
}

Fault RowWriter::check(const Column& column, Row row, std::size_t index) {
  const Fault fault = check_cell(column, row[index].sound(), zone_, cell_);
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
  return check_cell(*other, row[index].sound(), zone_, word) == Fault::none && word.text == column.manner.required_when_word;
}

}  // namespace trainstat
