// Records that are old or many go; never a running task's, never the newest.
#include <fcntl.h>
#include <sys/stat.h>

#include <csignal>
#include <ctime>

#include "fault/in_child.hpp"
#include "tasks/registry.hpp"
#include "tasks/sealed.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;
using Ids = std::vector<int64_t>;

constexpr std::time_t day = 86400;

class TaskPruning : public Registry {
 protected:
  void complete_many(int count) const {
    Tasks tasks = open();
    for (int task = 0; task < count; ++task) complete(tasks);
  }

  /// Lets a record be that many seconds old.
  void age(int64_t id, std::time_t seconds) const {
    timespec times[2] = {};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = std::time(nullptr) - seconds;
    ASSERT_EQ(::utimensat(AT_FDCWD, path(std::to_string(id) + ".task").c_str(), times, 0), 0);
  }
};

TEST_F(TaskPruning, RemovesWhatIsOlderThan30DaysAtOpen) {
  complete_many(4);
  age(1, 31 * day);
  age(2, 30 * day + 60);
  age(3, 30 * day - 60);
  Tasks tasks = open();
  EXPECT_EQ(ids(list(tasks)), (Ids{4, 3}));
  expect_no_state(tasks, 1, TS_UNKNOWN_TASK);
  EXPECT_EQ(get(record_of_first), std::nullopt);
}

TEST_F(TaskPruning, RemovesWhatIsOlderThanMaxAge) {
  complete_many(3);
  age(1, 3600);
  age(2, 50);
  Tasks tasks = open(R"({"max_age":100})");
  EXPECT_EQ(ids(list(tasks)), (Ids{3, 2}));
}

TEST_F(TaskPruning, RemovesTheOldestBeyondMaxCountAtOpen) {
  complete_many(12);
  Tasks tasks = open(R"({"max_count":3})");
  EXPECT_EQ(ids(list(tasks)), (Ids{12, 11, 10}));
  Tasks one = open(R"({"max_count":1})");
  EXPECT_EQ(ids(list(one)), (Ids{12}));
}

TEST_F(TaskPruning, RemovesAtClaimToo) {
  Tasks tasks = open(R"({"max_count":3,"max_age":1000})");
  for (int task = 0; task < 10; ++task) {
    complete(tasks);
    EXPECT_LE(list(tasks).size(), 4U);
  }
  age(9, 5000);
  const Task task = claim(tasks);
  EXPECT_EQ(task.id, 11);
  expect_no_state(tasks, 9, TS_UNKNOWN_TASK);
  EXPECT_EQ(status_of(tasks, 10), "completed");
}

TEST_F(TaskPruning, KeepsAThousandByItself) {
  { open(); }
  for (int64_t id = 1; id <= 1005; ++id) put(std::to_string(id) + ".task", sealed_record(id));
  Tasks tasks = open();
  EXPECT_EQ(list(tasks).size(), 1000U);
  expect_no_state(tasks, 5, TS_UNKNOWN_TASK);
  EXPECT_EQ(status_of(tasks, 6), "completed");
  EXPECT_EQ(claim(tasks).id, 1006);
}

TEST_F(TaskPruning, NeverRemovesTheNewest) {
  complete_many(3);
  for (const int64_t id : {1, 2, 3}) age(id, 400 * day);
  Tasks tasks = open(R"({"max_age":1,"max_count":1})");
  EXPECT_EQ(ids(list(tasks)), (Ids{3}));
}

TEST_F(TaskPruning, NeverTakesADamagedRecordForTheNewest) {
  complete_many(3);
  put("900.task", "garbage");
  age(3, 40 * day);
  age(2, 40 * day);
  Tasks tasks = open();
  EXPECT_EQ(ids(list(tasks)), (Ids{3, 1}));
}

TEST_F(TaskPruning, NeverRemovesARunningTask) {
  Tasks tasks = open();
  Task running = claim(tasks, "long", "");
  complete_many(5);
  age(running.id, 400 * day);
  Tasks next = open(R"({"max_age":10,"max_count":1})");
  EXPECT_EQ(status_of(next, running.id), "progress");
  EXPECT_EQ(ids(list(next)), (Ids{6, running.id}));
  complete(next);
  expect_running(next, running.id, "long", "");
  EXPECT_EQ(status_of(next, running.id), "progress");
  EXPECT_EQ(running.finish(TS_COMPLETED, "file"), TS_OK);
  EXPECT_EQ(state(next, running.id).file, "file");
}

TEST_F(TaskPruning, NeverRemovesARunningTaskOfAnotherProcess) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t runner = fault::start_child([&] {
    Tasks tasks = open();
    const Task task = claim(tasks, "long", "");
    ASSERT_EQ(::write(ready[1], "1", 1), 1);
    ::pause();
  });
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  complete_many(3);
  age(1, 400 * day);
  {
    Tasks tasks = open(R"({"max_age":10,"max_count":1})");
    EXPECT_EQ(ids(list(tasks)), (Ids{4, 1}));
  }
  ::kill(runner, SIGKILL);
  fault::outcome_of(runner);
  age(1, 400 * day);
  Tasks tasks = open(R"({"max_age":10,"max_count":1})");
  EXPECT_EQ(ids(list(tasks)), (Ids{4})) << "its runner is dead";
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(TaskPruning, GivesNoIdTwice) {
  complete_many(5);
  Tasks tasks = open(R"({"max_count":1})");
  EXPECT_EQ(claim(tasks).id, 6);
  std::filesystem::remove(path("6.task"));
  std::filesystem::remove(path("5.task"));
  Tasks next = open();
  EXPECT_EQ(claim(next).id, 7);
}

TEST_F(TaskPruning, LeavesFilesAloneThatAreNoRecords) {
  complete_many(3);
  const Names strangers = {"1.task.txt", "notes.txt", "task", "x.task", "-1.task"};
  for (const std::string& name : strangers) put(name, "a person's");
  Tasks tasks = open(R"({"max_age":1,"max_count":1})");
  complete(tasks);
  for (const std::string& name : strangers)
    EXPECT_TRUE(get(name) == "a person's" || get(name + ".damaged") == "a person's") << name;
}

}  // namespace
}  // namespace tasks
