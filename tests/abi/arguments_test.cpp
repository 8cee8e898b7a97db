// NULL for each pointer in turn, nothing where a length says nothing, and what an error holds.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

#include "abi/handle.hpp"
#include "abi/packing.hpp"
#include "fault/scratch.hpp"
#include "tasks/handles.hpp"

namespace {

using host::Handle;
using host::Row;
using host::Task;
using host::Tasks;

constexpr char format[] = "ekvio.errors";
constexpr std::size_t format_length = sizeof format - 1;

/// An error whose bytes tell whether anybody wrote.
ts_error untouched_error() {
  ts_error error;
  std::memset(&error, 0x5a, sizeof error);
  return error;
}

bool is_untouched(const ts_error& error) {
  const ts_error fresh = untouched_error();
  return std::memcmp(&error, &fresh, sizeof error) == 0;
}

void expect_missing(int32_t status, const ts_error& error, const char* what) {
  EXPECT_EQ(status, TS_INVALID_ARGUMENT) << what;
  EXPECT_EQ(error.status, TS_INVALID_ARGUMENT);
  EXPECT_EQ(error.column, -1);
  EXPECT_EQ(error.row, -1);
  EXPECT_EQ(error.detail, 0);
  EXPECT_EQ(error.message, std::string(what) + " is NULL or longer than memory");
}

class Arguments : public testing::Test {
 protected:
  Handle report_{format};
  ts_error error_ = untouched_error();
  const char* json_ = "kept";
  size_t length_ = 77;

  void TearDown() override {
    // A refused call sets no result and leaves the report as it was.
    EXPECT_STREQ(json_, "kept");
    EXPECT_EQ(length_, 77U);
    EXPECT_EQ(report_.append({host::integer(1), host::text("f"), host::text("m")}), TS_OK);
    EXPECT_EQ(report_.built(), R"({"errors":[{"code":1,"field":"f","message":"m"}]})");
  }
};

TEST_F(Arguments, OfFormatListMustNotBeNull) {
  expect_missing(ts_format_list(nullptr, &length_, &error_), error_, "json");
  expect_missing(ts_format_list(&json_, nullptr, &error_), error_, "length");
  EXPECT_EQ(ts_format_list(nullptr, nullptr, nullptr), TS_INVALID_ARGUMENT);
}

TEST_F(Arguments, OfFormatDescribeMustNotBeNull) {
  expect_missing(ts_format_describe(nullptr, 3, &json_, &length_, &error_), error_, "name");
  expect_missing(ts_format_describe(format, format_length, nullptr, &length_, &error_), error_, "json");
  expect_missing(ts_format_describe(format, format_length, &json_, nullptr, &error_), error_, "length");
  EXPECT_EQ(ts_format_describe(nullptr, 0, &json_, &length_, nullptr), TS_UNKNOWN_FORMAT);
  EXPECT_EQ(ts_format_describe(format, 0, &json_, &length_, nullptr), TS_UNKNOWN_FORMAT);
}

TEST_F(Arguments, OfReportOpenMustNotBeNull) {
  ts_report* const before = report_.raw();
  ts_report* opened = before;
  expect_missing(ts_report_open(nullptr, 3, nullptr, 0, &opened, &error_), error_, "format");
  expect_missing(ts_report_open(format, format_length, nullptr, 3, &opened, &error_), error_, "options");
  expect_missing(ts_report_open(format, format_length, nullptr, 0, nullptr, &error_), error_, "report");
  EXPECT_EQ(ts_report_open(nullptr, 0, nullptr, 0, &opened, &error_), TS_UNKNOWN_FORMAT);
  EXPECT_EQ(ts_report_open(format, format_length, "[]", 2, &opened, &error_), TS_BAD_OPTION);
  EXPECT_EQ(opened, before);
  // A text of no length is no JSON object; only no text at all means the defaults.
  EXPECT_EQ(ts_report_open(format, format_length, "{}", 0, &opened, &error_), TS_BAD_OPTION);
  EXPECT_EQ(opened, before);
  ASSERT_EQ(ts_report_open(format, format_length, nullptr, 0, &opened, nullptr), TS_OK);
  ts_report_close(opened);
}

TEST_F(Arguments, OfRowAppendMustNotBeNull) {
  const ts_value cell = host::integer(1);
  expect_missing(ts_row_append(nullptr, &cell, 1, &error_), error_, "report");
  expect_missing(ts_row_append(report_.raw(), nullptr, 1, &error_), error_, "cells");
}

TEST_F(Arguments, OfBatchAppendMustNotBeNull) {
  const std::string batch = host::pack({});
  uint64_t accepted = 9;
  expect_missing(ts_batch_append(nullptr, batch.data(), batch.size(), &accepted, &error_), error_, "report");
  EXPECT_EQ(accepted, 0U);
  accepted = 9;
  expect_missing(ts_batch_append(report_.raw(), nullptr, 1, &accepted, &error_), error_, "bytes");
  EXPECT_EQ(accepted, 0U);
  EXPECT_EQ(ts_batch_append(report_.raw(), batch.data(), batch.size(), nullptr, nullptr), TS_OK);
}

TEST_F(Arguments, OfPartAppendMustNotBeNull) {
  expect_missing(ts_part_append(nullptr, "{}", 2, 0, &error_), error_, "report");
  expect_missing(ts_part_append(report_.raw(), nullptr, 1, 0, &error_), error_, "document");
  expect_missing(ts_part_append(report_.raw(), "{}", SIZE_MAX, 0, &error_), error_, "document");
  EXPECT_EQ(ts_part_append(report_.raw(), nullptr, 0, 0, nullptr), TS_PART_REFUSED);
}

TEST_F(Arguments, OfReportReadMustNotBeNull) {
  char buffer[4];
  expect_missing(ts_report_read(nullptr, buffer, sizeof buffer, &length_, &error_), error_, "report");
  expect_missing(ts_report_read(report_.raw(), nullptr, 1, &length_, &error_), error_, "buffer");
  expect_missing(ts_report_read(report_.raw(), buffer, sizeof buffer, nullptr, &error_), error_, "length");
}

TEST_F(Arguments, OfWhatHandsOutTextMustNotBeNull) {
  for (const auto function : {ts_report_describe, ts_report_problems, ts_report_build}) {
    expect_missing(function(nullptr, &json_, &length_, &error_), error_, "report");
    expect_missing(function(report_.raw(), nullptr, &length_, &error_), error_, "json");
    expect_missing(function(report_.raw(), &json_, nullptr, &error_), error_, "length");
    EXPECT_EQ(function(nullptr, nullptr, nullptr, nullptr), TS_INVALID_ARGUMENT);
  }
}

TEST_F(Arguments, OfReportCloseMayBeNull) { ts_report_close(nullptr); }

TEST_F(Arguments, WithoutLengthAreEmpty) {
  // A row of no cells, and a batch of no bytes, are refused for what they are.
  EXPECT_EQ(ts_row_append(report_.raw(), nullptr, 0, &error_), TS_ROW_REFUSED);
  EXPECT_STREQ(error_.message, "code is required");
  EXPECT_EQ(ts_batch_append(report_.raw(), nullptr, 0, nullptr, &error_), TS_BATCH_MALFORMED);
  EXPECT_EQ(ts_row_append(report_.raw(), reinterpret_cast<const ts_value*>("none"), 0, &error_), TS_ROW_REFUSED);
}

class TaskArguments : public testing::Test {
 protected:
  const fault::Scratch scratch_;
  const std::string directory_ = scratch_.path("tasks");
  Tasks tasks_{directory_};
  Task task_;
  ts_error error_ = untouched_error();
  const char* json_ = "kept";
  size_t length_ = 77;
  ts_task* const no_task_ = reinterpret_cast<ts_task*>(&error_);
  ts_task* claimed_ = no_task_;
  int64_t id_ = 99;

