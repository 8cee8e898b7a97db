// A holder that forks, executes, spawns or is stopped.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "fault/in_child.hpp"
#include "tasks/registry.hpp"
#include "tasks/shared.hpp"

extern char** environ;

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

/// A word from one process to another.
class Signal {
 public:
  Signal() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  ~Signal() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  void give() const { EXPECT_EQ(::write(ends_[1], "1", 1), 1); }
  void wait() const {
    char byte = 0;
    while (::read(ends_[0], &byte, 1) < 0) {
    }
  }

 private:
  int ends_[2];
};

void end(pid_t process) {
  ::kill(process, SIGKILL);
  fault::outcome_of(process);
}

class TaskFork : public Registry {
 protected:
  /// The kernel closes the files of a program that executes another one a moment after that has begun.
  static void expect_free_soon(Tasks& tasks) {
    const Clock::time_point longest = Clock::now() + std::chrono::seconds(5);
    Task next;
    while (tasks.claim(next, type, scope) != TS_OK && Clock::now() < longest) std::this_thread::yield();
    EXPECT_NE(next.raw(), nullptr) << "the program keeps the lock";
  }

  static void expect_free(Tasks& tasks) {
    const Clock::time_point begin = Clock::now();
    complete(tasks);
    EXPECT_LT(milliseconds(Clock::now() - begin), is_sanitized ? 500 : 100);
  }
};

TEST_F(TaskFork, AnswersForkedToAChild) {
  Tasks tasks = open();
  Task task = claim(tasks);
  fault::in_child([&] {
    std::string json = "kept";
    Task other;
    EXPECT_EQ(task.progress(1, 2), TS_FORKED);
    EXPECT_EQ(task.error.status, TS_FORKED);
    EXPECT_EQ(task.finish(TS_COMPLETED, "a child's"), TS_FORKED);
    EXPECT_EQ(tasks.claim(other, type, scope), TS_FORKED);
    EXPECT_EQ(tasks.claim(other, "courses", scope), TS_FORKED);
    EXPECT_EQ(tasks.error.status, TS_FORKED);
    EXPECT_EQ(tasks.state(task.id, json), TS_FORKED);
    EXPECT_EQ(tasks.list(10, json), TS_FORKED);
    fault::in_child([&] { EXPECT_EQ(task.finish(TS_COMPLETED, "a grandchild's"), TS_FORKED); });
  });
  EXPECT_EQ(status_of(tasks, task.id), "progress");
  expect_running(tasks, task.id);
  EXPECT_EQ(task.finish(TS_COMPLETED, "the parent's"), TS_OK);
  EXPECT_EQ(state(tasks, task.id).file, "the parent's");
}

TEST_F(TaskFork, AnswersForkedOfAFinishedTaskToo) {
  Tasks tasks = open();
  Task task = claim(tasks);
  ASSERT_EQ(task.finish(TS_COMPLETED), TS_OK);
  fault::in_child([&] {
    EXPECT_EQ(task.progress(1, 2), TS_FORKED);
    EXPECT_EQ(task.finish(TS_FAIL), TS_FORKED);
  });
  EXPECT_EQ(status_of(tasks, task.id), "completed");
}

TEST_F(TaskFork, LeavesTheParentsTaskToItWhereTheChildClosesOrEnds) {
  Tasks tasks = open();
  Task task = claim(tasks);
  for (const bool closes_task_first : {true, false}) {
    fault::in_child([&] {
      if (closes_task_first) task.close();
      tasks.close();
      task.close();
    });
    expect_running(tasks, task.id);
    EXPECT_EQ(status_of(tasks, task.id), "progress");
  }
  fault::in_child([] {});
  expect_running(tasks, task.id);
  fault::in_child([&] {
    Tasks own = open();
    expect_running(own, task.id);
    const Task other = claim(own, "courses");
    expect_running(own, other.id, "courses");
  });
  expect_running(tasks, task.id);
}

