#include "arrow_rows.hpp"

#include <trainstat.h>

#include <limits>
#include <utility>

namespace vectors {
namespace {

using host::ArrowData;

/// The next of the types that hold text.
class TextTypes {
 public:
  ArrowData column(const std::string& name, const host::Texts& values) {
    switch (next_++ % 4) {
      case 0:
        return host::texts("u", name, values);
      case 1:
        return host::texts("U", name, values);
      case 2:
        return host::texts("vu", name, values);
      default:
        break;
    }
    std::vector<std::optional<int32_t>> indices;
    for (std::size_t i = 0; i < values.size(); ++i) indices.push_back(static_cast<int32_t>(i));
    return host::dictionary(host::figures<int32_t>("i", name, indices), host::texts("u", "", values));
  }

 private:
  int next_ = 0;
};

template <class Figure, class Get>
std::vector<std::optional<Figure>> values_of(const std::vector<const Cell*>& cells, Get get) {
  std::vector<std::optional<Figure>> values;
  for (const Cell* cell : cells) values.push_back(cell->kind == TS_NULL ? std::nullopt : std::optional<Figure>(get(*cell)));
  return values;
}

ArrowData column(const std::string& name, std::int32_t kind, const std::vector<const Cell*>& cells, TextTypes& text_types) {
  switch (kind) {
    case TS_NULL:
      return host::nulls(name, static_cast<int64_t>(cells.size()));
    case TS_INTEGER:
      return host::figures<int64_t>("l", name, values_of<int64_t>(cells, [](const Cell& cell) { return cell.integer; }));
    case TS_NUMBER:
      return host::figures<double>("g", name, values_of<double>(cells, [](const Cell& cell) { return cell.number; }));
    case TS_BOOLEAN:
      return host::booleans(name, values_of<bool>(cells, [](const Cell& cell) { return cell.integer != 0; }));
    case TS_TEXT:
      return text_types.column(name, values_of<std::string>(cells, [](const Cell& cell) { return cell.text; }));
    default:
      return host::figures<uint64_t>(
          "L", name, values_of<uint64_t>(cells, [](const Cell&) { return std::numeric_limits<uint64_t>::max(); }));
  }
}

/// Whether the row can stand in a table with these keys and kinds; a null can stand anywhere.
bool fits(const HostRow& row, std::vector<std::pair<std::string, std::int32_t>>& columns) {
  if (row.size() != columns.size()) return false;
  auto joined = columns;
  for (std::size_t i = 0; i < row.size(); ++i) {
    auto& [key, kind] = joined[i];
    if (row[i].first != key) return false;
    if (kind == TS_NULL) kind = row[i].second.kind;
    if (row[i].second.kind != kind && row[i].second.kind != TS_NULL) return false;
  }
  columns = joined;
  return true;
}

}  // namespace

std::vector<ArrowData> tables_of(const std::vector<HostRow>& rows, std::size_t most) {
  std::vector<ArrowData> tables;
  TextTypes text_types;
  for (std::size_t first = 0; first < rows.size();) {
    std::vector<std::pair<std::string, std::int32_t>> kinds;
    for (const auto& [key, cell] : rows[first]) kinds.emplace_back(key, cell.kind);
    std::size_t end = first + 1;
    while (end < rows.size() && end - first < most && fits(rows[end], kinds)) ++end;
    std::vector<ArrowData> columns;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      std::vector<const Cell*> cells;
      for (std::size_t row = first; row < end; ++row) cells.push_back(&rows[row][i].second);
      columns.push_back(column(kinds[i].first, kinds[i].second, cells, text_types));
    }
    tables.push_back(host::table(std::move(columns), static_cast<int64_t>(end - first)));
    first = end;
  }
  return tables;
}

}  // namespace vectors
