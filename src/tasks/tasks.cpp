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

// A stranger's file must not be able to use up the ids by its name.
constexpr std::int64_t highest_believed = 100'000'000'000'000;
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

/// Of the records, the newest first.
std::vector<std::int64_t> ids_among(const std::vector<std::string>& names) {
  std::vector<std::int64_t> ids;
  for (const std::string& name : names) {
    if (is_record_name(name)) ids.push_back(*id_in_name(name));
  }
  std::ranges::sort(ids, std::ranges::greater());
  return ids;
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
  if (Status status = opened->find_highest_named(opened->least_id_); !status.is_ok()) return status;
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

Status Tasks::begin(Task& task, const std::string& lock_name) {
  const Gate gate(gate_);
  if (!gate.is_held()) return busy();
  Status status = take(task, lock_name);
  // Before the gate opens: nobody must find a lock taken that no task holds.
  if (!status.is_ok()) task.lock_.reset();
  return status;
}

Status Tasks::take(Task& task, const std::string& lock_name) {
  bool is_taken = false;
  if (Status status = directory_->lock(lock_name, task.lock_, is_taken); !status.is_ok()) return status;
  const std::int64_t last = read_id(task.lock_);
  if (is_taken) {
    if (last == 0) return busy();
    Status status = Status::failure(Code::task_running, "task {} of this type and scope is running", last);
    status.detail = last;
    return status;
  }
  if (last > 0) settle_previous(last);
  TaskRecord first = task.record_;
  if (Status status = next_id(last, first.id); !status.is_ok()) return status;
  if (Status status = TaskDirectory::write(task.lock_, std::to_string(first.id)); !status.is_ok()) return status;
  first.started = now();
  if (Status status = keep_record(*directory_, first, false); !status.is_ok()) return status;
  task.record_ = std::move(first);
  return Status::ok();
}

Status Tasks::next_id(std::int64_t last_of_lock, std::int64_t& id) {
  LockFile ids;  // under the gate, so it needs no lock of its own
  if (Status status = directory_->open_lasting(ids_name, ids); !status.is_ok()) return status;
  std::int64_t last = read_id(ids);
  if (last == 0) {
    std::int64_t locked = 0;
    if (Status status = find_highest_named(last); !status.is_ok()) return status;
    if (Status status = find_highest_locked(locked); !status.is_ok()) return status;
    last = std::max(last, locked);
  }
  last = std::max({last, last_of_lock, least_id_});
  if (directory_->has(record_name(last + 1))) {  // somebody has put an older file in the place of the ids
    if (Status status = find_highest_named(last); !status.is_ok()) return status;
  }
  if (last == highest_task) return Status::failure(Code::internal, "the ids of the tasks are used up");
  id = last + 1;
  return TaskDirectory::write(ids, std::to_string(id));
}

Status Tasks::find_highest_named(std::int64_t& highest) const {
  std::vector<std::string> names;
  if (Status status = directory_->list(names); !status.is_ok()) return status;
  for (const std::string& name : names) {
    const std::int64_t id = id_in_name(name).value_or(0);
    if (id < highest_believed) highest = std::max(highest, id);
  }
  return Status::ok();
}

Status Tasks::find_highest_locked(std::int64_t& highest) const {
  std::vector<std::string> names;
  if (Status status = directory_->list(names); !status.is_ok()) return status;
  for (const std::string& name : names) {
    if (!name.starts_with(lock_prefix)) continue;
    Found found = Found::nothing;
    std::string text;
    if (Status status = directory_->read(name, found, text); !status.is_ok()) return status;
    highest = std::max(highest, read_id(found, text));
  }
  return Status::ok();
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
  std::vector<std::string> names;
  if (Status status = directory_->list(names); !status.is_ok()) return status;
  aside_.truncate(0);
  aside_.put('[');
  std::size_t listed = 0;
  for (const std::int64_t id : ids_among(names)) {
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
  if (Status status = read_file(name, id, found, record); !status.is_ok() || found == Found::text) return status;
  if (found == Found::nothing && !directory_->has(aside_name(name))) return unknown(id);
  if (found == Found::damage) {
    if (Status status = directory_->set_aside(name); !status.is_ok()) return status;
    // Its writer may have replaced it in the meantime: then what was set aside is whole, and belongs back.
    if (Status status = read_file(aside_name(name), id, found, record); !status.is_ok()) return status;
    if (found == Found::text) {
      directory_->put_back(name);
      return Status::ok();
    }
  }
  return Status::failure(Code::task_damaged, "the record of task {} was damaged and has been set aside", id);
}

/// What is whole must be the record of this very task, too.
Status Tasks::read_file(const std::string& name, std::int64_t id, Found& found, TaskRecord& record) const {
  std::string text;
  if (Status status = directory_->read(name, found, text); !status.is_ok() || found != Found::text) return status;
  std::optional<TaskRecord> known = read_task_record(text);
  if (known && known->id == id) {
    record = std::move(*known);
  } else {
    found = Found::damage;
  }
  return Status::ok();
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

/// What cannot be removed now is another time.
void Tasks::prune() {
  const std::int64_t moment = now();
  const auto age = [&](const std::string& name) { return moment - directory_->changed(name).value_or(moment); };
  std::vector<std::string> names;
  if (!directory_->list(names).is_ok()) return;
  for (const std::string& name : names) {
    if (is_record_name(name)) continue;
    const bool is_record_aside = id_in_name(name).has_value();
    if (is_record_aside ? age(name) > options_.max_age : is_unfinished_name(name) && age(name) > litter_age)
      directory_->remove(name);
  }
  const std::vector<std::int64_t> ids = ids_among(names);
  bool has_newest = false;  // which stays, and with it the last id
  for (std::size_t place = 0; place < ids.size(); ++place) {
    const std::string name = record_name(ids[place]);
    TaskRecord record;
    if (!has_newest) {
      has_newest = read(ids[place], record).is_ok();
    } else if (static_cast<std::int64_t>(place) >= options_.max_count || age(name) > options_.max_age) {
      if (find(ids[place], record).is_ok() && record.status != TaskStatus::progress) directory_->remove(name);
    }
  }
}

}  // namespace trainstat
