#include "json/row_plan.hpp"

#include <algorithm>
#include <cstring>

#include "base/value.hpp"
#include "base/zone.hpp"
#include "check/check.hpp"
#include "formats/layout.hpp"
#include "json/json_writer.hpp"
#include "json/plain_integer.hpp"

namespace trainstat {
namespace {

constexpr std::size_t room_of_value = 32;  // an integer, a moment
constexpr std::size_t room_of_wide_stores = 128;

Usual usual_of(const Column& column) {
  switch (column.kind) {
    case Kind::integer:
    case Kind::duration:
      return column.presence == Presence::nullable ? Usual::nullable_integer : Usual::integer;
    case Kind::text:
      return Usual::text;
    case Kind::choice:
      return Usual::choice;
    case Kind::moment:
      return Usual::moment;
    case Kind::local_moment:
      return Usual::local_moment;
    case Kind::date:
      return Usual::date;
    case Kind::number:
      return Usual::number;
    case Kind::decimal_text:
      return Usual::decimal_text;
  }
  return Usual::none;
}

bool has_own_manner(const Column& column) {
  return column.manner.is_sentence() || column.manner.omitted_when_null || !column.manner.required_when_column.empty();
}

}  // namespace

RowPlan::RowPlan(const Layout& layout, bool html_safe, const RowFunctions& functions) : room_(room_of_wide_stores) {
  const std::size_t columns = layout.columns().size();
  keys_.reserve(columns);
  without_value_.resize(columns);
  steps_.reserve(columns + 1);
  Buffer buffer;
  JsonWriter json(buffer, html_safe);
  json.begin_object();
  for (const ConstantMember& constant : layout.format().constants) write_constant(json, constant);
  std::string before(buffer.view());
  if (!layout.format().constants.empty()) before.append(",");
  for (const Column& column : layout.columns()) {
    std::string& key = keys_.emplace_back(std::move(before));
    key.append("\"").append(column.written_key()).append("\":");
    before.assign(1, ',');
  }

  const auto set_functions = [&](Step& step, Usual usual) {
    step.of_values = functions.of_values[static_cast<std::size_t>(usual)];
    step.of_packed = functions.of_packed[static_cast<std::size_t>(usual)];
  };
  for (std::size_t index = 0; index < columns; ++index) {
    Step& step = steps_.emplace_back();
    set_functions(step, Usual::none);
    room_ += sizeof(WordTable::Word::member) + room_of_value;
    const Column& column = layout.columns()[index];
    if (has_own_manner(column)) continue;
    const bool is_written = layout.writes(column);
    if (is_written) set_functions(step, plan(column, keys_[index], step));
    for (const Value::Kind kind : {Value::Kind::absent, Value::Kind::null}) {
      Cell cell;
      const Fault fault = check_cell(column, Value::of(kind), Zone(), cell);
      if (fault != Fault::none && (is_written || fault != Fault::required)) continue;  // as RowWriter::check()
      buffer.truncate(0);
      if (is_written) {
        buffer.append(keys_[index]);
        json.restart();
        write_cell(json, column, cell);
      }
      without_value_[index][static_cast<std::size_t>(kind)].set(buffer.view());
    }
  }
  set_functions(steps_.emplace_back(), Usual::end);
}

Usual RowPlan::plan(const Column& column, std::string_view key, Step& step) {
  const Usual usual = usual_of(column);
  const bool is_decimal = usual == Usual::number || usual == Usual::decimal_text;
  const bool is_quoted = usual != Usual::integer && usual != Usual::nullable_integer && usual != Usual::number;
  const std::string lead = std::string(key).append(is_quoted ? "\"" : "");
  if (usual == Usual::none || lead.size() > Step::longest_lead) return Usual::none;
  if (is_decimal && (column.rule.minimum > 0 || column.rule.maximum < 0)) return Usual::none;  // which counts from zero on
  if (usual == Usual::choice) {
    WordTable& words = words_.emplace_back();
    if (!words.fill(lead, column.rule)) return Usual::none;
    step.words = &words;
  } else {
    const std::int64_t minimum = column.rule.minimum;
    const std::int64_t maximum = column.rule.maximum;
    step.span = {minimum, static_cast<std::uint64_t>(maximum) - static_cast<std::uint64_t>(minimum)};
    constexpr std::int64_t last = ShortIntegers::count - 1;
    if (minimum <= 0 && maximum >= 0) step.short_integers = static_cast<std::uint16_t>(std::min(maximum, last) + 1);
  }
  if (usual == Usual::text) room_ += short_text;
  std::memcpy(step.lead, lead.data(), lead.size());
  step.lead_size = static_cast<std::uint8_t>(lead.size());
  return usual;
}

}  // namespace trainstat
