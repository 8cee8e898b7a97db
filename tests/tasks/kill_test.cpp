// Holders that are killed at any moment, while others wait for their place.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <random>
#include <set>
#include <thread>

#include "fault/in_child.hpp"
#include "tasks/registry.hpp"
#include "tasks/shared.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

/// The witness, which knows nothing of the library: a robust mutex. Whoever has claimed a task takes it without waiting, and gives
/// it back before the task's end. The kernel hands it on from a dead process before it closes that process's files: so it is never
/// found taken unless two living processes hold the task at once.
class Witness {
 public:
  enum class Seen { free, left_by_the_dead, overlap };

  Witness() {
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    ::pthread_mutex_init(&mutex_, &attributes);
  }

  Seen enter() {
    const int answer = ::pthread_mutex_trylock(&mutex_);
    if (answer == EOWNERDEAD) ::pthread_mutex_consistent(&mutex_);
    return answer == 0 ? Seen::free : answer == EOWNERDEAD ? Seen::left_by_the_dead : Seen::overlap;
  }
  void leave() { ::pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_;
};

struct Scene {
  Witness witness;
  std::atomic<bool> is_over = false;
  std::atomic<pid_t> holder = 0;
  std::atomic<std::int64_t> last_id = 0;       // of the last holder
  std::atomic<std::int64_t> highest_told = 0;  // by any answer
  std::atomic<std::int64_t> claimed_at = 0;    // when the last claim was answered
  std::atomic<pid_t> taken_over_from = 0;      // the dead one before that
  std::atomic<int> claims = 0;
  std::atomic<int> takeovers = 0;
  std::atomic<int> overlaps = 0;
  std::atomic<int> ids_not_grown = 0;
  std::atomic<int> busy = 0;
  std::atomic<int> other_answers = 0;
  std::atomic<int> dead_not_failed = 0;
  std::atomic<int> unrecorded = 0;
};

void raise_to(std::atomic<std::int64_t>& highest, std::int64_t id) {
  std::int64_t known = highest;
  while (known < id && !highest.compare_exchange_weak(known, id)) {
  }
}

class TaskKill : public Registry {
 protected:
  static constexpr int contenders = 4;

  /// Claims, works a little and finishes, over and over.
  pid_t start_contender(Scene& scene, std::uint64_t seed) const {
    return start_child([&] {
      std::mt19937_64 random(seed);
      Tasks tasks = open(R"({"max_count":300})");
      while (!scene.is_over) {
        const std::int64_t told_before = scene.highest_told;
        Task task;
        const int32_t status = tasks.claim(task, type, scope);
        if (status == TS_OK) {
          hold(scene, tasks, task, told_before, random);
          continue;
        }
        if (status == TS_TASK_RUNNING && tasks.error.detail > 0) {
          raise_to(scene.highest_told, tasks.error.detail);
        } else {
          ++(status == TS_BUSY ? scene.busy : scene.other_answers);
        }
        std::this_thread::sleep_for(std::chrono::microseconds(100 + random() % 200));
      }
    });
  }

  static void hold(Scene& scene, Tasks& tasks, Task& task, std::int64_t told_before, std::mt19937_64& random) {
    const std::int64_t now = moment();
    const Witness::Seen seen = scene.witness.enter();
    if (seen == Witness::Seen::overlap) {
      ++scene.overlaps;
      return;
    }
    const std::int64_t previous = scene.last_id.exchange(task.id);
    scene.taken_over_from = seen == Witness::Seen::left_by_the_dead ? scene.holder.load() : 0;
    scene.holder = ::getpid();
    scene.claimed_at = now;
    ++scene.claims;
    if (task.id <= previous || task.id <= told_before) ++scene.ids_not_grown;
    raise_to(scene.highest_told, task.id);
    if (seen == Witness::Seen::left_by_the_dead) {
      ++scene.takeovers;
      // Taken while it was held, so its end was not recorded by itself.
      if (previous > 0 && status_of(tasks, previous) != "fail") ++scene.dead_not_failed;
    }
    const std::uint64_t writes = random() % 6;
    for (std::uint64_t done = 1; done <= writes; ++done) {
      if (task.progress(done, writes) != TS_OK) ++scene.unrecorded;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 500));
    scene.holder = 0;
    scene.witness.leave();
    if (random() % 4 != 0 && task.finish(TS_COMPLETED, "file") != TS_OK) ++scene.unrecorded;
  }
};

