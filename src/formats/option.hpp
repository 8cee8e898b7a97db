// The options that a report may be opened with: names, types and what they are when not given.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace trainstat {

enum class OptionId : std::uint8_t {
  forms,
  timezone,
  extended_mode,
  message,
  extended_message,
  status,
  status_code,
  on_refused,
  html_safe,
  file,
};

/// What an option's JSON value must be.
enum class OptionType : std::uint8_t { integers, text, boolean, integer, choice };

constexpr std::string_view name_of(OptionType type) {
  switch (type) {
    case OptionType::integers:
      return "integers";
    case OptionType::text:
      return "text";
    case OptionType::boolean:
      return "boolean";
    case OptionType::integer:
      return "integer";
    case OptionType::choice:
      return "choice";
  }
  return {};
}

struct Option {
  OptionId id;
  std::string_view name;
  OptionType type;
  std::string_view fallback;  // JSON text; empty: the format says
  std::string_view must;      // what a value has to do, for the refusal: "option x must ..."
  std::string_view meaning;
};

constexpr std::array<std::string_view, 2> on_refused_words = {"stop", "skip"};
constexpr std::int64_t highest_form = 2147483647;
constexpr std::int64_t lowest_status_code = 100;
constexpr std::int64_t highest_status_code = 599;

// clang-format off
constexpr Option all_options[] = {
    {OptionId::forms,            "forms",            OptionType::integers, "[]",           "be an array of distinct integers in 1..2147483647",
     "Ids of the questionnaire fields, each a column form_question_N behind the others, in the order given."},
    {OptionId::timezone,         "timezone",         OptionType::text,     "\"+00:00\"",   "be a zone name of the system's tz database or an offset such as +03:00",
     "The zone in which Unix seconds are written: a name of the tz database or an offset."},
    {OptionId::extended_mode,    "extended_mode",    OptionType::boolean,  "false",        "be true or false",
     "Whether the columns of extended mode are written."},
    {OptionId::message,          "message",          OptionType::text,     "null",         "be text",
     "Text to help with debugging."},
    {OptionId::extended_message, "extended_message", OptionType::text,     "null",         "be text",
     "Text to help with debugging."},
    {OptionId::status,           "status",           OptionType::text,     "",             "be text",
     "HTTP status text."},
    {OptionId::status_code,      "status_code",      OptionType::integer,  "",             "be an integer in 100..599",
     "HTTP status code, 100 to 599."},
    {OptionId::on_refused,       "on_refused",       OptionType::choice,   "\"stop\"",     "be one of stop, skip",
     "What a refused row does: stop the call that brought it, or be skipped and noted."},
    {OptionId::html_safe,        "html_safe",        OptionType::boolean,  "false",        "be true or false",
     "Whether <, U+2028 and U+2029 are escaped too, so that the document can stand inside a page."},
    {OptionId::file,             "file",             OptionType::text,     "null",         "be a path, not empty and without NUL",
     "Path of the file that the document is written to, which appears complete or not at all; null: kept in memory."},
};
// clang-format on

/// A set of options as bits by OptionId.
using OptionSet = std::uint16_t;

constexpr OptionSet set_of(std::initializer_list<OptionId> ids) {
  unsigned set = 0;
  for (const OptionId id : ids) set |= 1U << static_cast<unsigned>(id);
  return static_cast<OptionSet>(set);
}
constexpr bool has(OptionSet set, OptionId id) { return ((static_cast<unsigned>(set) >> static_cast<unsigned>(id)) & 1U) != 0; }

constexpr OptionSet common_options = set_of({OptionId::on_refused, OptionId::html_safe, OptionId::file});
constexpr OptionSet closing_options =
    set_of({OptionId::message, OptionId::extended_message, OptionId::status, OptionId::status_code});

}  // namespace trainstat
