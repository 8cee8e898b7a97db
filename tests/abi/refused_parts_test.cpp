// What is no part of a report's rows is refused, and leaves no trace.
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abi/handle.hpp"
#include "abi/part.hpp"
#include "abi/sample.hpp"

namespace {

using host::Handle;
using host::Part;
using host::part_of;
using host::Row;
using host::Sample;
using host::sample;

/// A report of two rows, to which nothing but its own parts can be added.
class RefusedPart : public testing::Test {
 protected:
  const Sample& sample_ = sample("participants");
  const Part part_ = part_of(sample_.format, sample_.options, sample_.rows);
  Handle report_{sample_.format, sample_.options};

  void SetUp() override { append_rows(); }

  /// All of them are refused without a trace.
  void TearDown() override {
    ASSERT_EQ(report_.append_part(part_.document, part_.rows), TS_OK);
    Handle all(sample_.format, sample_.options);
    for (int round = 0; round < 2; ++round) {
      for (const Row& row : sample_.rows) all.append(row);
    }
    EXPECT_EQ(report_.built(), all.built());
    EXPECT_EQ(report_.problems(), all.problems());
  }

  void append_rows() {
    for (const Row& row : sample_.rows) ASSERT_EQ(report_.append(row), TS_OK);
  }

  void expect_refused(const std::string& document, uint64_t rows, const std::string& message) {
    report_.error = {};
    EXPECT_EQ(report_.append_part(document, rows), TS_PART_REFUSED) << document;
    EXPECT_EQ(report_.error.status, TS_PART_REFUSED);
    EXPECT_EQ(report_.error.row, -1);
    EXPECT_EQ(report_.error.column, -1);
    EXPECT_EQ(report_.error.detail, 0);
    EXPECT_EQ(report_.error.message, message) << document;
  }

