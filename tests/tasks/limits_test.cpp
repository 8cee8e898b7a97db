// Disks and limits that are reached: the answer says so, nothing is lost, no lock stays behind, and the host lives.
#include <sys/resource.h>

#include <cerrno>
#include <csignal>

#include "fault/in_child.hpp"
#include "fault/private_mounts.hpp"
#include "tasks/registry.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

void set_limit(int resource, rlim_t limit) {
  rlimit both{};
  ASSERT_EQ(::getrlimit(static_cast<__rlimit_resource>(resource), &both), 0);
  both.rlim_cur = limit;
  ASSERT_EQ(::setrlimit(static_cast<__rlimit_resource>(resource), &both), 0);
}

class TaskLimits : public Registry {
 protected:
  static void expect_failed(int32_t status, const ts_error& error, int reason) {
    EXPECT_EQ(status, TS_FILE_FAILED) << error.message;
    EXPECT_EQ(error.status, TS_FILE_FAILED);
    EXPECT_EQ(error.detail, reason) << error.message;
  }
};

TEST_F(TaskLimits, OfFileSizeAreAnswersAndNoSignals) {
  fault::in_child([&] {
    Tasks tasks = open();
    int64_t last = complete(tasks);
    int failures = 0;
    for (rlim_t size = 0; size < 250; size += size < 40 ? 1 : 15) {
      Task running = claim(tasks, "running");
      ASSERT_EQ(running.progress(3, 10), TS_OK);
      last = running.id;
      const Record before = state(tasks, running.id);
      set_limit(RLIMIT_FSIZE, size);
      Task task;
      const int32_t claimed = tasks.claim(task, type, scope);
      if (claimed != TS_OK) expect_failed(claimed, tasks.error, EFBIG);
      const int32_t progressed = running.progress(4, 10);
      if (progressed != TS_OK) expect_failed(progressed, running.error, EFBIG);
      const int32_t finished = running.finish(TS_COMPLETED, "file");
      if (finished != TS_OK) {
        expect_failed(finished, running.error, EFBIG);
        Tasks another = open();
        expect_running(another, running.id, "running");
        if (progressed != TS_OK) {
          EXPECT_EQ(state(another, running.id), before);
        }
        ++failures;
      }
      set_limit(RLIMIT_FSIZE, RLIM_INFINITY);
      if (claimed != TS_OK) {
        task = claim(tasks);
        EXPECT_GT(task.id, last);
      }
      last = task.id;
      if (finished != TS_OK) {
        EXPECT_EQ(running.finish(TS_COMPLETED, "file"), TS_OK) << running.error.message;
      }
      EXPECT_EQ(state(tasks, running.id).file, "file");
      EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
      EXPECT_EQ(litter(), Names{}) << size;
    }
    EXPECT_GT(failures, 10) << "the limit was hardly reached: this test looks at too little";
    sigset_t waiting;
    ASSERT_EQ(::sigpending(&waiting), 0);
    EXPECT_EQ(::sigismember(&waiting, SIGXFSZ), 0);
  });
}

TEST_F(TaskLimits, OfFileSizeAtTheCloseFreeTheLockAllTheSame) {
  fault::in_child([&] {
    Tasks tasks = open();
    Task task = claim(tasks);
    set_limit(RLIMIT_FSIZE, 0);
    task.close();
    EXPECT_EQ(status_of(tasks, task.id), "fail");
    set_limit(RLIMIT_FSIZE, RLIM_INFINITY);
    EXPECT_EQ(status_of(tasks, task.id), "fail");
    EXPECT_GT(complete(tasks), task.id);
  });
}

TEST_F(TaskLimits, OfDescriptorsAreAnswers) {
  fault::in_child([&] {
    int64_t last = 0;
    int failures = 0;
    for (const bool has_ids : {true, false}) {
      for (int free = 0; free < 10; ++free) {
        {
          Tasks before = open();
          last = complete(before);
        }
        if (!has_ids) std::filesystem::remove(path("ids"));
        const int next = ::dup(0);
        ::close(next);
        set_limit(RLIMIT_NOFILE, static_cast<rlim_t>(next + free));
        Tasks tasks;
        Task task;
        const int32_t opened = tasks.open(directory());
        const int32_t claimed = opened == TS_OK ? tasks.claim(task, type, scope) : TS_OK;
        std::string json;
        const int32_t told = opened == TS_OK ? tasks.state(last, json) : TS_OK;
        const int32_t listed = opened == TS_OK ? tasks.list(10, json) : TS_OK;
        set_limit(RLIMIT_NOFILE, 256);
        SCOPED_TRACE(std::to_string(free) + " descriptors free");
        if (opened != TS_OK) expect_failed(opened, tasks.error, EMFILE);
        if (claimed != TS_OK) expect_failed(claimed, tasks.error, EMFILE);
        if (told != TS_OK) {
          EXPECT_EQ(told, TS_FILE_FAILED);
        }
        if (listed != TS_OK) {
          EXPECT_EQ(listed, TS_FILE_FAILED);
        }
        if (listed == TS_OK && opened == TS_OK) {
          EXPECT_NE(json, "[]") << "a list that leaves out what cannot be looked at";
        }
        failures += opened != TS_OK || claimed != TS_OK ? 1 : 0;
        if (opened == TS_OK && claimed == TS_OK) {
          EXPECT_GT(task.id, last) << "an id given twice";
          EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
        }
        Tasks after = open();
        EXPECT_GT(complete(after), last);
      }
    }
    EXPECT_GT(failures, 3);
  });
}

