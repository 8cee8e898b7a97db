// The calls of tasks where memory ends.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "fault/fail_everywhere.hpp"
#include "fault/failing_memory.hpp"
#include "fault/scratch.hpp"
#include "fault/trial.hpp"
#include "tasks/handles.hpp"

namespace {

using fault::fail_everywhere;
using fault::nothing;
using fault::Scratch;
using fault::Trial;

constexpr char type_of_task[] = "a type of a name that is longer than what is kept in place";

/// One task from its claim to its end, as the C ABI's hosts go through it. A claim that was made again has another id than in the
/// undisturbed run, so the transcript tells what was answered, and expectations what was handed out.
void run_task(Trial& trial, const std::string& directory, bool without_ids) {
  const std::string options = R"({"max_count":1000,"max_age":2592000})";
  const std::string type = type_of_task;
  const std::string file = "https://lms.example/reports/a-report-of-a-long-name.json";
  ts_tasks* tasks = nullptr;
  ts_task* task = nullptr;
  ts_task* none = nullptr;
  int64_t id = 0;
  std::string told;
  const auto ask = [&](const char* what, auto&& call) {
    const char* json = nullptr;
    size_t length = 0;
    trial.call(what, [&] { return call(&json, &length); });
    if (json != nullptr) told.assign(json, length);
  };
  const auto ask_for_state = [&] {
    ask("state", [&](auto... out) { return ts_task_state(tasks, id, out..., trial.error()); });
  };
  const auto ask_for_list = [&] { ask("list", [&](auto... out) { return ts_tasks_list(tasks, 100, out..., trial.error()); }); };
  const auto expect_told = [&](const std::string& status) {
    const std::string beginning =
        "{\"id\":" + std::to_string(id) + ",\"type\":\"" + type + R"(","scope":"","status":")" + status;
    EXPECT_EQ(told.substr(told.starts_with('[') ? 1 : 0, beginning.size()), beginning);
  };
  try {
    trial.call("open", [&] {
      return ts_tasks_open(directory.data(), directory.size(), options.data(), options.size(), &tasks, trial.error());
    });
    if (without_ids) std::filesystem::remove(directory + "/ids");
    trial.call("claim", [&] { return ts_task_claim(tasks, type.data(), type.size(), nullptr, 0, &task, &id, trial.error()); });
    EXPECT_GT(id, 1) << "an id given twice";
    trial.call("claim what is running", [&] {
      int64_t other = 0;
      const int32_t status = ts_task_claim(tasks, type.data(), type.size(), nullptr, 0, &none, &other, trial.error());
      return status == TS_TASK_RUNNING && trial.error()->detail == id ? TS_OK : status;
    });
    trial.call("progress", [&] { return ts_task_progress(task, 1, 2, trial.error()); });
    ask_for_state();
    expect_told("progress");
    ask_for_list();
    expect_told("progress");
    trial.call("finish", [&] { return ts_task_finish(task, TS_COMPLETED, file.data(), file.size(), trial.error()); });
    ask_for_state();
    expect_told("completed");
    EXPECT_NE(told.find(file), std::string::npos);
    ask_for_list();
    expect_told("completed");
    trial.call("claim nothing", [&] { return ts_task_claim(tasks, "", 0, "", 0, &none, &id, trial.error()); });
    trial.call("state of none", [&] { return ts_task_state(tasks, 0, nullptr, nullptr, trial.error()); });
  } catch (const Trial::GivenUp&) {
  }
  EXPECT_EQ(none, nullptr);
  const memory::Watch watch;
  ts_task_close(task);
  ts_tasks_close(tasks);
}

/// Some ten thousand records are written: to memory, where the machine has such a file system.
class NoMemoryForATask : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (std::filesystem::exists("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
  }
};

TEST_P(NoMemoryForATask, LeavesNoLockBehindAndGivesNoIdTwice) {
  const Scratch scratch;
  const std::string directory = scratch.path("tasks");
  int64_t last = 0;
  const auto expect_free = [&](bool) {
    host::Tasks tasks(directory, R"({"max_count":5})");
    host::Task task;
    ASSERT_EQ(tasks.claim(task, type_of_task, ""), TS_OK) << tasks.error.message;
    EXPECT_GT(task.id, last);
    last = task.id;
    EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
    std::string json;
    ASSERT_EQ(tasks.list(100, json), TS_OK);
    EXPECT_EQ(json.find("progress"), std::string::npos) << json;
    for (const std::string& name : scratch.names()) EXPECT_EQ(name, "tasks");
  };
  expect_free(false);
  EXPECT_GT(fail_everywhere([&](Trial& trial) { run_task(trial, directory, GetParam()); }, expect_free), 20U);
}

std::string ids_of(const testing::TestParamInfo<bool>& tested) { return tested.param ? "WithoutIds" : "WithIds"; }

INSTANTIATE_TEST_SUITE_P(Claimed, NoMemoryForATask, testing::Bool(), ids_of);

TEST(NoMemoryForTheTasks, NeverTurnsOneRefusalIntoAnother) {
  const Scratch scratch;
  scratch.put("file", "");
  std::filesystem::create_symlink(scratch.path(), scratch.path("link"));
  const std::string taken = scratch.path("a name of a directory that is longer than what is kept in place");
  const std::vector<std::pair<std::string, std::string>> refused = {
      {scratch.path("file"), "{}"},
      {scratch.path("link"), "{}"},
      {scratch.path("missing/tasks"), "{}"},
      {"", "{}"},
      {taken, "[]"},
      {taken, R"({"a name of an option that is nobody's":[1,2,3]})"},
      {taken, R"({"max_ages":1})"},
      {taken, R"({"max_age":"a text that is longer than what is kept in place"})"},
      {taken, R"({"max_count":1,"max_count":1})"},
  };
  for (const auto& refusal : refused) {
    const auto& directory = refusal.first;  // which a lambda may capture, unlike a binding's name with clang 14
    const auto& options = refusal.second;
    fail_everywhere(
        [&](Trial& trial) {
          ts_tasks* tasks = nullptr;
          trial.call("open", [&] {
            return ts_tasks_open(directory.data(), directory.size(), options.data(), options.size(), &tasks, trial.error());
          });
          EXPECT_EQ(tasks, nullptr);
        },
        nothing);
  }
}

}  // namespace
