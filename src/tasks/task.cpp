#include "tasks/task.hpp"

#include <unistd.h>

#include <ctime>
#include <exception>
#include <limits>

#include "base/utf8.hpp"
#include "tasks/task_names.hpp"

namespace trainstat {
namespace {

constexpr std::size_t longest_file = 4096;

bool is_beyond(std::uint64_t count) { return count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()); }

}  // namespace

std::int64_t now() { return static_cast<std::int64_t>(std::time(nullptr)); }

Status keep_record(const TaskDirectory& directory, const TaskRecord& record, bool durable) {
  Buffer text;
  write_task_record(record, text);
  return directory.replace(record_name(record.id), text.view(), durable);
}

Task::Task(std::shared_ptr<const TaskDirectory> directory) : directory_(std::move(directory)), owner_(::getpid()) {}

Task::~Task() {
  if (record_.id == 0 || !check_running().is_ok()) return;
  try {
    // Where it cannot be recorded it is known all the same: its lock is free and its record says that it runs.
    static_cast<void>(finish(TaskStatus::fail, std::nullopt));
  } catch (const std::exception&) {
  }
}

Status Task::check_running() const {
  if (owner_ != ::getpid()) return Status::failure(Code::forked, "a task belongs to the process that claimed it");
  if (record_.status != TaskStatus::progress) return Status::failure(Code::task_finished, "the task is finished");
  return Status::ok();
}

Status Task::progress(std::uint64_t done, std::uint64_t total) {
  if (Status status = check_running(); !status.is_ok()) return status;
  if (is_beyond(done) || is_beyond(total)) {
    return Status::failure(Code::invalid_argument, "{} is beyond the 64-bit integers", is_beyond(done) ? "done" : "total");
  }
  record_.done = static_cast<std::int64_t>(done);
  record_.total = static_cast<std::int64_t>(total);
  return keep_record(*directory_, record_, false);
}

Status Task::finish(TaskStatus outcome, std::optional<std::string_view> file) {
  if (Status status = check_running(); !status.is_ok()) return status;
  TaskRecord ended = record_;
  if (file) {
    if (file->size() > longest_file || !is_utf8(*file) || file->find('\0') != std::string_view::npos) {
      return Status::failure(Code::invalid_argument, "file must be UTF-8 without NUL, of at most {} bytes", longest_file);
    }
    ended.file = *file;
  }
  ended.status = outcome;
  ended.finished = now();
  if (Status status = keep_record(*directory_, ended, true); !status.is_ok()) return status;
  record_ = std::move(ended);
  lock_.reset();
  return Status::ok();
}

}  // namespace trainstat
