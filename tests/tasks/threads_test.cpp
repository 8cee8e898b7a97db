// Threads of one process, each with a handle of its own or one after the other with the same.
#include <atomic>
#include <thread>

#include "tasks/registry.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

class TaskThreads : public Registry {};

TEST_F(TaskThreads, AreRefusedByEachOthersTasks) {
  Tasks tasks = open();
  const Task task = claim(tasks);
  std::thread([&] {
    Tasks own = open();
    expect_running(own, task.id);
    const Task other = claim(own, "courses");
    expect_running(own, other.id, "courses");
  }).join();
  expect_running(tasks, task.id);  // the same handle and thread
}

TEST_F(TaskThreads, HoldATaskOneAtATime) {
  constexpr int threads = 8;
  const int claims_of_each = is_sanitized ? 5 : 25;
  std::atomic<int> holders = 0;
  std::atomic<int> overlaps = 0;
  std::atomic<int> wrong = 0;
  std::atomic<int64_t> last = 0;
  std::vector<std::thread> running;
  for (int thread = 0; thread < threads; ++thread) {
    running.emplace_back([&] {
      Tasks own = open();
      for (int claims = 0; claims < claims_of_each;) {
        Task task;
        const int32_t status = own.claim(task, type, scope);
        if (status == TS_OK) {
          if (holders.fetch_add(1) != 0) ++overlaps;
          if (last.exchange(task.id) >= task.id) ++wrong;
          std::this_thread::yield();
          holders.fetch_sub(1);
          if (task.finish(TS_COMPLETED) != TS_OK) ++wrong;
          ++claims;
        } else {
          if (status != TS_BUSY && (status != TS_TASK_RUNNING || own.error.detail <= 0)) ++wrong;
          std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  EXPECT_EQ(overlaps, 0);
  EXPECT_EQ(wrong, 0);
  Tasks tasks = open();
  EXPECT_EQ(last, threads * claims_of_each) << "an id was left out or given twice";
  EXPECT_EQ(list(tasks).size(), static_cast<std::size_t>(threads * claims_of_each));
}

TEST_F(TaskThreads, MayHandATaskOn) {
  Tasks tasks = open();
  Task task = claim(tasks);
  std::thread([&] { EXPECT_EQ(task.progress(1, 2), TS_OK); }).join();
  expect_running(tasks, task.id);
  std::thread([&] { EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK); }).join();
  EXPECT_EQ(status_of(tasks, task.id), "completed");
}

TEST_F(TaskThreads, ThatEndLeaveTheirTaskRunning) {
  Tasks tasks = open();
  Task task;
  std::thread([&] { EXPECT_EQ(tasks.claim(task, type, scope), TS_OK); }).join();
  expect_running(tasks, task.id);
}

}  // namespace
}  // namespace tasks