TEST_F(TaskLimits, OfADiskAreAnswersAndLoseNothing) {
  constexpr int not_permitted = 77;
  const pid_t child = fault::start_child([&] {
    ASSERT_EQ(::mkdir(directory().c_str(), 0700), 0);
    if (!fault::may_mount() || ::mount("none", directory().c_str(), "tmpfs", 0, "size=256k,mode=0700") != 0)
      ::_exit(not_permitted);
    Tasks tasks = open();
    Task running = claim(tasks);
    ASSERT_EQ(running.progress(3, 10), TS_OK);
    const Record before = state(tasks, running.id);
    const auto fill = [&] { put("ballast", std::string(1000000, 'x')); };
    const auto empty = [&] { std::filesystem::remove(path("ballast")); };
    fill();
    expect_failed(running.progress(4, 10), running.error, ENOSPC);
    Task other;
    expect_failed(tasks.claim(other, "courses", ""), tasks.error, ENOSPC);
    expect_failed(running.finish(TS_COMPLETED, "file"), running.error, ENOSPC);
    EXPECT_EQ(state(tasks, running.id), before);
    Tasks another = open();
    expect_running(another, running.id);
    empty();
    EXPECT_EQ(running.progress(5, 10), TS_OK) << running.error.message;
    EXPECT_GT(complete(tasks, "courses", ""), running.id);
    EXPECT_EQ(running.finish(TS_COMPLETED, "file"), TS_OK) << running.error.message;
    EXPECT_EQ(state(tasks, running.id).file, "file");

    Task closed = claim(tasks);
    fill();
    closed.close();
    EXPECT_EQ(status_of(tasks, closed.id), "fail") << "though nobody can write it";
    empty();
    EXPECT_EQ(status_of(tasks, closed.id), "fail");
    EXPECT_GT(complete(tasks), closed.id);
    EXPECT_EQ(litter(), Names{});
  });
  const int outcome = fault::outcome_of(child);
  if (outcome == not_permitted) GTEST_SKIP() << "this machine lets nobody mount a small disk";
  EXPECT_EQ(outcome, 0);
}

TEST_F(TaskLimits, OfADisksFilesAreAnswersAndLoseNothing) {
  constexpr int not_permitted = 77;
  const pid_t child = fault::start_child([&] {
    ASSERT_EQ(::mkdir(directory().c_str(), 0700), 0);
    if (!fault::may_mount() || ::mount("none", directory().c_str(), "tmpfs", 0, "nr_inodes=12,mode=0700") != 0)
      ::_exit(not_permitted);
    Tasks tasks = open();
    int64_t last = 0;
    int failures = 0;
    for (int scope_number = 0; scope_number < 8; ++scope_number) {
      Task task;
      const int32_t status = tasks.claim(task, type, std::to_string(scope_number));
      if (status != TS_OK) {
        expect_failed(status, tasks.error, ENOSPC);
        ++failures;
        continue;
      }
      EXPECT_GT(task.id, last);
      last = task.id;
      task.close();
      EXPECT_EQ(status_of(tasks, last), "fail");
    }
    EXPECT_GT(failures, 0);
    EXPECT_GT(last, 0);
    EXPECT_EQ(litter(), Names{});
    std::filesystem::remove(path(record_of_first));
    std::filesystem::remove(path("2.task"));
    EXPECT_GT(complete(tasks, type, "0"), last);
  });
  const int outcome = fault::outcome_of(child);
  if (outcome == not_permitted) GTEST_SKIP() << "this machine lets nobody mount a small disk";
  EXPECT_EQ(outcome, 0);
}

}  // namespace
}  // namespace tasks
