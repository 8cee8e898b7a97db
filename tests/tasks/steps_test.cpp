// Every call of the library is ended at each of its system calls: by a kill, and by an error of the disk.
#include <sys/file.h>

#include <cerrno>
#include <csignal>
#include <functional>

#include "fault/in_child.hpp"
#include "tasks/registry.hpp"
#include "tasks/system_calls.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

constexpr int came_to_its_end = 42;

/// A call, and what is there before it.
struct Step {
  const char* name;
  std::function<void(const std::string& directory, Tasks& tasks, Task& task)> prepare;
  std::function<int32_t(const std::string& directory, Tasks& tasks, Task& task)> call;
};

void PrintTo(const Step& step, std::ostream* out) { *out << step.name; }

void nothing(const std::string&, Tasks&, Task&) {}

void begin(const std::string& directory, Tasks& tasks, Task& task) {
  EXPECT_EQ(tasks.open(directory), TS_OK) << tasks.error.message;
  EXPECT_EQ(tasks.claim(task, type, scope), TS_OK) << tasks.error.message;
}

void only_open(const std::string& directory, Tasks& tasks, Task&) { EXPECT_EQ(tasks.open(directory), TS_OK); }

/// As a killed process leaves it: its record says that it runs.
void leave_a_dead_one(const std::string& directory, Tasks& tasks, Task&) {
  fault::outcome_of(fault::start_child([&] {
    Tasks own(directory);
    Task task;
    own.claim(task, type, scope);
    task.release();
    ::_exit(0);
  }));
  EXPECT_EQ(tasks.open(directory), TS_OK);
}

const Step steps[] = {
    {"Opening", nothing, [](const std::string& directory, Tasks& tasks, Task&) { return tasks.open(directory); }},
    {"OpeningAndPruning",
     [](const std::string& directory, Tasks&, Task&) {
       Tasks own(directory);
       for (int count = 0; count < 3; ++count) {
         Task done;
         own.claim(done, "pruned", "");
         done.finish(TS_COMPLETED);
       }
     },
     [](const std::string& directory, Tasks& tasks, Task&) { return tasks.open(directory, R"({"max_count":1})"); }},
    {"Claiming", only_open, [](const std::string&, Tasks& tasks, Task& task) { return tasks.claim(task, type, scope); }},
    {"ClaimingWithoutIds",
     [](const std::string& directory, Tasks& tasks, Task& task) {
       only_open(directory, tasks, task);
       std::filesystem::remove(directory + "/ids");
     },
     [](const std::string&, Tasks& tasks, Task& task) { return tasks.claim(task, type, scope); }},
    {"OpeningAndClaimingWithoutIds",
     [](const std::string& directory, Tasks&, Task&) { std::filesystem::remove(directory + "/ids"); },
     [](const std::string& directory, Tasks& tasks, Task& task) {
       const int32_t status = tasks.open(directory);
       return status == TS_OK ? tasks.claim(task, type, scope) : status;
     }},
    {"ClaimingBehindADeadOne", leave_a_dead_one,
     [](const std::string&, Tasks& tasks, Task& task) { return tasks.claim(task, type, scope); }},
    {"Progress", begin, [](const std::string&, Tasks&, Task& task) { return task.progress(1, 2); }},
    {"Finishing", begin, [](const std::string&, Tasks&, Task& task) { return task.finish(TS_COMPLETED, "file"); }},
    {"Closing", begin,
     [](const std::string&, Tasks&, Task& task) {
       task.close();
       return static_cast<int32_t>(TS_OK);
     }},
    {"AskingForADeadOne", leave_a_dead_one,
     [](const std::string&, Tasks& tasks, Task&) {
       std::string json;
       return tasks.list(10, json);
     }},
};

std::string name_of(const testing::TestParamInfo<Step>& info) { return info.param.name; }

class TaskSteps : public Registry, public testing::WithParamInterface<Step> {
 protected:
  void SetUp() override {
    Tasks tasks = open();
    last_ = complete(tasks);
  }

  /// The next one gets in at once, under a new id, and nothing of the one before is in its way.
  void expect_in_order(const std::string& where) {
    Tasks tasks = open();
    const int64_t before = std::max(last_, ids(list(tasks, 1)).at(0));
    for (const Record& task : list(tasks)) EXPECT_NE(task.status, "progress") << where << ": task " << task.id;
    const Clock::time_point begin = Clock::now();
    last_ = complete(tasks);
    EXPECT_LT(milliseconds(Clock::now() - begin), is_sanitized ? 1000 : 200) << where;
    EXPECT_GT(last_, before) << where;
    EXPECT_EQ(names_of_damage(), Names{}) << where;
  }