TEST_F(TaskFork, FreesTheLockWithTheParentsFinishThoughTheChildLives) {
  Tasks tasks = open();
  Task task = claim(tasks);
  const pid_t child = start_child([] { ::pause(); });
  expect_running(tasks, task.id);
  ASSERT_EQ(task.finish(TS_COMPLETED), TS_OK);
  expect_free(tasks);
  Task second = claim(tasks);
  const pid_t another = start_child([] { ::pause(); });
  second.close();
  expect_free(tasks);
  end(child);
  end(another);
}

TEST_F(TaskFork, FreesTheLockWithTheParentsDeathThoughTheChildLives) {
  const Signal is_ready;
  const Signal may_end;
  const pid_t parent = start_child([&] {
    Tasks tasks = open();
    claim(tasks).release();
    const pid_t child = fault::start_child([&] {
      is_ready.give();
      may_end.wait();
    });
    (void)child;
    ::pause();
  });
  is_ready.wait();
  Tasks tasks = open();
  expect_running(tasks, 1);
  end(parent);
  expect_free(tasks);
  EXPECT_EQ(status_of(tasks, 1), "fail");
  may_end.give();
}

TEST_F(TaskFork, LetsAChildHoldWhatTheParentFinished) {
  Tasks tasks = open();
  Task task = claim(tasks);
  const Signal is_ready;
  const Signal may_end;
  const pid_t child = start_child([&] {
    Tasks own = open();
    while (true) {
      Task mine;
      if (own.claim(mine, type, scope) != TS_OK) continue;
      task.close();   // the parent's, a copy
      tasks.close();  // the parent's
      is_ready.give();
      may_end.wait();
      ASSERT_EQ(mine.finish(TS_COMPLETED, "the child's"), TS_OK);
      return;
    }
  });
  ASSERT_EQ(task.finish(TS_COMPLETED), TS_OK);
  is_ready.wait();
  expect_running(tasks, 2);
  may_end.give();
  EXPECT_EQ(fault::outcome_of(child), 0);
  EXPECT_EQ(state(tasks, 2).file, "the child's");
}

TEST_F(TaskFork, OfAnotherThreadNeverKeepsALock) {
  // Forks fall into every moment of a claim. A child that had kept a copy of the lock would let the next claim fail while it lives.
  if (is_sanitized) GTEST_SKIP() << "the sanitizer's allocator does not survive a fork beside other threads";
  constexpr int forks = 150;
  std::atomic<bool> is_over = false;
  std::atomic<int> claims = 0;
  std::atomic<int> refused = 0;
  std::thread claiming([&] {
    Tasks tasks = open();
    while (!is_over) {
      Task task;
      const int32_t status = tasks.claim(task, type, scope);
      if (status == TS_OK) {
        ++claims;
        task.finish(TS_FAIL);
      } else if (status != TS_BUSY) {
        ++refused;
      }
    }
  });
  std::vector<pid_t> children;
  for (int fork = 0; fork < forks; ++fork) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(20);  // a child that hangs ends by this signal
      {
        Tasks own(directory());
        Task task;
        int32_t claimed = TS_BUSY;  // as many are at it as the disk takes
        while (claimed == TS_BUSY) claimed = own.claim(task, "child", std::to_string(fork));
        if (claimed != TS_OK) ::_exit(claimed);
        if (task.finish(TS_COMPLETED) != TS_OK) ::_exit(100);
      }
      ::usleep(30000);
      ::_exit(0);
    }
    children.push_back(child);
    ::usleep(static_cast<useconds_t>(500 + fork * 7));
  }
  for (const pid_t child : children) EXPECT_EQ(fault::outcome_of(child), 0);
  is_over = true;
  claiming.join();
  EXPECT_EQ(refused, 0);
  EXPECT_GT(claims, forks / 20) << "hardly a claim was under way: this test looks at too little";
}

TEST_F(TaskFork, LetsAnExecutedProgramKeepNothing) {
  const Signal may_execute;
  Signal has_claimed;
  const pid_t holder = start_child([&] {
    Tasks tasks = open();
    claim(tasks).release();
    has_claimed.give();
    may_execute.wait();
    ::execl("/bin/sleep", "sleep", "60", nullptr);
  });
  has_claimed.wait();
  Tasks tasks = open();
  expect_running(tasks, 1);
  may_execute.give();
  expect_free_soon(tasks);
  std::string program;
  std::ifstream("/proc/" + std::to_string(holder) + "/comm") >> program;
  EXPECT_EQ(program, "sleep");
  EXPECT_EQ(status_of(tasks, 1), "fail");
  EXPECT_EQ(::kill(holder, 0), 0) << "the program lives";
  end(holder);
}