TEST_F(TaskKill, OfAHolderLetsTheNextOneInAtOnceAndNeverTwo) {
  const int kills = times(is_sanitized ? 60 : 500, 10000);
  // Nanoseconds. Of one of them a machine with other work may make anything; so the worst is held to it on request only.
  constexpr std::int64_t longest_hand_over = 50'000'000;
  constexpr std::int64_t no_hand_over = 5'000'000'000;
  const Shared<Scene> scene;
  open();
  std::mt19937_64 random(20240703);  // NOLINT: the delays' pattern is the same at each run
  std::vector<pid_t> living;
  for (int contender = 0; contender < contenders; ++contender) living.push_back(start_contender(*scene, random()));
  std::int64_t worst = 0;
  std::int64_t sum = 0;
  int measured = 0;
  for (int kill = 0; kill < kills; ++kill) {
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    // Three times of four the one who holds the task, else any: it may be on its way in or out.
    const pid_t holder = scene->holder;
    auto victim = std::ranges::find(living, holder);
    if (victim == living.end() || random() % 4 == 0)
      victim = living.begin() + static_cast<std::ptrdiff_t>(random() % contenders);
    const pid_t killed = *victim;
    const std::int64_t killed_at = moment();
    ::kill(killed, SIGKILL);
    ASSERT_EQ(fault::outcome_of(killed), fault::killed_by + SIGKILL);
    const std::int64_t dead_at = moment();
    while (scene->claimed_at < killed_at) {
      ASSERT_LT(moment(), dead_at + no_hand_over) << "after kill " << kill << " nobody got in";
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    if (scene->taken_over_from == killed) {
      const std::int64_t took = std::max<std::int64_t>(scene->claimed_at - dead_at, 0);
      worst = std::max(worst, took);
      sum += took;
      ++measured;
    }
    *victim = start_contender(*scene, random());
  }
  scene->is_over = true;
  for (const pid_t contender : living) EXPECT_EQ(fault::outcome_of(contender), 0);

  EXPECT_EQ(scene->overlaps, 0);
  EXPECT_EQ(scene->ids_not_grown, 0);
  EXPECT_LE(scene->busy, scene->claims / 100) << "which a machine that is busy with other things may answer now and then";
  EXPECT_EQ(scene->other_answers, 0);
  EXPECT_EQ(scene->unrecorded, 0);
  EXPECT_EQ(scene->dead_not_failed, 0);
  EXPECT_GT(scene->takeovers, kills / 10) << "hardly a holder was killed: this test looks at too little";
  EXPECT_GT(measured, kills / 10);
  EXPECT_LT(sum, longest_hand_over * measured);
  if (is_full()) {
    EXPECT_LT(worst, longest_hand_over);
  }
  std::printf("%d kills, %d of holders; %d claims, %d overlaps; hand-over %.3f ms on average, %.3f ms at worst\n", kills,
              scene->takeovers.load(), scene->claims.load(), scene->overlaps.load(),
              measured == 0 ? 0 : static_cast<double>(sum) / measured / 1e6, static_cast<double>(worst) / 1e6);

  Tasks tasks = open();
  EXPECT_GT(complete(tasks), scene->highest_told);
  std::set<std::string> found;
  for (const Record& task : list(tasks)) found.insert(task.status);
  EXPECT_EQ(found, (std::set<std::string>{"completed", "fail"}));
  EXPECT_EQ(litter(), Names{});
}

TEST_F(TaskKill, LeavesRecordsThatOutliveEveryProcess) {
  fault::in_child([&] {
    Tasks tasks = open();
    Task completed = claim(tasks);
    ASSERT_EQ(completed.finish(TS_COMPLETED, "file"), TS_OK);
    Task failed = claim(tasks);
    ASSERT_EQ(failed.finish(TS_FAIL, "log"), TS_OK);
    complete(tasks, "courses");
  });
  const pid_t killed = fault::start_child([&] {
    Tasks tasks = open();
    Task task = claim(tasks);
    task.progress(3, 10);
    ::kill(::getpid(), SIGKILL);
  });
  ASSERT_EQ(fault::outcome_of(killed), fault::killed_by + SIGKILL);
  const std::time_t noticed = std::time(nullptr);
  Tasks tasks = open();
  EXPECT_EQ(state(tasks, 1).status, "completed");
  EXPECT_EQ(state(tasks, 1).file, "file");
  EXPECT_EQ(state(tasks, 2).status, "fail");
  EXPECT_EQ(state(tasks, 2).file, "log");
  EXPECT_EQ(state(tasks, 3).type, "courses");
  const Record dead = state(tasks, 4);
  EXPECT_EQ(dead.status, "fail");
  EXPECT_EQ(dead.file, std::nullopt);
  EXPECT_EQ(dead.done, 3);
  EXPECT_EQ(dead.total, 10);
  EXPECT_GE(dead.finished.value_or(0), noticed);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  EXPECT_EQ(state(tasks, 4), dead) << "noticed once";
  EXPECT_EQ(list(tasks).at(0), dead);
  EXPECT_EQ(claim(tasks).id, 5);
}

TEST_F(TaskKill, IsNoticedInAListBeforeAnybodyAsksForTheTask) {
  const pid_t killed = fault::start_child([&] {
    Tasks tasks = open();
    claim(tasks).release();
    ::_exit(0);  // without a word: the kernel frees the lock
  });
  ASSERT_EQ(fault::outcome_of(killed), 0);
  Tasks tasks = open();
  EXPECT_EQ(list(tasks).at(0).status, "fail");
  EXPECT_EQ(status_of(tasks, 1), "fail");
}

TEST_F(TaskKill, OfAnEarlierHolderIsNotTakenForTheLaterOnesRun) {
  const pid_t killed = fault::start_child([&] {
    Tasks tasks = open();
    claim(tasks).release();
    ::_exit(0);
  });
  ASSERT_EQ(fault::outcome_of(killed), 0);
  const std::string left = *get(record_of_first);
  Tasks tasks = open();
  const Task later = claim(tasks);
  put(record_of_first, left);  // as if its end had never been noticed
  EXPECT_EQ(status_of(tasks, 1), "fail");
  EXPECT_EQ(status_of(tasks, later.id), "progress");
}

}  // namespace
}  // namespace tasks
