#include "check/check.hpp"

#include "base/utf8.hpp"

namespace trainstat {
namespace {

Fault check_given(const Column& column, const Value& value, const Zone& zone, Cell& cell) {
  switch (column.kind) {
    case Kind::integer:
      return check_integer(column, value, cell);
    case Kind::number:
    case Kind::decimal_text:
      return check_decimal(column, value, cell);
    case Kind::text:
      return check_text(value, cell);
    case Kind::choice:
      return check_choice(column, value, cell);
    case Kind::moment:
      return check_moment(value, zone, cell);
    case Kind::local_moment:
      return check_local_moment(value, zone, cell);
    case Kind::date:
      return check_date(value, zone, cell);
    case Kind::duration:
      return check_duration(column, value, cell);
  }
  return Fault::type;
}

Fault check_absent(const Column& column, const Zone& zone, Cell& cell) {
  switch (column.fallback.kind) {
    case Fallback::Kind::none:
      return Fault::required;
    case Fallback::Kind::null:
      cell.be_null();
      return Fault::none;
    case Fallback::Kind::integer:
      return check_given(column, Value::of(column.fallback.integer), zone, cell);
    case Fallback::Kind::text:
      return check_given(column, Value::of(column.fallback.text), zone, cell);
  }
  return Fault::required;
}

}  // namespace

Fault check_cell(const Column& column, const Value& value, const Zone& zone, Cell& cell) {
  if (value.kind == Value::Kind::absent) return check_absent(column, zone, cell);
  if (value.kind == Value::Kind::null) {
    if (column.presence != Presence::nullable) return Fault::null;
    cell.be_null();
    return Fault::none;
  }
  return check_given(column, value, zone, cell);
}

Fault check_text(const Value& value, Cell& cell) {
  if (value.kind != Value::Kind::text) return Fault::type;
  if (!is_utf8(value.text())) return Fault::encoding;
  cell.be_text(value.text());
  return Fault::none;
}

Fault check_choice(const Column& column, const Value& value, Cell& cell) {
  if (value.kind != Value::Kind::text) return Fault::type;
  for (const std::string_view word : column.rule.words) {
    if (word == value.text()) {
      cell.be_text(word);
      return Fault::none;
    }
  }
  for (const OtherWord& other : column.rule.other_words) {
    if (other.taken == value.text()) {
      cell.be_text(other.meant);
      return Fault::none;
    }
  }
  return Fault::type;
}

}  // namespace trainstat