  void SetUp() override { ASSERT_EQ(tasks_.claim(task_, "t", "s"), TS_OK) << tasks_.error.message; }

  void TearDown() override {
    // A refused call sets no result, and leaves the tasks and the one that runs as they were.
    EXPECT_STREQ(json_, "kept");
    EXPECT_EQ(length_, 77U);
    EXPECT_EQ(claimed_, no_task_);
    EXPECT_EQ(id_, 99);
    Task second;
    EXPECT_EQ(tasks_.claim(second, "t", "s"), TS_TASK_RUNNING);
    EXPECT_EQ(tasks_.claim(second, "t", ""), TS_OK);
    EXPECT_EQ(second.id, 2);
    EXPECT_EQ(task_.finish(TS_COMPLETED), TS_OK);
  }
};

TEST_F(TaskArguments, OfTasksOpenMustNotBeNull) {
  ts_tasks* const before = tasks_.raw();
  ts_tasks* opened = before;
  const char* const path = directory_.data();
  const std::size_t length = directory_.size();
  expect_missing(ts_tasks_open(nullptr, 3, nullptr, 0, &opened, &error_), error_, "directory");
  expect_missing(ts_tasks_open(path, length, nullptr, 3, &opened, &error_), error_, "options");
  expect_missing(ts_tasks_open(path, length, nullptr, 0, nullptr, &error_), error_, "tasks");
  expect_missing(ts_tasks_open(path, SIZE_MAX, nullptr, 0, &opened, &error_), error_, "directory");
  expect_missing(ts_tasks_open(path, length, "{}", SIZE_MAX, &opened, &error_), error_, "options");
  EXPECT_EQ(ts_tasks_open(nullptr, 0, nullptr, 0, &opened, nullptr), TS_INVALID_ARGUMENT);
  EXPECT_EQ(ts_tasks_open(path, length, "[]", 2, &opened, nullptr), TS_BAD_OPTION);
  EXPECT_EQ(ts_tasks_open(path, length, "{}", 0, &opened, nullptr), TS_BAD_OPTION);
  EXPECT_EQ(opened, before);
  ASSERT_EQ(ts_tasks_open(path, length, nullptr, 0, &opened, nullptr), TS_OK);
  ts_tasks_close(opened);
}

TEST_F(TaskArguments, OfTaskClaimMustNotBeNull) {
  ts_tasks* const tasks = tasks_.raw();
  expect_missing(ts_task_claim(nullptr, "t", 1, "s", 1, &claimed_, &id_, &error_), error_, "tasks");
  expect_missing(ts_task_claim(tasks, nullptr, 1, "s", 1, &claimed_, &id_, &error_), error_, "type");
  expect_missing(ts_task_claim(tasks, "t", SIZE_MAX, "s", 1, &claimed_, &id_, &error_), error_, "type");
  expect_missing(ts_task_claim(tasks, "t", 1, nullptr, 1, &claimed_, &id_, &error_), error_, "scope");
  expect_missing(ts_task_claim(tasks, "t", 1, "s", SIZE_MAX, &claimed_, &id_, &error_), error_, "scope");
  expect_missing(ts_task_claim(tasks, "t", 1, "s", 1, nullptr, &id_, &error_), error_, "task");
  expect_missing(ts_task_claim(tasks, "t", 1, "s", 1, &claimed_, nullptr, &error_), error_, "id");
  EXPECT_EQ(ts_task_claim(nullptr, nullptr, 0, nullptr, 0, nullptr, nullptr, nullptr), TS_INVALID_ARGUMENT);
  EXPECT_EQ(ts_task_claim(tasks, nullptr, 0, nullptr, 0, &claimed_, &id_, &error_), TS_INVALID_ARGUMENT);
  EXPECT_NE(std::strstr(error_.message, "type must not be empty"), nullptr) << error_.message;
}

TEST_F(TaskArguments, OfARefusedClaimSetNothing) {
  EXPECT_EQ(ts_task_claim(tasks_.raw(), "t", 1, "s", 1, &claimed_, &id_, &error_), TS_TASK_RUNNING);
  EXPECT_EQ(error_.detail, 1);
  EXPECT_EQ(ts_task_claim(tasks_.raw(), "t", 1, "s", 1, &claimed_, &id_, nullptr), TS_TASK_RUNNING);
}

TEST_F(TaskArguments, OfTaskProgressMustNotBeNull) {
  expect_missing(ts_task_progress(nullptr, 1, 2, &error_), error_, "task");
  EXPECT_EQ(ts_task_progress(nullptr, 1, 2, nullptr), TS_INVALID_ARGUMENT);
}

TEST_F(TaskArguments, OfTaskFinishMustNotBeNull) {
  expect_missing(ts_task_finish(nullptr, TS_COMPLETED, "f", 1, &error_), error_, "task");
  expect_missing(ts_task_finish(task_.raw(), TS_COMPLETED, nullptr, 1, &error_), error_, "file");
  expect_missing(ts_task_finish(task_.raw(), TS_COMPLETED, "f", SIZE_MAX, &error_), error_, "file");
  EXPECT_EQ(ts_task_finish(nullptr, TS_COMPLETED, nullptr, 0, nullptr), TS_INVALID_ARGUMENT);
}

TEST_F(TaskArguments, OfTaskStateAndTasksListMustNotBeNull) {
  expect_missing(ts_task_state(nullptr, 1, &json_, &length_, &error_), error_, "tasks");
  expect_missing(ts_task_state(tasks_.raw(), 1, nullptr, &length_, &error_), error_, "json");
  expect_missing(ts_task_state(tasks_.raw(), 1, &json_, nullptr, &error_), error_, "length");
  EXPECT_EQ(ts_task_state(tasks_.raw(), 5, &json_, &length_, nullptr), TS_UNKNOWN_TASK);
  expect_missing(ts_tasks_list(nullptr, 1, &json_, &length_, &error_), error_, "tasks");
  expect_missing(ts_tasks_list(tasks_.raw(), 1, nullptr, &length_, &error_), error_, "json");
  expect_missing(ts_tasks_list(tasks_.raw(), 1, &json_, nullptr, &error_), error_, "length");
}

TEST_F(TaskArguments, OfTheClosesMayBeNull) {
  ts_task_close(nullptr);
  ts_tasks_close(nullptr);
}

TEST(Error, IsNotTouchedByTasksThatGoWell) {
  const fault::Scratch scratch;
  const std::string directory = scratch.path("tasks");
  ts_error error = untouched_error();
  ts_tasks* tasks = nullptr;
  ts_task* task = nullptr;
  int64_t id = 0;
  const char* json = nullptr;
  size_t length = 0;
  ASSERT_EQ(ts_tasks_open(directory.data(), directory.size(), nullptr, 0, &tasks, &error), TS_OK);
  ASSERT_EQ(ts_task_claim(tasks, "t", 1, nullptr, 0, &task, &id, &error), TS_OK);
  EXPECT_EQ(ts_task_progress(task, 1, 2, &error), TS_OK);
  EXPECT_EQ(ts_task_state(tasks, id, &json, &length, &error), TS_OK);
  EXPECT_EQ(ts_tasks_list(tasks, 1, &json, &length, &error), TS_OK);
  EXPECT_EQ(ts_task_finish(task, TS_COMPLETED, nullptr, 0, &error), TS_OK);
  ts_task_close(task);
  ts_tasks_close(tasks);
  EXPECT_TRUE(is_untouched(error));
}

TEST(Error, IsNotTouchedByWhatGoesWell) {
  ts_error error = untouched_error();
  const char* json = nullptr;
  size_t length = 0;
  ts_report* report = nullptr;
  const Row row = {host::integer(1), host::text("f"), host::text("m")};
  const std::string batch = host::pack(std::span(&row, 1));
  char buffer[8];
  EXPECT_EQ(ts_format_list(&json, &length, &error), TS_OK);
  EXPECT_EQ(ts_format_describe(format, format_length, &json, &length, &error), TS_OK);
  ASSERT_EQ(ts_report_open(format, format_length, nullptr, 0, &report, &error), TS_OK);
  EXPECT_EQ(ts_row_append(report, row.data(), row.size(), &error), TS_OK);
  EXPECT_EQ(ts_batch_append(report, batch.data(), batch.size(), nullptr, &error), TS_OK);
  constexpr std::string_view part = R"({"errors":[{"code":1,"field":"f","message":"m"}]})";
  EXPECT_EQ(ts_part_append(report, part.data(), part.size(), 1, &error), TS_OK);
  EXPECT_EQ(ts_report_describe(report, &json, &length, &error), TS_OK);
  EXPECT_EQ(ts_report_problems(report, &json, &length, &error), TS_OK);
  EXPECT_EQ(ts_report_read(report, buffer, sizeof buffer, &length, &error), TS_OK);
  EXPECT_EQ(ts_report_build(report, &json, &length, &error), TS_OK);
  ts_report_close(report);
  EXPECT_TRUE(is_untouched(error));
}

TEST(Error, IsFilledWhole) {
  ts_error error = untouched_error();
  Handle report(format);
  const Row row = {host::integer(1), host::integer(2)};
  ASSERT_EQ(ts_row_append(report.raw(), row.data(), row.size(), &error), TS_ROW_REFUSED);
  EXPECT_EQ(error.status, TS_ROW_REFUSED);
  EXPECT_EQ(error.column, 1);
  EXPECT_EQ(error.row, 0);
  EXPECT_EQ(error.detail, 0);
  EXPECT_STREQ(error.message, "field must be text");
}

TEST(Error, MessageIsCutToItsRoom) {
  const std::string name(5000, 'x');
  ts_error error = untouched_error();
  ts_report* report = nullptr;
  EXPECT_EQ(ts_report_open(name.data(), name.size(), nullptr, 0, &report, &error), TS_UNKNOWN_FORMAT);
  EXPECT_NE(std::memchr(error.message, '\0', sizeof error.message), nullptr);
  EXPECT_EQ(report, nullptr);
}

TEST(Error, NeverHoldsTheValue) {
  Handle report("ekvio.trainings_statistic");
  const Row row = {host::text("secret")};
  EXPECT_EQ(report.append(row), TS_ROW_REFUSED);
  EXPECT_EQ(std::string_view(report.error.message).find("secret"), std::string_view::npos);
  EXPECT_EQ(report.problems().find("secret"), std::string::npos);
}

TEST(StaticText, EndsInNulAndIsTheSamePlaceAgain) {
  const char* first = nullptr;
  const char* second = nullptr;
  size_t length = 0;
  ASSERT_EQ(ts_format_list(&first, &length, nullptr), TS_OK);
  EXPECT_EQ(std::strlen(first), length);
  ASSERT_EQ(ts_format_list(&second, &length, nullptr), TS_OK);
  EXPECT_EQ(first, second);
  ASSERT_EQ(ts_format_describe(format, format_length, &first, &length, nullptr), TS_OK);
  EXPECT_EQ(std::strlen(first), length);
  EXPECT_STREQ(ts_version(), "1.0.0");
  EXPECT_EQ(ts_abi_version(), 3);
}

}  // namespace
