// What a serialized batch says, read once more from the drawing in trainstat.h and without a line of the library.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "abi/told_batch.hpp"

namespace host {

class SerializedTeller {
 public:
  SerializedTeller(std::string_view bytes, std::span<const std::string> keys) : rest_(bytes), keys_(keys) {}

  ToldBatch tell() {
    ToldBatch told;
    uint64_t rows = 0;
    if (!cut_head(rows)) return told;
    for (; rows > 0; --rows) {
      std::string_view place;
      Row row(keys_.size(), absent());
      if (!cut_key(place) || !cut_row(row)) return told;
      told.rows.push_back(std::move(row));
    }
    told.is_well_formed = rest_ == "}";
    return told;
  }

 private:
  bool cut(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  /// The figures of a count or a length, eighteen at most.
  bool cut_count(uint64_t& count) {
    const std::string_view figures = rest_.substr(0, rest_.find_first_not_of("0123456789"));
    if (figures.empty() || figures.size() > 18) return false;
    count = std::stoull(std::string(figures));
    return cut(figures);
  }
  template <class Figure>
  bool cut_number(Figure& figure) {
    const char* const end = rest_.data() + rest_.size();
    const auto [stop, problem] = std::from_chars(rest_.data(), end, figure);
    rest_ = {stop, static_cast<std::size_t>(end - stop)};
    return problem == std::errc() && cut(";");
  }
  bool cut_text(std::string_view& text) {
    uint64_t length = 0;
    if (!cut("s:") || !cut_count(length) || !cut(":\"") || length > rest_.size()) return false;
    text = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return cut("\";");
  }
  bool cut_head(uint64_t& count) { return cut("a:") && cut_count(count) && cut(":{"); }

  bool cut_key(std::string_view& key) {
    if (rest_.starts_with("s")) return cut_text(key);
    const std::string_view before = rest_;
    int64_t number = 0;
    if (!cut("i:") || !cut_number(number)) return false;
    key = before.substr(2, before.size() - rest_.size() - 3);
    return true;
  }

  bool cut_cell(ts_value& cell) {
    std::string_view text_of_it;
    cell = null();
    if (cut("N;")) return true;
    if (rest_.starts_with("s")) {
      if (!cut_text(text_of_it)) return false;
      cell = text(text_of_it);
      return true;
    }
    if (cut("b:0;") || cut("b:1;")) {
      cell = boolean(*(rest_.data() - 2) == '1');
      return true;
    }
    if (cut("i:")) {
      cell = integer(0);
      return cut_number(cell.value.integer);
    }
    if (cut("d:")) {
      cell = number(0);
      return cut_number(cell.value.number);
    }
    cell = foreign();
    return cut("a:0:{}");
  }

  bool cut_row(Row& row) {
    uint64_t count = 0;
    if (!cut_head(count)) return false;
    for (; count > 0; --count) {
      std::string_view key;
      ts_value cell;
      if (!cut_key(key) || !cut_cell(cell)) return false;
      const auto column = std::find(keys_.begin(), keys_.end(), key);
      if (column != keys_.end()) {
        row[static_cast<std::size_t>(column - keys_.begin())] = cell;
      } else if (row.size() == keys_.size()) {
        row.push_back(foreign(key));
      }
    }
    return cut("}");
  }

  std::string_view rest_;
  std::span<const std::string> keys_;
};

}  // namespace host
