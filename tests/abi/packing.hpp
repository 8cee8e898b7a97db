// The packed batch of trainstat.h, written by a host.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "abi/cells.hpp"

namespace host {

template <class Figure>
void put_figure(std::string& bytes, Figure figure) {
  char raw[sizeof figure];
  std::memcpy(raw, &figure, sizeof figure);
  bytes.append(raw, sizeof figure);
}

inline void put_row(std::string& bytes, const Row& row) {
  put_figure(bytes, static_cast<uint32_t>(row.size()));
  for (const ts_value& cell : row) bytes.push_back(static_cast<char>(cell.kind));
  std::string texts;
  for (const ts_value& cell : row) {
    if (cell.kind == TS_ABSENT || cell.kind == TS_NULL) continue;
    if (cell.kind == TS_TEXT || cell.kind == TS_FOREIGN) {
      put_figure(bytes, static_cast<uint64_t>(cell.length));
      if (cell.length > 0) texts.append(cell.value.text, cell.length);
    } else {
      put_figure(bytes, cell.value.integer);
    }
  }
  bytes += texts;
}

inline std::string pack(std::span<const Row> rows) {
  std::string bytes = "TSB1";
  put_figure(bytes, static_cast<uint32_t>(rows.size()));
  for (const Row& row : rows) put_row(bytes, row);
  return bytes;
}

}  // namespace host
