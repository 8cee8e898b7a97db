// Rows of ekvio.errors by the thousand, and the document they make.
#pragma once

#include <string>

#include "abi/handle.hpp"

namespace fault {

/// A document of `rows` rows, each with a message of `size` letters; told apart by the letter.
struct ErrorRows {
  int rows = 1;
  std::size_t size = 10;
  char letter = 'a';

  std::string message() const { return std::string(size, letter); }

  std::string document() const {
    std::string text = "{\"errors\":[";
    for (int row = 0; row < rows; ++row) {
      text += std::string(row > 0 ? "," : "") + "{\"code\":" + std::to_string(row) + R"(,"field":"f","message":")" + message() +
              "\"}";
    }
    return text + "]}";
  }

  /// The first status that is not TS_OK.
  int32_t append_to(host::Handle& report) const {
    const std::string text = message();
    for (int row = 0; row < rows; ++row) {
      const int32_t status = report.append({host::integer(row), host::text("f"), host::text(text)});
      if (status != TS_OK) return status;
    }
    return TS_OK;
  }
};

constexpr std::size_t far_more_than_is_kept = std::size_t{1} << 20U;  // a report writes to its file in smaller pieces

}  // namespace fault
