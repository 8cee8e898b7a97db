// What a host reads of a task.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace tasks {

struct Record {
  std::int64_t id = 0;
  std::string type;
  std::string scope;
  std::string status;
  std::optional<std::string> file;
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::int64_t started = 0;
  std::optional<std::int64_t> finished;

  bool operator==(const Record&) const = default;
};

void PrintTo(const Record& record, std::ostream* out);

/// Of the JSON that the library hands out: one object, or an array of them. Throws where it is anything else.
Record read_record(const std::string& json);
std::vector<Record> read_records(const std::string& json);

}  // namespace tasks