  Names names_of_damage() const {
    Names found = names();
    std::erase_if(found, [](const std::string& name) { return name.find("damaged") == std::string::npos; });
    return found;
  }

  int64_t last_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Of, TaskSteps, testing::ValuesIn(steps), name_of);

TEST_P(TaskSteps, LeaveAllInOrderWhereTheProcessIsKilled) {
  std::uint64_t n = 0;
  int outcome = 0;
  while (outcome != came_to_its_end) {
    ++n;
    outcome = fault::outcome_of(fault::start_child([&] {
      Tasks tasks;
      Task task;
      GetParam().prepare(directory(), tasks, task);
      calls::end_process_at(n);
      {
        const calls::Watch watch;
        EXPECT_EQ(GetParam().call(directory(), tasks, task), TS_OK);
      }
      task.release();
      ::_exit(HasFailure() ? 1 : came_to_its_end);
    }));
    ASSERT_TRUE(outcome == came_to_its_end || outcome == fault::killed_by + SIGKILL) << outcome;
    expect_in_order("killed at system call " + std::to_string(n));
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(n, 3U);
  EXPECT_EQ(litter(), Names{});
}

TEST_P(TaskSteps, AnswerTheReasonAndLeaveAllInOrderWhereTheDiskFails) {
  bool has_struck = true;
  for (std::uint64_t n = 1; has_struck; ++n) {
    Tasks tasks;
    Task task;
    GetParam().prepare(directory(), tasks, task);
    const int64_t held = task.raw() != nullptr ? task.id : 0;
    if (held != 0) last_ = held;
    calls::fail_at(n, EIO);
    int32_t status = TS_OK;
    {
      const calls::Watch watch;
      status = GetParam().call(directory(), tasks, task);
    }
    has_struck = calls::give_back();
    const std::string where = std::string(calls::struck()) + " failed, system call " + std::to_string(n);
    EXPECT_TRUE(status == TS_OK || status == TS_FILE_FAILED) << where << ": " << status;
    if (status == TS_FILE_FAILED) {
      const ts_error& error = held != 0 ? task.error : tasks.error;
      EXPECT_EQ(error.detail, EIO) << where << ": " << error.message;
      EXPECT_NE(std::string(error.message).find("Input/output error"), std::string::npos) << where << ": " << error.message;
    }
    if (held != 0 && task.raw() != nullptr) {
      Tasks another = open();
      if (status == TS_FILE_FAILED) {
        // It still runs, and can be finished.
        expect_running(another, held);
        EXPECT_EQ(task.finish(TS_COMPLETED, "at last"), TS_OK) << where << task.error.message;
        EXPECT_EQ(state(another, held).file, "at last") << where;
      } else {
        const std::string found = status_of(another, held);
        EXPECT_TRUE(found == "progress" || found == "completed") << where << found;
      }
    } else if (task.raw() != nullptr) {
      EXPECT_EQ(status, TS_OK) << where;
      EXPECT_GT(task.id, last_) << where;
      Tasks another = open();
      expect_running(another, task.id);
      last_ = task.id;
    }
    task.close();
    expect_in_order(where);
    ASSERT_FALSE(HasFailure()) << where;
  }
}

class TaskOnDisk : public Registry {};

TEST_F(TaskOnDisk, IsTheEndBeforeTheNextOneIsLetIn) {
  static std::uint64_t before = 0;
  static std::vector<std::uint64_t> at_unlock;
  Tasks tasks = open();
  Task task = claim(tasks);
  at_unlock.clear();
  before = calls::syncs();
  calls::observe_locks([](int, int operation) {
    if ((operation & LOCK_UN) != 0) at_unlock.push_back(calls::syncs() - before);
  });
  {
    const calls::Watch watch;
    EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
  }
  calls::observe_locks(nullptr);
  EXPECT_EQ(at_unlock, std::vector<std::uint64_t>{2}) << "the record and its directory";
}

TEST_F(TaskOnDisk, IsTheIdBeforeAHostIsToldIt) {
  Tasks tasks = open();
  Task task;
  const std::uint64_t before = calls::syncs();
  {
    const calls::Watch watch;
    EXPECT_EQ(tasks.claim(task, type, scope), TS_OK);
  }
  EXPECT_GE(calls::syncs() - before, 2U) << "the record, whose name has the id, and its directory";
}

}  // namespace
}  // namespace tasks
