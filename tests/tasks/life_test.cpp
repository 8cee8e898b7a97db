// A task from its claim to its end, as its record tells it.
#include <ctime>
#include <memory>
#include <thread>

#include "tasks/registry.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

class TaskLife : public Registry {
 protected:
  /// The record's text with its two times named, after both were held against the clock.
  std::string told(Tasks& tasks, int64_t id) const {
    std::string json;
    EXPECT_EQ(tasks.state(id, json), TS_OK) << tasks.error.message;
    for (const std::string key : {"started", "finished"}) {
      const std::size_t from = json.find("\"" + key + "\":") + key.size() + 3;
      const std::size_t to = json.find_first_of(",}", from);
      const std::string moment = json.substr(from, to - from);
      if (moment == "null") continue;
      EXPECT_TRUE(std::stoll(moment) >= begin_ && std::stoll(moment) <= std::time(nullptr)) << json;
      json.replace(from, to - from, "then");
    }
    return json;
  }

  const std::time_t begin_ = std::time(nullptr);
};

TEST_F(TaskLife, BeginsInProgressWithNothingDone) {
  Tasks tasks = open();
  const Task task = claim(tasks);
  EXPECT_EQ(task.id, 1);
  EXPECT_EQ(
      told(tasks, 1),
      R"({"id":1,"type":"trainings","scope":"company-7","status":"progress","file":null,"done":0,"total":0,"started":then,"finished":null})");
}

TEST_F(TaskLife, ShowsHowFarItIs) {
  Tasks tasks = open();
  Task task = claim(tasks);
  Tasks another = open();
  for (const auto& [done, total] : {std::pair<uint64_t, uint64_t>{3, 10}, {5, 0}, {0, 0}, {INT64_MAX, INT64_MAX}}) {
    ASSERT_EQ(task.progress(done, total), TS_OK) << task.error.message;
    EXPECT_EQ(told(another, task.id),
              R"({"id":1,"type":"trainings","scope":"company-7","status":"progress","file":null,"done":)" +
                  std::to_string(done) + ",\"total\":" + std::to_string(total) + R"(,"started":then,"finished":null})");
  }
}

TEST_F(TaskLife, RefusesFiguresThatAReaderCouldNotHold) {
  Tasks tasks = open();
  Task task = claim(tasks);
  ASSERT_EQ(task.progress(3, 10), TS_OK);
  constexpr uint64_t beyond = uint64_t{INT64_MAX} + 1;
  for (const auto& [done, total] : {std::pair<uint64_t, uint64_t>{beyond, 10}, {3, beyond}, {UINT64_MAX, UINT64_MAX}}) {
    EXPECT_EQ(task.progress(done, total), TS_INVALID_ARGUMENT);
    EXPECT_EQ(task.error.status, TS_INVALID_ARGUMENT);
  }
  EXPECT_EQ(state(tasks, task.id).done, 3);
  EXPECT_EQ(state(tasks, task.id).total, 10);
}