TEST_F(TaskFork, LetsASpawnedProgramKeepNothing) {
  Tasks tasks = open();
  Task task = claim(tasks);
  const char* const arguments[] = {"sleep", "60", nullptr};
  pid_t spawned = 0;
  ASSERT_EQ(::posix_spawn(&spawned, "/bin/sleep", nullptr, nullptr, const_cast<char**>(arguments), environ), 0);
  expect_running(tasks, task.id);
  ASSERT_EQ(task.finish(TS_COMPLETED), TS_OK);
  expect_free(tasks);
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(spawned) + "/fd")) {
    std::error_code gone;
    EXPECT_EQ(std::filesystem::read_symlink(entry.path(), gone).string().find(directory()), std::string::npos) << entry.path();
  }
  end(spawned);
}

TEST_F(TaskFork, OfASpawnThatAKilledHolderLeavesKeepsNothing) {
  const Signal has_spawned;
  int spawned[2];
  ASSERT_EQ(::pipe(spawned), 0);
  const pid_t holder = start_child([&] {
    Tasks tasks = open();
    claim(tasks).release();
    const char* const arguments[] = {"sleep", "60", nullptr};
    pid_t program = 0;
    ASSERT_EQ(::posix_spawn(&program, "/bin/sleep", nullptr, nullptr, const_cast<char**>(arguments), environ), 0);
    ASSERT_EQ(::write(spawned[1], &program, sizeof program), static_cast<ssize_t>(sizeof program));
    ::pause();
  });
  pid_t program = 0;
  ASSERT_EQ(::read(spawned[0], &program, sizeof program), static_cast<ssize_t>(sizeof program));
  end(holder);
  Tasks tasks = open();
  expect_free_soon(tasks);
  EXPECT_EQ(::kill(program, 0), 0) << "the program lives";
  ::kill(program, SIGKILL);
  ::close(spawned[0]);
  ::close(spawned[1]);
}

TEST_F(TaskFork, LeavesAStoppedHolderAlone) {
  const Signal has_claimed;
  const pid_t holder = start_child([&] {
    Tasks tasks = open();
    Task task = claim(tasks);
    has_claimed.give();
    while (true) {
      std::string json;
      tasks.list(1, json);
      if (task.progress(1, 2) != TS_OK) ::_exit(3);
      if (::access(scratch_.path("may end").c_str(), F_OK) == 0) break;
    }
    ASSERT_EQ(task.finish(TS_COMPLETED, "file"), TS_OK);
  });
  has_claimed.wait();
  Tasks tasks = open();
  // Stopped while it works, and so now and then while it keeps the directory itself: then a claim says so after a while.
  int busy = 0;
  for (int stop = 0; stop < 20; ++stop) {
    ASSERT_EQ(::kill(holder, SIGSTOP), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(holder, &status, WUNTRACED), holder);
    ASSERT_TRUE(WIFSTOPPED(status));
    for (int tries = 0; tries < 3; ++tries) {
      Task task;
      const int32_t answer = tasks.claim(task, type, scope);
      ASSERT_TRUE(answer == TS_TASK_RUNNING || answer == TS_BUSY) << answer;
      if (answer == TS_BUSY) ++busy;
      if (answer == TS_TASK_RUNNING) {
        EXPECT_EQ(tasks.error.detail, 1);
      }
    }
    ASSERT_EQ(::kill(holder, SIGCONT), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + stop % 3));
  }
  EXPECT_LT(busy, 60) << "no answer ever named the holder";
  expect_running(tasks, 1);
  scratch_.put("may end", "");
  EXPECT_EQ(fault::outcome_of(holder), 0);
  EXPECT_EQ(state(tasks, 1).status, "completed");
  EXPECT_EQ(state(tasks, 1).file, "file");
}

}  // namespace
}  // namespace tasks
