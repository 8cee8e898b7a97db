// One flat JSON object, taken apart: the options of a report, the record of a task.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trainstat {

/// A member of the object. Numbers are kept as they stand, so that nothing is rounded.
struct Member {
  enum class Kind { null, boolean, number, text, numbers, other };

  std::string name;
  Kind kind = Kind::null;
  bool boolean = false;
  std::string text;                  // of text, UTF-8; of number, its digits
  std::vector<std::string> numbers;  // of an array of numbers
};

/// The members in the order given, names twice included. None where the text is not one JSON object in UTF-8; nothing nested in a
/// member is kept, it makes the member's kind `other`.
std::optional<std::vector<Member>> read_object(std::string_view text);

}  // namespace trainstat
