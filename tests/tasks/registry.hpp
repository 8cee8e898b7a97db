// What the tests of tasks share: a directory of them, asked through the C ABI.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fault/scratch.hpp"
#include "tasks/handles.hpp"
#include "tasks/record.hpp"

namespace tasks {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

using Clock = std::chrono::steady_clock;
using Names = std::vector<std::string>;

constexpr std::string_view type = "trainings";
constexpr std::string_view scope = "company-7";
constexpr char record_of_first[] = "1.task";
constexpr char lock_of_type_and_scope[] = "lock.trainings.company-7";

inline double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

class Registry : public testing::Test {
 protected:
  /// The directory, opened; made where it is missing.
  host::Tasks open(std::string_view options = {}) const {
    host::Tasks tasks(directory(), options);
    EXPECT_NE(tasks.raw(), nullptr) << tasks.error.message;
    return tasks;
  }

  std::string directory() const { return scratch_.path("tasks"); }
  std::string path(const std::string& name) const { return directory() + "/" + name; }
  void put(const std::string& name, const std::string& bytes) const { scratch_.put("tasks/" + name, bytes); }
  std::optional<std::string> get(const std::string& name) const { return scratch_.get("tasks/" + name); }

  Names names() const {
    Names found;
    for (const auto& entry : std::filesystem::directory_iterator(directory()))
      found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    return found;
  }

  /// Names that no living task can account for.
  Names litter() const {
    Names found = names();
    std::erase_if(found, [](const std::string& name) { return !name.starts_with("."); });
    return found;
  }

  static host::Task claim(host::Tasks& tasks, std::string_view of_type = type, std::string_view of_scope = scope) {
    host::Task task;
    EXPECT_EQ(tasks.claim(task, of_type, of_scope), TS_OK) << tasks.error.message;
    EXPECT_GT(task.id, 0);
    return task;
  }

  /// A task that was claimed and completed.
  static int64_t complete(host::Tasks& tasks, std::string_view of_type = type, std::string_view of_scope = scope) {
    host::Task task = claim(tasks, of_type, of_scope);
    EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK) << task.error.message;
    return task.id;
  }

  static void expect_running(host::Tasks& tasks, int64_t id, std::string_view of_type = type,
                             std::string_view of_scope = scope) {
    host::Task task;
    EXPECT_EQ(tasks.claim(task, of_type, of_scope), TS_TASK_RUNNING) << tasks.error.message;
    EXPECT_EQ(tasks.error.status, TS_TASK_RUNNING);
    EXPECT_EQ(tasks.error.detail, id);
    EXPECT_EQ(tasks.error.row, -1);
    EXPECT_EQ(tasks.error.column, -1);
    EXPECT_EQ(task.raw(), nullptr);
    EXPECT_EQ(task.id, 0);
  }

  static Record state(host::Tasks& tasks, int64_t id) {
    std::string json;
    EXPECT_EQ(tasks.state(id, json), TS_OK) << "task " << id << ": " << tasks.error.message;
    return json.empty() ? Record() : read_record(json);
  }

  static std::string status_of(host::Tasks& tasks, int64_t id) { return state(tasks, id).status; }

  static void expect_no_state(host::Tasks& tasks, int64_t id, int32_t status) {
    std::string json = "kept";
    EXPECT_EQ(tasks.state(id, json), status) << json << tasks.error.message;
    EXPECT_EQ(tasks.error.status, status);
  }

  static std::vector<Record> list(host::Tasks& tasks, std::size_t most = SIZE_MAX) {
    std::string json;
    EXPECT_EQ(tasks.list(most, json), TS_OK) << tasks.error.message;
    return json.empty() ? std::vector<Record>() : read_records(json);
  }

  static std::vector<int64_t> ids(const std::vector<Record>& list) {
    std::vector<int64_t> found;
    for (const Record& task : list) found.push_back(task.id);
    return found;
  }

  const fault::Scratch scratch_;
};

}  // namespace tasks
