#include "convert.hpp"

#include <algorithm>
#include <cstdint>

namespace trainstat::abi {
namespace {

Value to_value(const ts_value& cell) {
  switch (cell.kind) {
    case TS_ABSENT:
      return Value();
    case TS_NULL:
      return Value::of(Value::Kind::null);
    case TS_INTEGER:
      return Value::of(cell.value.integer);
    case TS_NUMBER:
      return Value::of(cell.value.number);
    case TS_BOOLEAN: {
      Value value = Value::of(Value::Kind::boolean);
      value.integer = cell.value.integer;
      return value;
    }
    case TS_TEXT:
    case TS_FOREIGN: {
      Value value;
      const bool is_text = to_text(cell.value.text, cell.length, value.text);
      value.kind = is_text && cell.kind == TS_TEXT ? Value::Kind::text : Value::Kind::foreign;
      return value;
    }
    default:
      return Value::of(Value::Kind::foreign);
  }
}

}  // namespace

bool to_text(const char* text, std::size_t length, std::string_view& view) {
  if (text == nullptr) return length == 0;
  if (length > static_cast<std::size_t>(PTRDIFF_MAX)) return false;
  view = {text, length};
  return true;
}

Row to_row(const ts_value* cells, std::size_t count, std::size_t most, std::vector<Value>& row) {
  row.resize(std::min(count, most));
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = to_value(cells[i]);
  return row;
}

}  // namespace trainstat::abi
