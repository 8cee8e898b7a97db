// A report's columns as the row writer walks them: everything that is the same in every row, made ready.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "formats/layout.hpp"
#include "json/word_table.hpp"

namespace trainstat {

/// Bytes that stand in the document as they are, copied by two wide stores.
struct Piece {
  static constexpr std::size_t capacity = 32;

  char text[capacity] = {};
  std::uint32_t size = 0;

  /// False where it is too long.
  bool set(std::string_view bytes);
};

/// One column.
struct Step {
  /// What the usual value is; any other, and every column that is written in a manner of its own, goes the long way.
  enum class Usual : std::uint8_t { integer, text, choice, moment, none, end };

  Usual usual = Usual::none;
  std::int64_t minimum = 0;  // of integers
  std::uint64_t span = 0;    // the maximum less the minimum
  const WordTable* words = nullptr;
  Piece lead;        // `,"login":"`: what stands before the value
  Piece without[2];  // the whole member of an absent cell and of a null; empty where the long way decides
};

class RowPlan {
 public:
  RowPlan(const Layout& layout, bool html_safe);

  /// One for each column, and one behind them whose `usual` is the end.
  const Step* steps() const { return steps_.data(); }

  /// What stands before the first column's member: `{` and the constants.
  std::string_view head() const { return head_; }

  /// Bytes that a row needs at most beside its texts and what goes the long way, with room for wide stores.
  std::size_t room() const { return room_; }

  /// The key of a column with its punctuation: `,"login":`.
  std::string_view key(std::size_t index) const { return keys_[index]; }

 private:
  void plan(const Layout& layout, std::size_t index, bool html_safe);

  std::string head_;
  std::size_t room_ = 0;
  std::vector<std::string> keys_;
  std::vector<Step> steps_;
  std::deque<WordTable> words_;
};

}  // namespace trainstat
