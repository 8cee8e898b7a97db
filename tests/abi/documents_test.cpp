// Each sample becomes its document, letter by letter, through every way in and out.
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>

#include "abi/handle.hpp"
#include "abi/packing.hpp"
#include "abi/sample.hpp"

namespace {

using host::Handle;
using host::Row;
using host::Sample;
using host::sample;
using host::samples;

class EverySample : public testing::TestWithParam<Sample> {};

std::string name_of(const testing::TestParamInfo<Sample>& info) {
  std::string name = info.param.name;
  std::ranges::replace(name, ' ', '_');
  return name;
}

TEST_P(EverySample, BecomesItsDocument) {
  Handle report(GetParam().format, GetParam().options);
  for (const Row& row : GetParam().rows) report.append(row);
  EXPECT_EQ(report.built(), GetParam().document);
}

TEST_P(EverySample, BecomesItsDocumentAsPackedBatches) {
  Handle report(GetParam().format, GetParam().options);
  std::span<const Row> rest = GetParam().rows;
  while (!rest.empty()) {
    uint64_t accepted = 0;
    const int32_t status = report.append_batch(host::pack(rest), accepted);
    if (status == TS_OK) break;
    ASSERT_EQ(status, TS_ROW_REFUSED);
    rest = rest.subspan(accepted + 1);  // behind the refused one
  }
  EXPECT_EQ(report.built(), GetParam().document);
}

TEST_P(EverySample, IsTheSameReadInPiecesWhileAppending) {
  for (const std::size_t piece : {1U, 7U, 4096U}) {
    Handle report(GetParam().format, GetParam().options);
    std::string document;
    const auto read_all = [&] {
      std::size_t before = 0;
      do {
        before = document.size();
        ASSERT_EQ(report.read(piece, document), TS_OK);
        ASSERT_LE(document.size() - before, piece);
      } while (document.size() > before);
    };
    read_all();
    EXPECT_GT(document.size(), 0U);  // what stands before the rows is ready at once
    for (const Row& row : GetParam().rows) {
      report.append(row);
      read_all();
    }
    std::string rest;
    EXPECT_EQ(report.build(rest), TS_OK);
    EXPECT_EQ(document + rest, GetParam().document) << "in pieces of " << piece;
    read_all();
    EXPECT_EQ(document, GetParam().document) << "in pieces of " << piece;
  }
}

TEST_P(EverySample, IsTheSameReadLateInOnePiece) {
  Handle report(GetParam().format, GetParam().options);
  for (const Row& row : GetParam().rows) report.append(row);
  std::string document;
  EXPECT_EQ(report.read(std::size_t{1} << 20U, document), TS_OK);
  EXPECT_EQ(document + report.built(), GetParam().document);
}

TEST_P(EverySample, IsTheSameTakenWhileAppending) {
  Handle report(GetParam().format, GetParam().options);
  std::string document;
  const auto take = [&] {
    std::string piece;
    ASSERT_EQ(report.take(piece), TS_OK);
    document += piece;
  };
  take();
  EXPECT_GT(document.size(), 0U);
  for (const Row& row : GetParam().rows) {
    report.append(row);
    take();
  }
  const std::string rest = report.built();
  EXPECT_EQ(document + rest, GetParam().document);
  take();
  take();
  EXPECT_EQ(document, GetParam().document);
  EXPECT_EQ(report.built(), rest);
}

INSTANTIATE_TEST_SUITE_P(Document, EverySample, testing::ValuesIn(samples()), name_of);

TEST(Build, HandsOutTheSameBytesAtTheSamePlaceAgain) {
  Handle report("ekvio.errors");
  ASSERT_EQ(report.append(sample("errors").rows[0]), TS_OK);
  const char* first = nullptr;
  const char* second = nullptr;
  size_t length = 0;
  size_t again = 0;
  ASSERT_EQ(ts_report_build(report.raw(), &first, &length, nullptr), TS_OK);
  const std::string document(first, length);
  report.problems();
  std::string read;
  report.read(5, read);
  ASSERT_EQ(ts_report_build(report.raw(), &second, &again, nullptr), TS_OK);
  EXPECT_EQ(first, second);
  EXPECT_EQ(std::string(second, again), document);
  EXPECT_EQ(second[again], '\0');
}

TEST(Build, HandsOutWhatWasNotReadBeforeIt) {
  Handle report("ekvio.errors");
  ASSERT_EQ(report.append(sample("errors").rows[0]), TS_OK);
  std::string read;
  report.read(10, read);
  EXPECT_EQ(read, "{\"errors\":");
  EXPECT_TRUE(report.built().starts_with("[{\"code\":1007,"));
}

TEST(Build, EndsTheRowsForGood) {
  Handle report("ekvio.errors");
  const Row& row = sample("errors").rows[0];
  ASSERT_EQ(report.append(row), TS_OK);
  const std::string document = report.built();
  EXPECT_EQ(report.append(row), TS_REPORT_FINISHED);
  EXPECT_EQ(report.append({}), TS_REPORT_FINISHED);
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_batch(host::pack(std::span(&row, 1)), accepted), TS_REPORT_FINISHED);
  EXPECT_EQ(accepted, 0U);
  EXPECT_EQ(report.append_batch("no batch at all"), TS_REPORT_FINISHED);
  EXPECT_EQ(report.built(), document);
  EXPECT_EQ(report.problems(), R"({"accepted":1,"refused":0,"problems":[]})");
}

TEST(Build, LeavesAReportWithoutItsRowOpen) {
  Handle report("ekvio.task_running");
  std::string document;
  EXPECT_EQ(report.build(document), TS_ROW_COUNT);
  EXPECT_EQ(report.error.row, -1);
  EXPECT_EQ(report.append({host::integer(0)}), TS_ROW_REFUSED);
  EXPECT_EQ(report.build(document), TS_ROW_COUNT);
  EXPECT_EQ(report.append({host::integer(15)}), TS_OK);
  EXPECT_EQ(report.append({host::integer(16)}), TS_ROW_REFUSED);
  EXPECT_EQ(report.error.row, 2);
  EXPECT_EQ(report.error.column, -1);
  EXPECT_EQ(report.built(), sample("task running").document);
}

TEST(Read, EndsWithNothingAfterTheBuild) {
  Handle report("ekvio.errors");
  ASSERT_EQ(report.append(sample("errors").rows[0]), TS_OK);
  std::string document;
  report.read(3, document);
  const std::string rest = report.built();
  std::string after;
  while (true) {
    const std::size_t before = after.size();
    ASSERT_EQ(report.read(7, after), TS_OK);
    if (after.size() == before) break;
  }
  EXPECT_EQ(after, rest);
  EXPECT_EQ(report.built(), rest);
}

TEST(Read, TakesNothingIntoNoRoom) {
  Handle report("ekvio.errors");
  size_t length = 77;
  EXPECT_EQ(ts_report_read(report.raw(), nullptr, 0, &length, nullptr), TS_OK);
  EXPECT_EQ(length, 0U);
  std::string document;
  report.read(100, document);
  EXPECT_EQ(document, "{\"errors\":[");
}

}  // namespace
