// Rows of ekvio.trainings_statistic as a real site has them, made the same at each run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abi/cells.hpp"

namespace bench {

inline constexpr std::string_view format = "ekvio.trainings_statistic";
/// One questionnaire field, so that a row has 36 cells.
inline constexpr std::string_view options = R"({"forms":[10]})";
inline constexpr std::size_t width = 36;

/// What a peer must know of a cell to write the same bytes.
struct Field {
  std::string_view key;
  bool is_moment = false;
};
extern const std::array<Field, width> fields;

/// Rows that differ, as cells: integers, texts and nulls. Cyrillic names, one text of a hundred with something to escape, moments as
/// Unix seconds, nulls where people have no such thing. About 1,000 bytes of JSON each.
class Rows {
 public:
  /// `seed`: others for another one.
  Rows(std::size_t count, std::uint64_t seed);

  std::size_t size() const { return cells_.size() / width; }
  std::span<const ts_value> row(std::size_t index) const { return {cells_.data() + index * width, width}; }

 private:
  std::vector<ts_value> cells_;
  std::string texts_;  // one behind the other, as a host has them that has just made its rows
};

}  // namespace bench
