#include "tasks/tasks.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/system_failure.hpp"
#include "base/whole_number.hpp"
#include "tasks/gate.hpp"
#include "tasks/task_names.hpp"

namespace trainstat {
namespace {

using Found = TaskDirectory::Found;

constexpr std::int64_t litter_age = 60 * 60;  // seconds, which no write takes

Status busy() { return Status::failure(Code::busy, "the directory of the tasks is kept by other processes; try again"); }

Status unknown(std::int64_t id) { return Status::failure(Code::unknown_task, "there is no task {}", id); }

/// The id in a file of ours; 0 where there is none.
std::int64_t read_id(Found found, std::string_view text) {
  std::int64_t id = 0;
  return found == Found::text && read_whole(text, id) && id > 0 && id <= highest_task ? id : 0;
}

std::int64_t read_id(const LockFile& lock) {
  std::string text;
  const Found found = TaskDirectory::read(lock, text);
  return read_id(found, text);
}

}  // namespace

Tasks::Tasks(TaskOptions options, std::shared_ptr<const TaskDirectory> directory)
    : options_(options), directory_(std::move(directory)), owner_(::getpid()) {}

Status Tasks::open(std::string_view path, std::string_view options_text, std::unique_ptr<Tasks>& tasks) {
  TaskOptions options;
  if (Status status = TaskOptions::read(options_text, options); !status.is_ok()) return status;
  if (path.empty() || path.find('\0') != std::string_view::npos) {
    return Status::failure(Code::invalid_argument, "directory must be a path, not empty and without NUL");
  }
  auto directory = std::make_shared<TaskDirectory>();
  if (Status status = directory->open(path); !status.is_ok()) return status;
  std::unique_ptr<Tasks> opened(new Tasks(options, std::move(directory)));
  if (!opened->directory_->open_gate(opened->gate_)) {
    return system_failure(Code::file_failed, "the directory of the tasks cannot be opened", errno);
  }
  opened->least_id_ = opened->highest_named();
  opened->prune();
  tasks = std::move(opened);
  return Status::ok();
}

Status Tasks::check_own() const {
  if (owner_ == ::getpid()) return Status::ok();
  return Status::failure(Code::forked, "the tasks belong to the process that opened them");
}

Status Tasks::claim(std::string_view type, std::string_view scope, std::unique_ptr<Task>& task) {
  if (Status status = check_own(); !status.is_ok()) return status;
  const std::optional<std::string> name = lock_name(type, scope);
  if (!name) {
    return Status::failure(
        Code::invalid_argument,
        "type and scope must be UTF-8 without NUL, of 1 to 200 bytes together (other than A-Z a-z 0-9 _ - count three); "
        "type must not be empty");
  }
  auto claimed = std::make_unique<Task>(directory_);
  claimed->record_.type = type;
  claimed->record_.scope = scope;
  if (Status status = begin(*claimed, *name); !status.is_ok()) return status;
  // Outside the gate, where nobody waits for the disk.
  if (Status status = directory_->sync(record_name(claimed->record_.id)); !status.is_ok()) return status;
  prune();
  task = std::move(claimed);
  return Status::ok();
}

Status Tasks::begin(Task& task, const std::string& name) {
  const Gate gate(gate_);
  if (!gate.is_held()) return busy();
  bool is_taken = false;
  if (Status status = directory_->lock(name, task.lock_, is_taken); !status.is_ok()) return status;
  const std::int64_t last = read_id(task.lock_);
  if (is_taken) {
    if (last == 0) return busy();
    Status status = Status::failure(Code::task_running, "task {} of this type and scope is running", last);
    status.detail = last;
    return status;
  }
  if (last > 0) settle_previous(last);
  TaskRecord& record = task.record_;
  std::int64_t id = 0;
  if (Status status = next_id(last, id); !status.is_ok()) return status;
  if (Status status = TaskDirectory::write(task.lock_, std::to_string(id)); !status.is_ok()) return status;
  record.started = now();
  TaskRecord first = record;
  first.id = id;
  if (Status status = keep_record(*directory_, first, false); !status.is_ok()) return status;
  record.id = id;
  return Status::ok();
}

Status Tasks::next_id(std::int64_t last_of_lock, std::int64_t& id) {
  Found found = Found::nothing;
  std::string text;
  if (Status status = directory_->read(ids_name, found, text); !status.is_ok()) return status;
  std::int64_t last = read_id(found, text);
  if (last == 0) {
    last = std::max(highest_named(), highest_locked());
    if (found != Found::nothing) {
      if (Status status = directory_->set_aside(ids_name); !status.is_ok()) return status;
    }
  }
  id = std::max({last, last_of_lock, least_id_}) + 1;
  if (id > highest_task) return Status::failure(Code::internal, "the ids of the tasks are used up");
  return directory_->replace(ids_name, std::to_string(id), false);
}

std::int64_t Tasks::highest_named() const {
  std::int64_t highest = 0;
  for (const std::string& name : directory_->names()) highest = std::max(highest, id_in_name(name).value_or(0));
  return highest;
}

std::int64_t Tasks::highest_locked() const {
  std::int64_t highest = 0;
  for (const std::string& name : directory_->names()) {
    Found found = Found::nothing;
    std::string text;
    if (name.starts_with(lock_prefix) && directory_->read(name, found, text).is_ok())
      highest = std::max(highest, read_id(found, text));
  }
  return highest;
}

void Tasks::settle_previous(std::int64_t id) const {
  directory_->remove_unfinished(record_name(id));
  TaskRecord record;
  if (read(id, record).is_ok() && record.status == TaskStatus::progress) fail(record);
}

Status Tasks::state(std::int64_t id, std::string_view& json) {
  if (Status status = check_own(); !status.is_ok()) return status;
  TaskRecord record;
  if (Status status = find(id, record); !status.is_ok()) return status;
  aside_.truncate(0);
  write_task_record(record, aside_);
  aside_.terminate();
  json = aside_.view();
  return Status::ok();
}

Status Tasks::list(std::size_t most, std::string_view& json) {
  if (Status status = check_own(); !status.is_ok()) return status;
  aside_.truncate(0);
  aside_.put('[');
  std::size_t listed = 0;
  for (const std::int64_t id : ids()) {
    if (listed == most) break;
    TaskRecord record;
    const Status status = find(id, record);
    if (status.code == Code::unknown_task || status.code == Code::task_damaged) continue;
    if (!status.is_ok()) return status;
    if (listed++ > 0) aside_.put(',');
    write_task_record(record, aside_);
  }
  aside_.put(']');
  aside_.terminate();
  json = aside_.view();
  return Status::ok();
}

Status Tasks::find(std::int64_t id, TaskRecord& record) {
  if (Status status = read(id, record); !status.is_ok() || record.status != TaskStatus::progress) return status;
  const Gate gate(gate_);
  return gate.is_held() ? settle(record) : busy();
}

Status Tasks::read(std::int64_t id, TaskRecord& record) const {
  if (id < 1 || id > highest_task) return unknown(id);
  const std::string name = record_name(id);
  Found found = Found::nothing;
  std::string text;
  if (Status status = directory_->read(name, found, text); !status.is_ok()) return status;
  if (found == Found::nothing && !directory_->is_set_aside(name)) return unknown(id);
  if (found == Found::text) {
    if (std::optional<TaskRecord> known = read_task_record(text); known && known->id == id) {
      record = std::move(*known);
      return Status::ok();
    }
  }
  if (found != Found::nothing) {
    if (Status status = directory_->set_aside(name); !status.is_ok()) return status;
  }
  return Status::failure(Code::task_damaged, "the record of task {} was damaged and has been set aside", id);
}

/// Under the gate: a record that says "progress" is true only while its own task holds the lock.
Status Tasks::settle(TaskRecord& record) const {
  const std::optional<std::string> name = lock_name(record.type, record.scope);
  if (name) {
    LockFile lock;
    bool is_taken = false;
    if (Status status = directory_->lock(*name, lock, is_taken); !status.is_ok()) return status;
    if (is_taken && read_id(lock) <= record.id) return Status::ok();
  }
  // It may have finished since it was read; what it recorded before it let the lock go is there now.
  if (Status status = read(record.id, record); !status.is_ok() || record.status != TaskStatus::progress) return status;
  fail(record);
  return Status::ok();
}

void Tasks::fail(TaskRecord& record) const {
  record.status = TaskStatus::fail;
  record.finished = now();
  static_cast<void>(keep_record(*directory_, record, false));  // where it cannot be kept, whoever asks next finds the same
}

/// The newest first.
std::vector<std::int64_t> Tasks::ids() const {
  std::vector<std::int64_t> found;
  for (const std::string& name : directory_->names()) {
    if (is_record_name(name)) found.push_back(*id_in_name(name));
  }
  std::ranges::sort(found, std::ranges::greater());
  return found;
}

void Tasks::prune() {
  const std::int64_t moment = now();
  const auto age = [&](const std::string& name) { return moment - directory_->changed(name).value_or(moment); };
  for (const std::string& name : directory_->names()) {
    if (is_record_name(name)) continue;
    const bool is_record_aside = id_in_name(name).has_value();
    if (is_record_aside ? age(name) > options_.max_age : is_unfinished_name(name) && age(name) > litter_age)
      directory_->remove(name);
  }
  const std::vector<std::int64_t> found = ids();
  for (std::size_t place = 1; place < found.size(); ++place) {  // the newest stays, and with it the last id
    const std::string name = record_name(found[place]);
    if (static_cast<std::int64_t>(place) < options_.max_count && age(name) <= options_.max_age) continue;
    TaskRecord record;
    if (find(found[place], record).is_ok() && record.status != TaskStatus::progress) directory_->remove(name);
  }
}

}  // namespace trainstat
