// The options of one report, read and checked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "base/zone.hpp"
#include "formats/format.hpp"
#include "json/envelope_writer.hpp"

namespace trainstat {

/// The refusal of an option that nothing is named after; `names` are those that there are.
Status unknown_option(std::string_view name, std::span<const std::string_view> names);

struct Options {
  std::vector<std::int32_t> forms;
  Zone zone;
  bool extended_mode = false;
  Closing closing;
  bool skips_refused = false;
  bool html_safe = false;
  std::optional<std::string> file;

  /// `text` is one JSON object; null: the defaults. On a refusal the message names the option.
  static Status read(const Format& format, std::string_view text, Options& options);
};

}  // namespace trainstat
