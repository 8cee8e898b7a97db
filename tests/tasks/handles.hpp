// A directory of tasks, and a task of the C ABI, that close themselves.
#pragma once

#include <trainstat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace host {

/// A running task. Calls pass their status through and fill `error`.
class Task {
 public:
  Task() = default;
  Task(Task&& other) noexcept : id(other.id), error(other.error), raw_(std::exchange(other.raw_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(id, other.id);
    std::swap(error, other.error);
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~Task() { close(); }

  int32_t progress(uint64_t done, uint64_t total) { return ts_task_progress(raw_, done, total, &error); }

  int32_t finish(int32_t outcome, std::optional<std::string_view> file = std::nullopt) {
    return ts_task_finish(raw_, outcome, file ? file->data() : nullptr, file ? file->size() : 0, &error);
  }
  void close() { ts_task_close(std::exchange(raw_, nullptr)); }
  /// Forgets the task without closing it.
  ts_task* release() { return std::exchange(raw_, nullptr); }
  ts_task* raw() const { return raw_; }

  int64_t id = 0;
  ts_error error{};

 private:
  friend class Tasks;
  ts_task* raw_ = nullptr;
};

class Tasks {
 public:
  Tasks() = default;
  explicit Tasks(std::string_view directory, std::string_view options = {}) { open(directory, options); }
  Tasks(Tasks&& other) noexcept : error(other.error), raw_(std::exchange(other.raw_, nullptr)) {}
  Tasks& operator=(Tasks&&) = delete;
  ~Tasks() { close(); }

  /// No text: the defaults.
  int32_t open(std::string_view directory, std::string_view options = {}) {
    return ts_tasks_open(directory.data(), directory.size(), options.empty() ? nullptr : options.data(), options.size(), &raw_,
                         &error);
  }
  void close() { ts_tasks_close(std::exchange(raw_, nullptr)); }
  /// Forgets the directory without closing it.
  ts_tasks* release() { return std::exchange(raw_, nullptr); }
  ts_tasks* raw() const { return raw_; }

  /// Into a task that holds none.
  int32_t claim(Task& task, std::string_view type, std::string_view scope) {
    return ts_task_claim(raw_, type.data(), type.size(), scope.data(), scope.size(), &task.raw_, &task.id, &error);
  }

  int32_t state(int64_t id, std::string& json) {
    return take(json, [&](auto... out) { return ts_task_state(raw_, id, out..., &error); });
  }
  int32_t list(std::size_t most, std::string& json) {
    return take(json, [&](auto... out) { return ts_tasks_list(raw_, most, out..., &error); });
  }

  ts_error error{};

 private:
  template <class Call>
  static int32_t take(std::string& text, Call&& call) {
    const char* json = nullptr;
    size_t length = 0;
    const int32_t status = call(&json, &length);
    text.assign(json == nullptr ? "" : json, length);
    return status;
  }

  ts_tasks* raw_ = nullptr;
};

}  // namespace host
