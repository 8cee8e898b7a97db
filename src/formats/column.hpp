// What a column of a format is: plain data, one line each in the tables of this folder.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace trainstat {

/// What a cell may hold and how it is written.
enum class Kind : std::uint8_t {
  integer,
  number,
  text,
  choice,
  moment,
  local_moment,
  date,
  duration,
  decimal_text,
};

/// The kind's name for people and hosts, as ts_format_describe gives it.
constexpr std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::integer:
      return "integer";
    case Kind::number:
      return "number";
    case Kind::text:
      return "text";
    case Kind::choice:
      return "choice";
    case Kind::moment:
      return "moment";
    case Kind::local_moment:
      return "local moment";
    case Kind::date:
      return "date";
    case Kind::duration:
      return "duration";
    case Kind::decimal_text:
      return "decimal text";
  }
  return {};
}

enum class Presence : std::uint8_t {
  required,   // must be given, never null
  defaulted,  // may be left out, never null
  nullable,   // may be left out, may be null
};

/// What is written for a cell that the host does not give.
struct Fallback {
  enum class Kind : std::uint8_t { none, null, integer, text };
  Kind kind = Kind::none;
  std::int64_t integer = 0;
  std::string_view text;
};

/// A word that a choice takes for one of its words.
struct OtherWord {
  std::string_view taken;
  std::string_view meant;
};

/// What a cell must meet beside its kind. Limits hold before rounding.
struct Rule {
  static constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

  std::int64_t minimum = lowest;
  std::int64_t maximum = highest;
  std::span<const std::string_view> words;
  std::span<const OtherWord> other_words;
};

/// The words that the tables are written in.
namespace table {

using enum Kind;
using enum Presence;

constexpr Fallback none{};
constexpr Fallback null{Fallback::Kind::null, 0, {}};
constexpr Fallback zero{Fallback::Kind::integer, 0, {}};
constexpr Fallback text_of(std::string_view value) { return {Fallback::Kind::text, 0, value}; }

constexpr Rule any{};
constexpr Rule at_least(std::int64_t minimum) { return {minimum, Rule::highest, {}, {}}; }
constexpr Rule range(std::int64_t minimum, std::int64_t maximum) { return {minimum, maximum, {}, {}}; }
constexpr Rule one_of(std::span<const std::string_view> words, std::span<const OtherWord> other_words = {}) {
  return {Rule::lowest, Rule::highest, words, other_words};
}

}  // namespace table

/// How a cell stands in the document where that is not simply `"key":value`.
struct Manner {
  std::string_view written_as = {};     // the key in the document; empty: the column's own
  std::string_view sentence_head = {};  // where given, the value stands inside a text, between these two
  std::string_view sentence_tail = {};
  bool extended = false;                       // written, and required if it is, only in extended mode
  bool omitted_when_null = false;              // null leaves the key out
  std::string_view required_when_column = {};  // an earlier choice column whose word makes this one required
  std::string_view required_when_word = {};

  constexpr bool is_sentence() const { return !sentence_head.empty(); }
};

struct Column {
  std::string_view key;
  Kind kind = Kind::text;
  Presence presence = Presence::required;
  Fallback fallback;
  Rule rule;
  std::string_view meaning;
  Manner manner = {};

  constexpr std::string_view written_key() const { return manner.written_as.empty() ? key : manner.written_as; }
};

/// What a table must hold for the floors above to rely on; asserted beside each table at compile time.
constexpr bool well_formed(std::span<const Column> columns) {
  // What opens the object stands with the first key.
  if (columns.empty() || columns.front().manner.extended || columns.front().manner.omitted_when_null) return false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    if (column.key.empty() || column.meaning.empty()) return false;
    if ((column.presence == Presence::required) != (column.fallback.kind == Fallback::Kind::none)) return false;
    if (column.presence == Presence::defaulted && column.fallback.kind == Fallback::Kind::null) return false;
    if ((column.kind == Kind::choice) == column.rule.words.empty()) return false;
    if (column.rule.minimum > column.rule.maximum) return false;
    if (column.manner.sentence_head.empty() && !column.manner.sentence_tail.empty()) return false;
    bool known = column.manner.required_when_column.empty();
    for (std::size_t j = 0; j < i; ++j) {
      if (columns[j].key == column.key) return false;
      known = known || (columns[j].key == column.manner.required_when_column && columns[j].kind == Kind::choice &&
                        columns[j].presence == Presence::required);
    }
    if (!known) return false;
  }
  return true;
}

}  // namespace trainstat
