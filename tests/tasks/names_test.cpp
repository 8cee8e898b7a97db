// What a task, its scope and its file may be called.
#include <cstring>

#include "tasks/registry.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;
using namespace std::string_view_literals;

class TaskNames : public Registry {
 protected:
  void expect_refused(std::string_view of_type, std::string_view of_scope) {
    Task task;
    EXPECT_EQ(tasks_.claim(task, of_type, of_scope), TS_INVALID_ARGUMENT) << of_type << ", " << of_scope;
    EXPECT_EQ(tasks_.error.status, TS_INVALID_ARGUMENT);
    EXPECT_EQ(tasks_.error.detail, 0);
    EXPECT_EQ(task.raw(), nullptr);
    EXPECT_EQ(task.id, 0);
    EXPECT_EQ(list(tasks_).size(), 0U);
  }

  void expect_taken(std::string_view of_type, std::string_view of_scope) {
    Task task = claim(tasks_, of_type, of_scope);
    expect_running(tasks_, task.id, of_type, of_scope);
    EXPECT_EQ(state(tasks_, task.id).type, of_type);
    EXPECT_EQ(state(tasks_, task.id).scope, of_scope);
    EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
    EXPECT_EQ(scratch_.names(), Names{"tasks"}) << "a name that leaves its directory";
    for (const auto& entry : std::filesystem::directory_iterator(directory()))
      EXPECT_TRUE(entry.is_regular_file()) << entry.path();
  }

  Tasks tasks_ = open();
};

TEST_F(TaskNames, MayHoldAnyLetters) {
  expect_taken("trainings", "");
  expect_taken("A-Z_0-9", "a");
  expect_taken("with space", "\"quoted\" \\ \n \x01 \x7f");
  expect_taken("\xd0\xba\xd1\x83\xd1\x80\xd1\x81\xd1\x8b", "\xe2\x82\xac \xf0\x9f\x8e\x93");
  for (const std::string_view path : {".", "..", "/", "../..", "/etc/passwd", "a/../b", "%2F", "*", "-rf", "ids", "1.task"}) {
    expect_taken(path, path);
  }
}

TEST_F(TaskNames, OfATypeAreNotEmpty) {
  expect_refused("", "");
  expect_refused("", "company-7");
}

TEST_F(TaskNames, HoldNoNul) {
  expect_refused("a\0b"sv, "s");
  expect_refused("\0"sv, "s");
  expect_refused("t", "a\0"sv);
}

TEST_F(TaskNames, AreWellFormedUtf8) {
  for (const std::string_view ill :
       {"\x80"sv, "\xff"sv, "a\xc3"sv, "\xc0\xaf"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "\xe2\x82"sv}) {
    expect_refused(ill, "s");
    expect_refused("t", ill);
  }
}

TEST_F(TaskNames, AreOf200BytesTogetherAndOthersCountThree) {
  const auto letters = [](std::size_t count) { return std::string(count, 'x'); };
  const auto others = [](std::size_t count) { return std::string(count, '.'); };
  expect_refused(letters(201), "");
  expect_refused(letters(1), letters(200));
  expect_refused(letters(101), letters(100));
  expect_refused(others(67), "");
  expect_refused(others(66) + letters(3), "");
  expect_refused(letters(1), others(67));
  expect_refused(letters(1), letters(5000));
  expect_refused(others(33), others(33) + letters(3));
  expect_taken(letters(200), "");
  expect_taken(letters(1), letters(199));
  expect_taken(letters(100), letters(100));
  expect_taken(others(66) + letters(2), "");
  expect_taken(others(33), others(33) + letters(2));
  expect_taken(letters(2), others(66));
}

TEST_F(TaskNames, DifferWhereOnlyTheLastByteDoes) {
  const Task one = claim(tasks_, std::string(199, 'x') + "1", "");
  const Task other = claim(tasks_, std::string(199, 'x') + "2", "");
  EXPECT_NE(one.id, other.id);
}

TEST_F(TaskNames, AreReadNoFurtherThanTheirLength) {
  const std::string_view longer = "trainings and more";
  const Task task = claim(tasks_, longer.substr(0, 9), longer.substr(10, 3));
  EXPECT_EQ(state(tasks_, task.id).type, "trainings");
  EXPECT_EQ(state(tasks_, task.id).scope, "and");
}

TEST_F(TaskNames, OfAFileAreKeptToTheByte) {
  const std::string longest = "/" + std::string(4095, 'x');
  const std::string euro = "/\xe2\x82\xac \"quoted\" \\ \n \x01.json";
  for (const std::string& file : {longest, euro, std::string("https://lms.example/a?b=c&d=%20"), std::string(" ")}) {
    Task task = claim(tasks_);
    EXPECT_EQ(task.finish(TS_COMPLETED, file), TS_OK) << task.error.message;
    EXPECT_EQ(state(tasks_, task.id).file, file);
    EXPECT_EQ(list(tasks_, 1).at(0).file, file);
  }
}

TEST_F(TaskNames, OfAFileAreRefusedAndTheTaskGoesOn) {
  Task task = claim(tasks_);
  for (const std::string& file :
       {std::string(4097, 'x'), std::string("a\0b", 3), std::string("\xff"), std::string("a\xc3"), std::string(100000, 'x')}) {
    for (const int32_t outcome : {TS_COMPLETED, TS_FAIL}) {
      EXPECT_EQ(task.finish(outcome, file), TS_INVALID_ARGUMENT) << file.substr(0, 10);
      EXPECT_EQ(task.error.status, TS_INVALID_ARGUMENT);
    }
    EXPECT_EQ(status_of(tasks_, task.id), "progress");
    expect_running(tasks_, task.id);
  }
  EXPECT_EQ(task.finish(TS_COMPLETED, "file"), TS_OK);
}

}  // namespace
}  // namespace tasks
