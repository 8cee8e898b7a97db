// What is known of a task, as the JSON object that is kept on disk and handed out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sink/buffer.hpp"

namespace trainstat {

enum class TaskStatus : std::uint8_t { progress, completed, fail };

struct TaskRecord {
  std::int64_t id = 0;
  std::string type;
  std::string scope;
  TaskStatus status = TaskStatus::progress;
  std::optional<std::string> file;  // the report, or the log of a failure
  std::int64_t done = 0;
  std::int64_t total = 0;                // 0: unknown
  std::int64_t started = 0;              // Unix seconds
  std::optional<std::int64_t> finished;  // Unix seconds
};

/// Appends it, as in trainstat.h at ts_task_state.
void write_task_record(const TaskRecord& record, Buffer& buffer);

/// None where the text is anything else than what write_task_record wrote.
std::optional<TaskRecord> read_task_record(std::string_view text);

}  // namespace trainstat
