// The options that a directory of tasks is opened with.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/status.hpp"

namespace trainstat {

struct TaskOptions {
  // Of finished tasks' records, which are removed beyond either.
  std::int64_t max_age = 30 * 24 * 60 * 60;  // seconds since it was written last
  std::int64_t max_count = 1000;

  /// `text` is one JSON object; null: the defaults. On a refusal the message names the option.
  static Status read(std::string_view text, TaskOptions& options);
};

}  // namespace trainstat
