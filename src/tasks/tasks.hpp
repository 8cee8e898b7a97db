// A directory of tasks: at most one runs of each type and scope.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "json/task_record.hpp"
#include "sink/buffer.hpp"
#include "tasks/lock_file.hpp"
#include "tasks/task.hpp"
#include "tasks/task_directory.hpp"
#include "tasks/task_options.hpp"

namespace trainstat {

/// The lock of a type and scope is the only truth; it is taken and looked at under the gate, a lock on the directory held for an
/// instant, so that whoever finds it taken finds the holder's id in it.
class Tasks {
 public:
  static Status open(std::string_view directory, std::string_view options, std::unique_ptr<Tasks>& tasks);

  Status claim(std::string_view type, std::string_view scope, std::unique_ptr<Task>& task);

  /// As JSON; valid until the next call of this or list().
  Status state(std::int64_t id, std::string_view& json);
  Status list(std::size_t most, std::string_view& json);

 private:
  Tasks(TaskOptions options, std::shared_ptr<const TaskDirectory> directory);

  Status check_own() const;
  Status begin(Task& task, const std::string& lock_name);
  Status take(Task& task, const std::string& lock_name);
  Status next_id(std::int64_t last_of_lock, std::int64_t& id);
  Status find_highest_named(std::int64_t& highest) const;
  Status find_highest_locked(std::int64_t& highest) const;
  void settle_previous(std::int64_t id) const;
  Status find(std::int64_t id, TaskRecord& record);
  Status read(std::int64_t id, TaskRecord& record) const;
  Status read_file(const std::string& name, std::int64_t id, TaskDirectory::Found& found, TaskRecord& record) const;
  Status settle(TaskRecord& record) const;
  void fail(TaskRecord& record) const;
  void prune();

  TaskOptions options_;
  std::shared_ptr<const TaskDirectory> directory_;
  LockFile gate_;
  pid_t owner_;
  std::int64_t least_id_ = 0;  // the highest record that was there at the opening
  Buffer aside_;
};

}  // namespace trainstat
