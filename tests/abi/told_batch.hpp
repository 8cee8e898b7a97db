// What a packed batch says, read once more from the drawing in trainstat.h and without a line of the library.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "abi/cells.hpp"

namespace host {

struct ToldBatch {
  std::vector<Row> rows;        // up to where the batch stops making sense; they borrow its bytes
  bool is_well_formed = false;  // to its very end
};

template <class Figure>
bool cut_figure(std::string_view& bytes, Figure& figure) {
  if (bytes.size() < sizeof figure) return false;
  std::memcpy(&figure, bytes.data(), sizeof figure);
  bytes.remove_prefix(sizeof figure);
  return true;
}

inline bool cut_row(std::string_view& bytes, Row& row) {
  uint32_t count = 0;
  if (!cut_figure(bytes, count) || count > bytes.size()) return false;
  for (const char kind : bytes.substr(0, count)) {
    if (kind < TS_ABSENT || kind > TS_FOREIGN) return false;
    row.push_back(cell(kind));
  }
  bytes.remove_prefix(count);
  for (ts_value& cell : row) {
    if (cell.kind == TS_ABSENT || cell.kind == TS_NULL) continue;
    uint64_t slot = 0;
    if (!cut_figure(bytes, slot)) return false;
    if (cell.kind == TS_TEXT || cell.kind == TS_FOREIGN) {
      cell.length = slot;
    } else {
      std::memcpy(&cell.value, &slot, sizeof slot);
    }
  }
  for (ts_value& cell : row) {
    if (cell.kind != TS_TEXT && cell.kind != TS_FOREIGN) continue;
    if (cell.length > bytes.size()) return false;
    cell.value.text = bytes.data();
    bytes.remove_prefix(cell.length);
  }
  return true;
}

inline ToldBatch tell(std::string_view bytes) {
  ToldBatch told;
  uint32_t count = 0;
  if (!bytes.starts_with("TSB1")) return told;
  bytes.remove_prefix(4);
  if (!cut_figure(bytes, count)) return told;
  for (; count > 0; --count) {
    Row row;
    if (!cut_row(bytes, row)) return told;
    told.rows.push_back(std::move(row));
  }
  told.is_well_formed = bytes.empty();
  return told;
}

}  // namespace host
