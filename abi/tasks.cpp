#include "tasks/tasks.hpp"

#include "convert.hpp"
#include "guard.hpp"

using trainstat::Code;
using trainstat::Status;
using trainstat::Task;
using trainstat::Tasks;
using trainstat::TaskStatus;
using namespace trainstat::abi;

struct ts_tasks {
  std::unique_ptr<Tasks> tasks;
};

struct ts_task {
  std::unique_ptr<Task> task;
};

int32_t ts_tasks_open(const char* directory, size_t directory_length, const char* options, size_t options_length,
                      ts_tasks** tasks, ts_error* error) {
  return guard(error, [&] {
    std::string_view path;
    std::string_view texts;
    if (tasks == nullptr) return missing("tasks");
    if (!to_text(directory, directory_length, path)) return missing("directory");
    if (!to_text(options, options_length, texts)) return missing("options");
    auto handle = std::make_unique<ts_tasks>();
    if (Status status = Tasks::open(path, texts, handle->tasks); !status.is_ok()) return status;
    *tasks = handle.release();
    return Status::ok();
  });
}

int32_t ts_task_claim(ts_tasks* tasks, const char* type, size_t type_length, const char* scope, size_t scope_length,
                      ts_task** task, int64_t* id, ts_error* error) {
  return guard(error, [&] {
    std::string_view type_text;
    std::string_view scope_text;
    if (tasks == nullptr) return missing("tasks");
    if (!to_text(type, type_length, type_text)) return missing("type");
    if (!to_text(scope, scope_length, scope_text)) return missing("scope");
    if (task == nullptr || id == nullptr) return missing(task == nullptr ? "task" : "id");
    auto handle = std::make_unique<ts_task>();
    if (Status status = tasks->tasks->claim(type_text, scope_text, handle->task); !status.is_ok()) return status;
    *id = handle->task->id();
    *task = handle.release();
    return Status::ok();
  });
}

int32_t ts_task_progress(ts_task* task, uint64_t done, uint64_t total, ts_error* error) {
  return guard(error, [&] {
    if (task == nullptr) return missing("task");
    return task->task->progress(done, total);
  });
}

int32_t ts_task_finish(ts_task* task, int32_t outcome, const char* file, size_t file_length, ts_error* error) {
  return guard(error, [&] {
    std::string_view text;
    if (task == nullptr) return missing("task");
    if (!to_text(file, file_length, text)) return missing("file");
    if (outcome != TS_COMPLETED && outcome != TS_FAIL) {
      return Status::failure(Code::invalid_argument, "outcome must be TS_COMPLETED or TS_FAIL");
    }
    return task->task->finish(outcome == TS_COMPLETED ? TaskStatus::completed : TaskStatus::fail,
                              file == nullptr ? std::nullopt : std::optional(text));
  });
}

void ts_task_close(ts_task* task) {
  const trainstat::NoCancellation no_cancellation;
  delete task;
}

int32_t ts_task_state(ts_tasks* tasks, int64_t id, const char** json, size_t* length, ts_error* error) {
  return guard(error, [&] {
    if (tasks == nullptr) return missing("tasks");
    if (json == nullptr || length == nullptr) return missing(json == nullptr ? "json" : "length");
    std::string_view state;
    if (Status status = tasks->tasks->state(id, state); !status.is_ok()) return status;
    return hand_out(state, json, length);
  });
}

int32_t ts_tasks_list(ts_tasks* tasks, size_t most, const char** json, size_t* length, ts_error* error) {
  return guard(error, [&] {
    if (tasks == nullptr) return missing("tasks");
    if (json == nullptr || length == nullptr) return missing(json == nullptr ? "json" : "length");
    std::string_view states;
    if (Status status = tasks->tasks->list(most, states); !status.is_ok()) return status;
    return hand_out(states, json, length);
  });
}

void ts_tasks_close(ts_tasks* tasks) {
  const trainstat::NoCancellation no_cancellation;
  delete tasks;
}
