// Rows as PHP's serialize() writes them, written by a host.
#pragma once

#include <charconv>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abi/cells.hpp"

namespace host {

/// The keys of a report's columns.
inline std::vector<std::string> keys_of(ts_report* report) {
  const char* json = nullptr;
  size_t length = 0;
  std::vector<std::string> keys;
  if (ts_report_describe(report, &json, &length, nullptr) != TS_OK) return keys;
  const auto description = nlohmann::json::parse(std::string_view(json, length));
  for (const auto& column : description["columns"]) keys.push_back(column["key"]);
  return keys;
}

/// Keys and cells in any order. A key of figures alone is an integer, as it is in PHP.
using KeyedRow = std::vector<std::pair<std::string, ts_value>>;

inline void serialize_text(std::string& bytes, std::string_view text) {
  bytes += "s:" + std::to_string(text.size()) + ":\"";
  bytes.append(text) += "\";";
}

inline void serialize_key(std::string& bytes, std::string_view key) {
  const bool is_integer = !key.empty() && key.size() < 19 && key.find_first_not_of("0123456789") == key.npos;
  if (!is_integer || (key.size() > 1 && key[0] == '0')) return serialize_text(bytes, key);
  bytes.append("i:").append(key) += ';';
}

/// Absent cells have no business here.
inline void serialize_cell(std::string& bytes, const ts_value& cell) {
  char figures[40];
  switch (cell.kind) {
    case TS_NULL:
      bytes += "N;";
      break;
    case TS_INTEGER:
      bytes += "i:" + std::to_string(cell.value.integer) + ';';
      break;
    case TS_BOOLEAN:
      bytes += cell.value.integer != 0 ? "b:1;" : "b:0;";
      break;
    case TS_NUMBER:
      bytes.append("d:").append(figures, std::to_chars(figures, std::end(figures), cell.value.number).ptr) += ';';
      break;
    case TS_TEXT:
      serialize_text(bytes, {cell.value.text, cell.length});
      break;
    default:
      bytes += "a:0:{}";
  }
}

inline std::string serialize(std::span<const KeyedRow> rows) {
  std::string bytes = "a:" + std::to_string(rows.size()) + ":{";
  for (const KeyedRow& row : rows) {
    bytes += "i:" + std::to_string(&row - rows.data()) + ";a:" + std::to_string(row.size()) + ":{";
    for (const auto& [key, cell] : row) {
      serialize_key(bytes, key);
      serialize_cell(bytes, cell);
    }
    bytes += '}';
  }
  return bytes + '}';
}

/// A row in cell order. A cell behind the last column is a key that none has.
inline KeyedRow keyed(const Row& row, std::span<const std::string> keys) {
  KeyedRow cells;
  for (std::size_t place = 0; place < row.size(); ++place) {
    const ts_value& cell = row[place];
    if (place >= keys.size()) {
      cells.emplace_back(std::string(cell.length == 0 ? "" : cell.value.text, cell.length), null());
    } else if (cell.kind != TS_ABSENT) {
      cells.emplace_back(keys[place], cell);
    }
  }
  return cells;
}

inline std::string serialize(std::span<const Row> rows, std::span<const std::string> keys) {
  std::vector<KeyedRow> all;
  for (const Row& row : rows) all.push_back(keyed(row, keys));
  return serialize(all);
}

}  // namespace host
