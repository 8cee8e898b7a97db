// A format: an envelope, the columns of its rows, and the options it knows.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "base/status.hpp"
#include "formats/column.hpp"
#include "formats/option.hpp"

namespace trainstat {

/// A member that every row has, whatever its cells. The text is written where it is not empty.
struct ConstantMember {
  std::string_view key;
  std::string_view text;
  std::int64_t integer = 0;
};

/// What stands around the rows, and how many there may be.
struct Envelope {
  enum class Shape : std::uint8_t {
    list,    // {"key":[row,...]}
    object,  // {"key":{row}}
    bare,    // no rows at all
  };
  static constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

  std::string_view key;
  Shape shape = Shape::list;
  std::uint64_t minimum_rows = 0;
  std::uint64_t maximum_rows = unlimited;
  // The closing members extended_message, message, status, status_code; none where the status is empty.
  std::string_view status = {};
  std::int64_t status_code = 0;

  constexpr bool has_closing() const { return !status.empty(); }
};

struct Format {
  std::string_view name;
  std::string_view meaning;
  Envelope envelope;
  std::span<const ConstantMember> constants;
  std::span<const Column> columns;
  OptionSet options = common_options;
  // What the option `forms` adds behind the columns, one for each id, which its key gets appended.
  const Column* form_column = nullptr;

  constexpr bool has_option(OptionId id) const { return has(options, id); }
};

/// Every format, in the order of the catalogue.
std::span<const Format* const> all_formats();

/// On a refusal the message names the format that was probably meant.
Status find_format(std::string_view name, const Format*& format);

}  // namespace trainstat
