// A report's columns as the row writer walks them: everything that is the same in every row, made ready.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "json/row_functions.hpp"
#include "json/word_table.hpp"

namespace trainstat {

class Layout;
struct Column;

/// One column: a line of the cache.
struct alignas(64) Step {
  struct Span {
    std::int64_t minimum = 0;
    std::uint64_t size = 0;  // the maximum less the minimum

    std::int64_t maximum() const { return static_cast<std::int64_t>(static_cast<std::uint64_t>(minimum) + size); }
  };
  static constexpr std::size_t longest_lead = 29;
  static constexpr std::size_t longest_copy = 32;  // of the lead and what follows it, copied whole

  char lead[longest_lead] = {};  // `,"login":"`: what stands before the value
  std::uint8_t lead_size = 0;
  std::uint16_t short_integers = 0;  // how many integers from 0 on are in limits and at most 999
  union {
    Span span = {};          // of integers and decimals
    const WordTable* words;  // of choices
  };
  StepFunction<ValueCells> of_values = nullptr;
  StepFunction<PackedCells> of_packed = nullptr;

  StepFunction<ValueCells> function(ValueCells) const { return of_values; }
  StepFunction<PackedCells> function(PackedCells) const { return of_packed; }
};
static_assert(sizeof(Step) == 64);

class RowPlan {
 public:
  /// What is written in the short way of one text without looking for more room.
  static constexpr std::size_t short_text = 64;

  RowPlan(const Layout& layout, bool html_safe, const RowFunctions& functions);

  /// One for each column, and one behind them.
  const Step* steps() const { return steps_.data(); }

  /// Bytes that a row needs at most beside its longer texts and what goes the long way, with room for wide stores.
  std::size_t room() const { return room_; }

  /// The key of a column with its punctuation: `,"login":`; of the first column also what stands before it, `{` and the constants.
  std::string_view key(std::size_t index) const { return keys_[index]; }

  /// What is written without a look at a value, copied whole.
  struct Member {
    static constexpr std::uint8_t undecided = 255;  // the long way decides

    char text[63] = {};
    std::uint8_t size = undecided;

    /// Unless it is too long.
    void set(std::string_view member) {
      if (member.size() <= sizeof text) size = static_cast<std::uint8_t>(member.copy(text, sizeof text));
    }
  };
  /// The members of a column for an absent cell and for null, by their numbers as kinds.
  const std::array<Member, 2>& without_value(std::size_t index) const { return without_value_[index]; }

 private:
  /// Makes a step ready, but for its functions.
  Usual plan(const Column& column, std::string_view key, Step& step);

  std::size_t room_ = 0;
  std::vector<std::string> keys_;
  std::vector<std::array<Member, 2>> without_value_;
  std::vector<Step> steps_;
  std::deque<WordTable> words_;
};

}  // namespace trainstat
