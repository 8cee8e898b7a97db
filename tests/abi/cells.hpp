// Cells and rows as a C host fills them.
#pragma once

#include <trainstat.h>

#include <string_view>
#include <vector>

namespace host {

using Row = std::vector<ts_value>;

inline ts_value cell(int32_t kind) {
  ts_value value{};
  value.kind = kind;
  return value;
}
inline ts_value absent() { return cell(TS_ABSENT); }
inline ts_value null() { return cell(TS_NULL); }
inline ts_value integer(int64_t number) {
  ts_value value = cell(TS_INTEGER);
  value.value.integer = number;
  return value;
}
inline ts_value number(double figure) {
  ts_value value = cell(TS_NUMBER);
  value.value.number = figure;
  return value;
}
inline ts_value boolean(bool truth) {
  ts_value value = cell(TS_BOOLEAN);
  value.value.integer = truth ? 1 : 0;
  return value;
}
/// Borrows the bytes.
inline ts_value text(std::string_view bytes, int32_t kind = TS_TEXT) {
  ts_value value = cell(kind);
  value.value.text = bytes.data();
  value.length = bytes.size();
  return value;
}
inline ts_value foreign(std::string_view key = {}) { return text(key, TS_FOREIGN); }

}  // namespace host