TEST_F(TaskLife, EndsCompletedWithItsFile) {
  Tasks tasks = open();
  Task task = claim(tasks);
  ASSERT_EQ(task.progress(7, 7), TS_OK);
  ASSERT_EQ(task.finish(TS_COMPLETED, "https://lms.example/reports/1.json"), TS_OK) << task.error.message;
  EXPECT_EQ(
      told(tasks, 1),
      R"({"id":1,"type":"trainings","scope":"company-7","status":"completed","file":"https://lms.example/reports/1.json","done":7,"total":7,"started":then,"finished":then})");
}

TEST_F(TaskLife, EndsCompletedWithoutAFile) {
  Tasks tasks = open();
  Task task = claim(tasks);
  ASSERT_EQ(task.finish(TS_COMPLETED), TS_OK);
  EXPECT_EQ(
      told(tasks, 1),
      R"({"id":1,"type":"trainings","scope":"company-7","status":"completed","file":null,"done":0,"total":0,"started":then,"finished":then})");
}

TEST_F(TaskLife, EndsInFailureWithItsLogOrWithout) {
  Tasks tasks = open();
  Task with = claim(tasks);
  ASSERT_EQ(with.finish(TS_FAIL, "/var/log/1.log"), TS_OK);
  Task without = claim(tasks);
  ASSERT_EQ(without.finish(TS_FAIL), TS_OK);
  EXPECT_EQ(
      told(tasks, 1),
      R"({"id":1,"type":"trainings","scope":"company-7","status":"fail","file":"/var/log/1.log","done":0,"total":0,"started":then,"finished":then})");
  EXPECT_EQ(
      told(tasks, 2),
      R"({"id":2,"type":"trainings","scope":"company-7","status":"fail","file":null,"done":0,"total":0,"started":then,"finished":then})");
}

TEST_F(TaskLife, FailsWhereItIsClosedUnfinished) {
  Tasks tasks = open();
  Task task = claim(tasks);
  ASSERT_EQ(task.progress(3, 10), TS_OK);
  task.close();
  EXPECT_NE(get(record_of_first)->find("fail"), std::string::npos) << "recorded at the close, not when somebody asks";
  EXPECT_EQ(
      told(tasks, 1),
      R"({"id":1,"type":"trainings","scope":"company-7","status":"fail","file":null,"done":3,"total":10,"started":then,"finished":then})");
  EXPECT_EQ(claim(tasks).id, 2);
}

TEST_F(TaskLife, IsOverOnceItIsFinished) {
  Tasks tasks = open();
  for (const int32_t outcome : {TS_COMPLETED, TS_FAIL}) {
    Task task = claim(tasks);
    ASSERT_EQ(task.finish(outcome, "first"), TS_OK);
    const std::string before = told(tasks, task.id);
    EXPECT_EQ(task.progress(1, 2), TS_TASK_FINISHED);
    EXPECT_EQ(task.error.status, TS_TASK_FINISHED);
    EXPECT_EQ(task.finish(TS_COMPLETED, "second"), TS_TASK_FINISHED);
    EXPECT_EQ(task.finish(TS_FAIL), TS_TASK_FINISHED);
    EXPECT_EQ(told(tasks, task.id), before);
    task.close();
    EXPECT_EQ(told(tasks, task.id), before);
  }
}

TEST_F(TaskLife, LetsTheNextOneInAtItsEndBeforeItsClose) {
  Tasks tasks = open();
  Task first = claim(tasks);
  expect_running(tasks, first.id);
  ASSERT_EQ(first.finish(TS_COMPLETED), TS_OK);
  const Task second = claim(tasks);
  first.close();
  expect_running(tasks, second.id);
  EXPECT_EQ(status_of(tasks, first.id), "completed");
}

TEST_F(TaskLife, RefusesAnOutcomeThatIsNone) {
  Tasks tasks = open();
  Task task = claim(tasks);
  for (const int32_t outcome : {0, 3, -1, INT32_MAX}) {
    EXPECT_EQ(task.finish(outcome), TS_INVALID_ARGUMENT) << outcome;
    expect_running(tasks, task.id);
  }
  EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
}

TEST_F(TaskLife, GoesOnWhereItsDirectoryIsClosedFirst) {
  Tasks tasks = open();
  Task task = claim(tasks);
  tasks.close();
  Tasks another = open();
  expect_running(another, task.id);
  EXPECT_EQ(task.progress(1, 2), TS_OK) << task.error.message;
  EXPECT_EQ(task.finish(TS_COMPLETED, "file"), TS_OK) << task.error.message;
  EXPECT_EQ(state(another, task.id).file, "file");
  Tasks third = open();
  Task unfinished = claim(third);
  third.close();
  unfinished.close();
  EXPECT_EQ(status_of(another, unfinished.id), "fail");
}

TEST_F(TaskLife, GoesOnWhereAnotherHandleOnItsDirectoryIsOpenedAndClosed) {
  Tasks tasks = open();
  const Task task = claim(tasks);
  Tasks another = open();
  expect_running(another, task.id);
  another.close();
  expect_running(tasks, task.id);
  Tasks third = open();
  expect_running(third, task.id);
}

TEST_F(TaskLife, IsNumberedOverAllTypesScopesAndHandles) {
  Tasks one = open();
  Tasks other = open();
  EXPECT_EQ(complete(one, "a", "x"), 1);
  EXPECT_EQ(complete(other, "b", "x"), 2);
  EXPECT_EQ(complete(one, "a", "y"), 3);
  one.close();
  other.close();
  Tasks third = open();
  EXPECT_EQ(complete(third, "a", "x"), 4);
}

TEST_F(TaskLife, DoesNotHinderOtherTypesAndScopes) {
  Tasks tasks = open();
  const Task one = claim(tasks, "trainings", "company-7");
  const Task other_scope = claim(tasks, "trainings", "company-8");
  const Task other_type = claim(tasks, "courses", "company-7");
  const Task no_scope = claim(tasks, "trainings", "");
  expect_running(tasks, one.id, "trainings", "company-7");
  expect_running(tasks, other_scope.id, "trainings", "company-8");
  expect_running(tasks, other_type.id, "courses", "company-7");
  expect_running(tasks, no_scope.id, "trainings", "");
  // What is joined in a file's name is still two.
  const Task dot_in_type = claim(tasks, "a.b", "c");
  const Task dot_in_scope = claim(tasks, "a", "b.c");
  const Task escape = claim(tasks, "%2E", "c");
  const Task dot = claim(tasks, ".", "c");
  // Case is part of a name.
  const Task upper = claim(tasks, "TRAININGS", "company-7");
}

TEST_F(TaskLife, IsListedWithTheNewestFirst) {
  Tasks tasks = open();
  EXPECT_EQ(list(tasks), std::vector<Record>());
  for (int count = 0; count < 11; ++count) complete(tasks, "t" + std::to_string(count % 3));  // 11 comes behind 9
  const Task running = claim(tasks);
  EXPECT_EQ(ids(list(tasks)), (std::vector<int64_t>{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(ids(list(tasks, 3)), (std::vector<int64_t>{12, 11, 10}));
  EXPECT_EQ(ids(list(tasks, 1)), (std::vector<int64_t>{12}));
  EXPECT_EQ(ids(list(tasks, 12)).size(), 12U);
  EXPECT_EQ(list(tasks, 0), std::vector<Record>());
  for (const Record& task : list(tasks)) EXPECT_EQ(task, state(tasks, task.id));
}

TEST_F(TaskLife, IsUnknownBeforeItBegins) {
  Tasks tasks = open();
  for (const int64_t id : {int64_t{0}, int64_t{1}, int64_t{-1}, INT64_MIN, INT64_MAX})
    expect_no_state(tasks, id, TS_UNKNOWN_TASK);
  complete(tasks);
  expect_no_state(tasks, 2, TS_UNKNOWN_TASK);
}

TEST_F(TaskLife, IsToldInTextThatEndsInNulAndStaysUntilTheNextCall) {
  Tasks tasks = open();
  const Task task = claim(tasks);
  const char* json = nullptr;
  size_t length = 0;
  ASSERT_EQ(ts_task_state(tasks.raw(), task.id, &json, &length, nullptr), TS_OK);
  const std::string kept(json, length);
  Tasks another = open();
  another.state(task.id, *std::make_unique<std::string>());
  EXPECT_EQ(json, kept);
  EXPECT_EQ(json[length], '\0');
  ASSERT_EQ(ts_tasks_list(tasks.raw(), 5, &json, &length, nullptr), TS_OK);
  EXPECT_EQ(json[length], '\0');
  EXPECT_EQ(std::string(json), "[" + kept + "]");
}

TEST_F(TaskLife, IsOverForTheNextOneWhenThatIsLetIn) {
  // Whoever gets in finds the end of the one before it recorded, however close behind it comes.
  Tasks tasks = open();
  const int rounds = is_sanitized ? 20 : 100;
  for (int round = 0; round < rounds; ++round) {
    Task first = claim(tasks);
    std::string found;
    std::thread next([&] {
      Tasks own = open();
      Task second;
      while (own.claim(second, type, scope) == TS_TASK_RUNNING) {
      }
      found = status_of(own, first.id);
      second.finish(TS_FAIL);
    });
    ASSERT_EQ(first.finish(TS_COMPLETED), TS_OK);
    next.join();
    ASSERT_EQ(found, "completed") << "round " << round;
  }
}

}  // namespace
}  // namespace tasks
