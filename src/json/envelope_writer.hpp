// What stands before and behind the rows of a document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "formats/format.hpp"

namespace trainstat {

/// The values of the closing members; none is null.
struct Closing {
  std::optional<std::string> message;
  std::optional<std::string> extended_message;
  std::string status;
  std::int64_t status_code = 0;
};

struct EnvelopeText {
  std::string head;
  std::string tail;
};

/// The rows go between the two, in a list joined by commas.
EnvelopeText write_envelope(const Envelope& envelope, const Closing& closing, bool html_safe);

}  // namespace trainstat
