// The one JSON object that a report is opened with, taken apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trainstat {

/// A member of the object. Numbers are kept as they stand, so that nothing is rounded.
struct OptionValue {
  enum class Kind { null, boolean, number, text, numbers, other };

  std::string name;
  Kind kind = Kind::null;
  bool boolean = false;
  std::string text;                  // of text, UTF-8; of number, its digits
  std::vector<std::string> numbers;  // of an array of numbers
};

/// The members in the order given, names twice included. None where the text is not one JSON object in UTF-8; nothing nested in an
/// option is kept, it makes the option's kind `other`.
std::optional<std::vector<OptionValue>> read_options(std::string_view text);

}  // namespace trainstat
