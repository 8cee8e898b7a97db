// A report's columns as the row writer walks them: everything that is the same in every row, made ready.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "json/word_table.hpp"

namespace trainstat {

class Layout;

/// One column: a line of the cache.
struct alignas(64) Step {
  /// What the usual value is; any other, and every column that is written in a manner of its own, goes the long way.
  enum class Usual : std::uint8_t { integer, nullable_integer, text, choice, moment, none, end };
  static constexpr std::size_t longest_lead = 32;

  char lead[longest_lead] = {};  // `,"login":"`: what stands before the value, copied whole
  std::int64_t minimum = 0;      // of integers
  std::uint64_t span = 0;        // the maximum less the minimum
  const WordTable* words = nullptr;
  Usual usual = Usual::none;
  std::uint8_t lead_size = 0;
  std::uint8_t key_size = 0;  // of the lead without the quote that opens a text
  bool takes_null = false;
};
static_assert(sizeof(Step) == 64);

class RowPlan {
 public:
  /// What is written in the short way of one text without looking for more room.
  static constexpr std::size_t short_text = 64;

  RowPlan(const Layout& layout, bool html_safe);

  /// One for each column, and one behind them whose `usual` is the end.
  const Step* steps() const { return steps_.data(); }

  /// Bytes that a row needs at most beside its longer texts and what goes the long way, with room for wide stores.
  std::size_t room() const { return room_; }

  /// The key of a column with its punctuation: `,"login":`; of the first column also what stands before it, `{` and the constants.
  std::string_view key(std::size_t index) const { return keys_[index]; }

  /// The whole member of an absent cell; empty where the long way decides.
  std::string_view absent(std::size_t index) const { return absent_[index]; }

 private:
  void plan(const Column& column, std::string_view key, Step& step);

  std::size_t room_ = 0;
  std::vector<std::string> keys_;
  std::vector<std::string> absent_;
  std::vector<Step> steps_;
  std::deque<WordTable> words_;
};

}  // namespace trainstat
