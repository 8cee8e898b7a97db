// Processes that claim the same task at the same moment.
#include <array>
#include <cstdio>

#include "fault/in_child.hpp"
#include "tasks/registry.hpp"
#include "tasks/shared.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

constexpr unsigned processes = 16;
constexpr std::size_t no_winner = processes;

struct Answer {
  int32_t status = 0;
  int64_t id = 0;
  std::int64_t took = 0;  // nanoseconds
};

struct Course {
  Barrier start;
  Barrier answered;
  Barrier judged;
  std::array<Answer, processes> answers;
};

class TaskRace : public Registry {
 protected:
  void run(std::size_t process, int rounds, Course& course) const {
    Tasks tasks = open();
    for (int round = 0; round < rounds; ++round) {
      Task task;
      course.start.wait();
      const std::int64_t begin = moment();
      int32_t status = TS_BUSY;  // the answer of a machine with other work, for which a host tries again
      while (status == TS_BUSY) status = tasks.claim(task, type, scope);
      course.answers[process] = {status, status == TS_OK ? task.id : tasks.error.detail, moment() - begin};
      course.answered.wait();
      course.judged.wait();
      if (status == TS_OK) {
        EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK) << task.error.message;
      }
    }
  }

  /// The one who won; an expectation fails where not exactly one did, or another was told anything but that one's id.
  static std::size_t judge(const std::array<Answer, processes>& answers) {
    std::size_t winner = no_winner;
    for (std::size_t process = 0; process < processes; ++process) {
      if (answers[process].status != TS_OK) continue;
      EXPECT_EQ(winner, no_winner) << "two winners";
      winner = process;
    }
    if (winner == no_winner) {
      ADD_FAILURE() << "no winner";
      return no_winner;
    }
    for (std::size_t process = 0; process < processes; ++process) {
      if (process == winner) continue;
      EXPECT_EQ(answers[process].status, TS_TASK_RUNNING);
      EXPECT_EQ(answers[process].id, answers[winner].id) << "the id of another task";
    }
    return winner;
  }
};

TEST_F(TaskRace, IsWonByExactlyOneAndTheOthersAreToldItsId) {
  const int rounds = times(is_sanitized ? 100 : 500, 10000);
  const Shared<Course> course;
  for (Barrier* barrier : {&course->start, &course->answered, &course->judged}) barrier->open(processes + 1);
  open();  // made once
  std::vector<pid_t> runners;
  for (std::size_t process = 0; process < processes; ++process) {
    runners.push_back(start_child([&] { run(process, rounds, *course); }));
  }
  int winners = 0;
  int64_t last = 0;
  std::vector<std::int64_t> took;
  for (int round = 0; round < rounds; ++round) {
    course->start.wait();
    course->answered.wait();
    if (const std::size_t winner = judge(course->answers); winner != no_winner) {
      ++winners;
      EXPECT_EQ(course->answers[winner].id, last + 1) << "round " << round;
      last = course->answers[winner].id;
    }
    for (const Answer& answer : course->answers) took.push_back(answer.took);
    course->judged.wait();
  }
  for (const pid_t runner : runners) EXPECT_EQ(fault::outcome_of(runner), 0);
  EXPECT_EQ(winners, rounds);
  std::ranges::sort(took);
  std::printf("%d rounds of %u processes: %d winners; a claim took %.3f ms in the median, %.3f ms at worst\n", rounds,
              processes, winners, static_cast<double>(took[took.size() / 2]) / 1e6, static_cast<double>(took.back()) / 1e6);
  EXPECT_EQ(litter(), Names{});
}

}  // namespace
}  // namespace tasks
