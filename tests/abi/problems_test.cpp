// What was taken and what was refused, as ts_report_problems tells it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "abi/handle.hpp"
#include "abi/packing.hpp"

namespace {

using host::Handle;
using host::Row;
using nlohmann::json;

const Row good = {host::integer(1), host::text("f"), host::text("m")};
const Row bad = {host::integer(1), host::null(), host::text("m")};

TEST(Problems, AreNoneAtFirst) { EXPECT_EQ(Handle("ekvio.errors").problems(), R"({"accepted":0,"refused":0,"problems":[]})"); }

TEST(Problems, NameRowColumnAndRuleBeforeAndAfterTheBuild) {
  for (const char* options : {"", R"({"on_refused":"skip"})"}) {
    Handle report("ekvio.errors", options);
    report.append(good);
    report.append(bad);
    report.append({host::integer(1), host::text("f"), host::text("m"), host::integer(1)});
    report.append(good);
    constexpr char expected[] =
        R"({"accepted":2,"refused":2,"problems":[{"row":1,"column":"field","message":"field must not be null"},)"
        R"({"row":2,"column":null,"message":"a row has at most 3 cells"}]})";
    EXPECT_EQ(report.problems(), expected);
    EXPECT_FALSE(report.built().empty());
    EXPECT_EQ(report.problems(), expected);
  }
}

TEST(Problems, NameAQuestionnaireColumn) {
  Handle report("ekvio.trainings_statistic", R"({"forms":[8]})");
  Row row(36);
  for (const std::size_t column : {0U, 1U, 9U, 10U, 11U, 12U, 13U, 14U, 15U, 16U, 17U}) row[column] = host::integer(0);
  for (const std::size_t column : {2U, 4U, 28U}) row[column] = host::text("t");
  row[3] = host::text("active");
  EXPECT_EQ(report.append(row), TS_OK) << report.error.message;
  row[35] = host::integer(1);
  EXPECT_EQ(report.append(row), TS_ROW_REFUSED);
  EXPECT_EQ(json::parse(report.problems())["problems"][0]["column"], "form_question_8");
}

TEST(Problems, AreTheFirstThousandAndTheCountsAreWhole) {
  Handle report("ekvio.errors", R"({"on_refused":"skip"})");
  std::vector<Row> rows;
  for (int i = 0; i < 1500; ++i) {
    rows.push_back(bad);
    rows.push_back(good);
  }
  uint64_t accepted = 0;
  EXPECT_EQ(report.append_batch(host::pack(rows), accepted), TS_OK);
  EXPECT_EQ(accepted, 1500U);
  const json problems = json::parse(report.problems());
  EXPECT_EQ(problems["accepted"], 1500);
  EXPECT_EQ(problems["refused"], 1500);
  ASSERT_EQ(problems["problems"].size(), 1000U);
  EXPECT_EQ(problems["problems"][999]["row"], 1998);
}

TEST(Problems, RowNumbersCountRefusedRows) {
  Handle report("ekvio.errors");
  for (int64_t row = 0; row < 5; ++row) {
    EXPECT_EQ(report.append(bad), TS_ROW_REFUSED);
    EXPECT_EQ(report.error.row, row);
  }
  EXPECT_EQ(report.append(good), TS_OK);
  EXPECT_EQ(report.append(bad), TS_ROW_REFUSED);
  EXPECT_EQ(report.error.row, 6);
}

}  // namespace
