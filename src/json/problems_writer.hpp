// The rows taken and refused so far, as JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/status.hpp"
#include "formats/column.hpp"
#include "sink/buffer.hpp"

namespace trainstat {

struct Problem {
  std::int64_t row = 0;
  std::int32_t column = -1;  // -1: the row as a whole
  Message message;
};

void write_problems(std::uint64_t accepted, std::uint64_t refused, std::span<const Problem> problems,
                    std::span<const Column> columns, Buffer& buffer);

}  // namespace trainstat
