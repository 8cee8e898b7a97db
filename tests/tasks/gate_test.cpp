// The directory's own lock, kept by somebody else.
#include <fcntl.h>
#include <sys/file.h>

#include <thread>
#include <utility>

#include "tasks/registry.hpp"
#include "tasks/system_calls.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

/// The lock on the directory, held while one lives.
class Keeper {
 public:
  explicit Keeper(const std::string& directory) : descriptor_(::open(directory.c_str(), O_RDONLY | O_CLOEXEC)) {
    EXPECT_EQ(::flock(descriptor_, LOCK_EX | LOCK_NB), 0) << "somebody keeps the directory between calls";
  }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  ~Keeper() { ::close(descriptor_); }

 private:
  int descriptor_;
};

class TaskGate : public Registry {
 protected:
  std::vector<std::pair<std::string, std::string>> files() const {
    std::vector<std::pair<std::string, std::string>> found;
    for (const std::string& name : names()) found.emplace_back(name, get(name).value_or(""));
    return found;
  }

  static constexpr double longest_wait = 50;                           // milliseconds
  static constexpr double not_much_later = is_sanitized ? 1000 : 250;  // on a machine that others use too
};

TEST_F(TaskGate, KeptByAnotherLetsAClaimAnswerBusyAndChangesNothing) {
  Tasks tasks = open();
  complete(tasks);
  const Task running = claim(tasks, "courses");
  const auto before = files();
  {
    const Keeper keeper(directory());
    for (const std::string_view of_type : {type, std::string_view("courses"), std::string_view("new")}) {
      Task task;
      const Clock::time_point begin = Clock::now();
      EXPECT_EQ(tasks.claim(task, of_type, scope), TS_BUSY) << of_type;
      const double took = milliseconds(Clock::now() - begin);
      EXPECT_GE(took, longest_wait);
      EXPECT_LT(took, not_much_later);
      EXPECT_EQ(tasks.error.status, TS_BUSY);
      EXPECT_EQ(tasks.error.detail, 0);
      EXPECT_EQ(task.raw(), nullptr);
    }
    EXPECT_EQ(files(), before);
  }
  EXPECT_EQ(complete(tasks), 3) << "a busy answer uses up no id";
  expect_running(tasks, 2, "courses");
}

TEST_F(TaskGate, LetGoInTimeLetsAClaimThrough) {
  Tasks tasks = open();
  for (int round = 0; round < 5; ++round) {
    auto keeper = std::make_unique<Keeper>(directory());
    std::thread letting_go([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      keeper.reset();
    });
    complete(tasks);
    letting_go.join();
  }
}

TEST_F(TaskGate, KeptByAnotherHindersNoTaskThatRuns) {
  Tasks tasks = open();
  const int64_t completed = complete(tasks);
  Task running = claim(tasks);
  {
    const Keeper keeper(directory());
    EXPECT_EQ(running.progress(1, 2), TS_OK) << running.error.message;
    EXPECT_EQ(running.finish(TS_COMPLETED, "file"), TS_OK) << running.error.message;
    EXPECT_EQ(status_of(tasks, completed), "completed");
    EXPECT_EQ(status_of(tasks, running.id), "completed");
    EXPECT_EQ(list(tasks).size(), 2U);
  }
}

TEST_F(TaskGate, KeptByAnotherLetsAQuestionAnswerOrSayBusyInTime) {
  Tasks tasks = open();
  const Task running = claim(tasks);
  const Keeper keeper(directory());
  for (const bool lists : {false, true}) {
    std::string json;
    const Clock::time_point begin = Clock::now();
    const int32_t status = lists ? tasks.list(10, json) : tasks.state(running.id, json);
    EXPECT_LT(milliseconds(Clock::now() - begin), not_much_later);
    EXPECT_TRUE(status == TS_BUSY || (status == TS_OK && json.find("progress") != std::string::npos)) << status << json;
  }
}

TEST_F(TaskGate, KeptByAnotherHindersNoOpening) {
  { open(); }
  const Keeper keeper(directory());
  const Clock::time_point begin = Clock::now();
  Tasks tasks = open();
  EXPECT_LT(milliseconds(Clock::now() - begin), not_much_later);
}

TEST_F(TaskGate, OpensToATaskThatHasFinishedMeanwhileAndIsNotDead) {
  // The record said "progress" when it was read; before its lock is looked at the task ends.
  static Task* running = nullptr;
  Tasks tasks = open();
  for (const bool lists : {false, true}) {
    Tasks holder = open();
    Task task = claim(holder);
    running = &task;
    calls::observe_locks([](int, int) {
      if (Task* const ending = std::exchange(running, nullptr)) {
        EXPECT_EQ(ending->finish(TS_COMPLETED, "file"), TS_OK);
      }
    });
    std::string json;
    {
      const calls::Watch watch;
      EXPECT_EQ(lists ? tasks.list(1, json) : tasks.state(task.id, json), TS_OK);
    }
    calls::observe_locks(nullptr);
    EXPECT_EQ(running, nullptr);
    EXPECT_NE(json.find("completed"), std::string::npos) << json;
    EXPECT_EQ(state(tasks, task.id).file, "file");
  }
}

TEST_F(TaskGate, IsOpenBetweenCalls) {
  Tasks tasks = open();
  Task task = claim(tasks);
  { const Keeper keeper(directory()); }
  expect_running(tasks, task.id);
  status_of(tasks, task.id);
  list(tasks);
  { const Keeper keeper(directory()); }
  task.progress(1, 2);
  task.finish(TS_COMPLETED);
  const Keeper keeper(directory());
}

}  // namespace
}  // namespace tasks
