// A running task, held by whoever claimed it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/status.hpp"
#include "json/task_record.hpp"
#include "tasks/lock_file.hpp"
#include "tasks/task_directory.hpp"

namespace trainstat {

/// Its lock is the truth of its running; its record is what others may know.
class Task {
 public:
  explicit Task(std::shared_ptr<const TaskDirectory> directory);
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  /// An unfinished one is recorded as failed. Records first, unlocks then: a lock that is free means that the record is final.
  ~Task();

  Status progress(std::uint64_t done, std::uint64_t total);
  Status finish(TaskStatus outcome, std::optional<std::string_view> file);

  std::int64_t id() const { return record_.id; }

 private:
  friend class Tasks;  // whose claim() takes the lock and gives the id

  Status check_running() const;

  std::shared_ptr<const TaskDirectory> directory_;
  pid_t owner_;
  LockFile lock_;
  TaskRecord record_;
};

/// Puts the record in its place; `durable`: on disk before it answers.
Status keep_record(const TaskDirectory& directory, const TaskRecord& record, bool durable);

/// Unix seconds.
std::int64_t now();

}  // namespace trainstat