  static constexpr char ends[] = "the part does not begin and end as the report's own document does";
  static constexpr char members[] = "the rows of the part are not made as this report's are";
};

TEST_F(RefusedPart, OfAnotherFormat) {
  const Sample& statistic = sample("statistic");
  const Part part = part_of(statistic.format, statistic.options, statistic.rows);
  expect_refused(part.document, part.rows, ends);
  expect_refused(part_of("eloomi.participant", sample_.options, std::span(sample_.rows).first(1)).document, 1, ends);
  expect_refused(part_of("eloomi.error", "", {}).document, 0, ends);
}

TEST_F(RefusedPart, OfOtherOptionsAroundTheRows) {
  for (const char* options : {R"({"extended_mode":true})", R"({"extended_mode":true,"message":"another"})",
                              R"({"extended_mode":true,"message":"a message that is longer than what fits a short texts"})"}) {
    expect_refused(part_of(sample_.format, options, sample_.rows).document, 2, ends);
    expect_refused(part_of(sample_.format, options, {}).document, 0, ends);
  }
}

TEST_F(RefusedPart, OfAnotherMode) {
  expect_refused(
      part_of(sample_.format, R"({"message":"a message that is longer than what fits a short text"})", sample_.rows).document,
      2, members);
}

TEST(RefusedPartOfOtherOptions, IsToldByTheClosingMembersOfAPageSafeReport) {
  const std::string safe = R"({"message":"<b>","html_safe":true})";
  const std::string plain = R"({"message":"<b>"})";
  Handle report("eloomi.participants", safe);
  EXPECT_EQ(report.append_part(part_of("eloomi.participants", plain, {}).document, 0), TS_PART_REFUSED);
  EXPECT_EQ(report.append_part(part_of("eloomi.participants", safe, {}).document, 0), TS_OK);
}

TEST(RefusedPartOfOtherOptions, IsToldByItsQuestionnaireColumns) {
  const Sample& statistic = sample("statistic");
  const Part part = part_of(statistic.format, statistic.options, statistic.rows);
  for (const char* options : {"{}", R"({"forms":[8]})", R"({"forms":[9,8]})", R"({"forms":[8,9,10]})"}) {
    Handle report(statistic.format, options);
    EXPECT_EQ(report.append_part(part.document, part.rows), TS_PART_REFUSED) << options;
    EXPECT_EQ(report.built(), R"({"data":[]})");
  }
}

TEST(RefusedPartOfAnotherFormat, IsToldByTheMembersOfItsRow) {
  const Part running = part_of("ekvio.task_running", "", sample("task running").rows);
  const Part errors = part_of("ekvio.errors", "", std::span(sample("errors").rows).first(1));
  Handle report("ekvio.task_running");
  EXPECT_EQ(report.append_part(errors.document, 1), TS_PART_REFUSED);
  EXPECT_EQ(report.append_part(running.document, 1), TS_OK);
  // The other way round nothing tells them apart: it is a document of that format, too.
  Handle other("ekvio.errors");
  EXPECT_EQ(other.append_part(running.document, 1), TS_OK);
}

TEST_F(RefusedPart, CutAnywhereNearItsEnds) {
  const std::string& whole = part_.document;
  const std::size_t tail = whole.size() - whole.rfind("]") + 2;
  for (std::size_t cut = 1; cut <= tail + 200; ++cut) {
    expect_refused(whole.substr(0, whole.size() - cut), part_.rows, ends);
    expect_refused(whole.substr(std::min(cut, whole.size())), part_.rows, ends);
  }
  expect_refused("", 0, ends);
  // Bytes missing behind the head, or in front of the tail.
  constexpr std::string_view head = "{\"data\":[";
  for (std::size_t cut = 1; cut < 100; ++cut) {
    expect_refused(std::string(head) + whole.substr(head.size() + cut), part_.rows, members);
  }
  const std::string end = whole.substr(whole.rfind("]"));
  expect_refused(whole.substr(0, whole.size() - end.size() - 1) + end, part_.rows, members);
}

TEST_F(RefusedPart, WithBytesThatItsReportDidNotWrite) {
  const std::string nul(1, '\0');
  const std::string& whole = part_.document;
  expect_refused(whole + nul, 2, ends);
  expect_refused(whole + "\n", 2, ends);
  expect_refused(nul + whole, 2, ends);
  expect_refused("\xef\xbb\xbf" + whole, 2, ends);
  expect_refused(std::string(whole).replace(1, 1, nul), 2, ends);
  expect_refused(std::string(whole).replace(9, 1, nul), 2, members);
  expect_refused(std::string(whole).insert(9, " "), 2, members);
  expect_refused(std::string(whole).insert(9, ","), 2, members);
  expect_refused(std::string(whole).insert(whole.rfind("]"), ","), 2, members);
}

TEST_F(RefusedPart, OfAnotherNumberOfRows) {
  const Part empty = part_of(sample_.format, sample_.options, {});
  const Part one = part_of(sample_.format, sample_.options, std::span(sample_.rows).first(1));
  expect_refused(empty.document, 1, "the part has another number of rows than 1");
  expect_refused(one.document, 0, "the part has another number of rows than 0");
  expect_refused(one.document, 2, "the part has another number of rows than 2");
  expect_refused(part_.document, 1, "the part has another number of rows than 1");
  expect_refused(part_.document, UINT64_MAX, "the part has another number of rows than 18446744073709551615");
  EXPECT_EQ(report_.append_part(empty.document, 0), TS_OK);
}

TEST_F(RefusedPart, NeverShowsAValue) {
  const Row row = {host::integer(1), host::text("f"), host::text("secret")};
  const Part part = part_of("ekvio.errors", "", std::span(&row, 1));
  Handle report("ekvio.errors");
  report.append(row);
  for (const std::string& document :
       {part.document + "x", part.document.substr(0, part.document.size() - 3), "{\"errors\":[secret]}" + std::string()}) {
    EXPECT_EQ(report.append_part(document, 1), TS_PART_REFUSED);
    EXPECT_EQ(std::string_view(report.error.message).find("secret"), std::string_view::npos);
  }
}

TEST(RefusedPartOfManyBytes, IsLookedAtNoFurtherThanItReaches) {
  // Cut within the first row, wherever that is: in a key, a text, behind a backslash.
  const Row row = {host::integer(1), host::text("\\\"\\"), host::text("\n}\"],")};
  const Part part = part_of("ekvio.errors", "", std::span(&row, 1));
  constexpr std::string_view head = "{\"errors\":[";
  for (std::size_t size = head.size(); size + 2 < part.document.size(); ++size) {
    const std::string cut = part.document.substr(0, size) + "]}";
    const std::vector<char> exact(cut.begin(), cut.end());  // on the heap, for the sanitizer to see its end
    Handle report("ekvio.errors");
    EXPECT_EQ(report.append_part({exact.data(), exact.size()}, 1), TS_PART_REFUSED) << cut;
  }
}

TEST(RefusedPartOfNoRows, IsNoneOfAFormatWithoutRows) {
  const Part part = part_of("eloomi.error", "", {});
  Handle report("eloomi.error");
  EXPECT_EQ(report.append_part(part.document, 1), TS_PART_REFUSED);
  EXPECT_STREQ(report.error.message, "eloomi.error takes no rows");
  for (const char* rows : {"{}", "{},", ",", "{\"code\":1}"}) {
    std::string longer = part.document;
    longer.insert(1, rows);
    EXPECT_EQ(report.append_part(longer, 0), TS_PART_REFUSED) << rows;
    EXPECT_EQ(report.append_part(longer, 1), TS_PART_REFUSED) << rows;
  }
  EXPECT_EQ(report.append_part(part.document, 0), TS_OK);
  EXPECT_EQ(report.built(), part.document);
}

}  // namespace
