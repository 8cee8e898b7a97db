#include "json/row_plan.hpp"

#include <cstring>

#include "check/check.hpp"
#include "json/json_writer.hpp"

namespace trainstat {
namespace {

constexpr std::size_t room_of_value = 32;  // an integer, a moment
constexpr std::size_t room_of_wide_stores = 128;

using Usual = Step::Usual;

Usual usual_of(const Column& column) {
  switch (column.kind) {
    case Kind::integer:
    case Kind::duration:
      return Usual::integer;
    case Kind::text:
      return Usual::text;
    case Kind::choice:
      return Usual::choice;
    case Kind::moment:
      return Usual::moment;
    case Kind::number:
    case Kind::decimal_text:
    case Kind::local_moment:
    case Kind::date:
      return Usual::none;
  }
  return Usual::none;
}

bool has_own_manner(const Column& column) {
  return column.manner.is_sentence() || column.manner.omitted_when_null || !column.manner.required_when_column.empty();
}

/// The bytes of a value as the long way writes it.
std::string value_of(const Column& column, const Cell& cell, bool html_safe) {
  Buffer buffer;
  JsonWriter json(buffer, html_safe);
  write_cell(json, column, cell);
  return std::string(buffer.view());
}

}  // namespace

bool Piece::set(std::string_view bytes) {
  if (bytes.size() > capacity) return false;
  std::memcpy(text, bytes.data(), bytes.size());
  size = static_cast<std::uint32_t>(bytes.size());
  return true;
}

RowPlan::RowPlan(const Layout& layout, bool html_safe) {
  Buffer buffer;
  JsonWriter json(buffer, html_safe);
  json.begin_object();
  for (const ConstantMember& constant : layout.format().constants) write_constant(json, constant);
  head_ = buffer.view();
  room_ = head_.size() + room_of_wide_stores;
  for (std::size_t index = 0; index < layout.columns().size(); ++index) plan(layout, index, html_safe);
  steps_.emplace_back().usual = Usual::end;
}

void RowPlan::plan(const Layout& layout, std::size_t index, bool html_safe) {
  const Column& column = layout.columns()[index];
  const bool is_first = index == 0 && layout.format().constants.empty();
  std::string& key = keys_.emplace_back(is_first ? "" : ",");
  key.append("\"").append(column.written_key()).append("\":");
  Step& step = steps_.emplace_back();
  room_ += sizeof(WordTable::Word::member) + room_of_value;
  if (!layout.writes(column) || has_own_manner(column)) return;

  const Usual usual = usual_of(column);
  const bool is_quoted = usual == Usual::text || usual == Usual::moment || usual == Usual::choice;
  if (usual == Usual::none || !step.lead.set(is_quoted ? key + '"' : key)) return;
  if (usual == Usual::choice) {
    WordTable words;
    if (!words.fill(key + '"', column.rule)) return;
    step.words = &words_.emplace_back(words);
  }
  step.usual = usual;
  step.minimum = column.rule.minimum;
  step.span = static_cast<std::uint64_t>(column.rule.maximum) - static_cast<std::uint64_t>(column.rule.minimum);
  for (const Value::Kind kind : {Value::Kind::absent, Value::Kind::null}) {
    Cell cell;
    if (check_cell(column, Value::of(kind), Zone(), cell) != Fault::none) continue;
    step.without[static_cast<std::size_t>(kind)].set(key + value_of(column, cell, html_safe));
  }
}

}  // namespace trainstat
