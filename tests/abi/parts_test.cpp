// Documents of parts of the rows, joined, are the document of all the rows; what is no such part is refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "abi/handle.hpp"
#include "abi/packing.hpp"
#include "abi/sample.hpp"
#include "fault/scratch.hpp"

namespace {

using host::Handle;
using host::Row;
using host::Sample;
using host::sample;
using host::samples;

struct Part {
  std::string document;
  uint64_t rows = 0;
};

/// The document of some rows, and how many of them were accepted.
Part part_of(const std::string& format, const std::string& options, std::span<const Row> rows) {
  Handle report(format, options);
  for (const Row& row : rows) report.append(row);
  Part part;
  part.document = report.built();
  part.rows = nlohmann::json::parse(report.problems())["accepted"];
  return part;
}

/// Many rows of a sample, each with a number and a text of its own.
class ManyRows {
 public:
  explicit ManyRows(const std::string& name, std::size_t count) : base_(sample(name)) {
    const bool is_statistic = base_.format == "ekvio.trainings_statistic";
    texts_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      Row& row = rows_.emplace_back(base_.rows[i % 2]);
      row[is_statistic ? 0 : 12] = host::integer(static_cast<int64_t>(i));
      // What looks like the beginning and the end of a row, within a text.
      texts_.push_back(std::string(i * 7 % 50, 'x') + R"(}]},{"user_id":5,{"assigned_at":\)");
      if (is_statistic) row[2] = host::text(texts_.back());
    }
  }

  const std::string& format() const { return base_.format; }
  const std::string& options() const { return base_.options; }
  std::span<const Row> all() const { return rows_; }
  std::string document() const { return part_of(format(), options(), rows_).document; }

  /// Where `parts` parts end, some of which are empty.
  std::vector<std::size_t> cuts(std::size_t parts, std::mt19937& random) const {
    std::vector<std::size_t> ends;
    for (std::size_t i = 1; i < parts; ++i) ends.push_back(random() % (rows_.size() + 1));
    std::ranges::sort(ends);
    ends.push_back(rows_.size());
    return ends;
  }

 private:
  const Sample& base_;
  std::vector<std::string> texts_;
  std::vector<Row> rows_;
};

class JoinedParts : public testing::TestWithParam<std::string> {
 protected:
  const ManyRows rows_{GetParam(), 60};
  const std::string whole_ = rows_.document();
  std::mt19937 random_{20240703};  // NOLINT: the same cuts at each run

  /// Joins the rows in parts cut at random places.
  template <class AfterPart>
  void join(Handle& report, std::size_t parts, AfterPart after_part) {
    std::size_t from = 0;
    for (const std::size_t end : rows_.cuts(parts, random_)) {
      const Part part = part_of(rows_.format(), rows_.options(), rows_.all().subspan(from, end - from));
      ASSERT_EQ(part.rows, end - from);
      ASSERT_EQ(report.append_part(part.document, part.rows), TS_OK) << report.error.message;
      after_part();
      from = end;
    }
  }
};

TEST_P(JoinedParts, AreTheWholeReport) {
  for (std::size_t parts = 1; parts <= 62; ++parts) {
    Handle report(rows_.format(), rows_.options());
    join(report, parts, [] {});
    EXPECT_EQ(report.built(), whole_) << parts;
    EXPECT_EQ(report.problems(), R"({"accepted":60,"refused":0,"problems":[]})");
  }
}

TEST_P(JoinedParts, AreTheWholeReportReadWhileTheyAreAppended) {
  for (std::size_t parts = 1; parts <= 10; ++parts) {
    Handle report(rows_.format(), rows_.options());
    std::string document;
    join(report, parts, [&] { report.read(random_() % 5000, document); });
    EXPECT_EQ(document + report.built(), whole_) << parts;
  }
}

TEST_P(JoinedParts, AreTheWholeReportInAFile) {
  const fault::Scratch scratch;
  nlohmann::json options = nlohmann::json::parse(rows_.options());
  options["file"] = scratch.path("report.json");
  for (std::size_t parts = 1; parts <= 10; ++parts) {
    Handle report(rows_.format(), options.dump());
    join(report, parts, [] {});
    EXPECT_EQ(report.built(), "");
    EXPECT_EQ(scratch.get("report.json"), whole_) << parts;
  }
}

TEST_P(JoinedParts, MixWithRowsAndBatches) {
  Handle report(rows_.format(), rows_.options());
  const auto rows = rows_.all();
  const Part first = part_of(rows_.format(), rows_.options(), rows.subspan(5, 20));
  const Part second = part_of(rows_.format(), rows_.options(), rows.subspan(50));
  for (const Row& row : rows.first(5)) ASSERT_EQ(report.append(row), TS_OK);
  ASSERT_EQ(report.append_part(first.document, first.rows), TS_OK);
  ASSERT_EQ(report.append_batch(host::pack(rows.subspan(25, 25))), TS_OK);
  ASSERT_EQ(report.append_part(second.document, second.rows), TS_OK);
  EXPECT_EQ(report.built(), whole_);
}

TEST_P(JoinedParts, OfThreadsAreTheWholeReport) {
  std::vector<Part> parts(6);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    threads.emplace_back([&, i] { parts[i] = part_of(rows_.format(), rows_.options(), rows_.all().subspan(i * 10, 10)); });
  }
  for (std::thread& thread : threads) thread.join();
  Handle report(rows_.format(), rows_.options());
  for (const Part& part : parts) ASSERT_EQ(report.append_part(part.document, part.rows), TS_OK);
  EXPECT_EQ(report.built(), whole_);
}

INSTANTIATE_TEST_SUITE_P(Of, JoinedParts, testing::Values("statistic", "participants"),
                         [](const auto& tested) { return tested.param; });

TEST(JoinedPart, OfEverySampleIsItsDocument) {
  for (const Sample& sample : samples()) {
    const Part part = part_of(sample.format, sample.options, sample.rows);
    Handle report(sample.format, sample.options);
    ASSERT_EQ(report.append_part(part.document, part.rows), TS_OK) << sample.name << report.error.message;
    EXPECT_EQ(report.built(), sample.document) << sample.name;
  }
}

TEST(JoinedPart, MayBeLargerThanWhatAFileKeeps) {
  const fault::Scratch scratch;
  const std::string text(3000, 'x');
  const std::vector<Row> rows(1000, {host::integer(1), host::text("f"), host::text(text)});
  const Part part = part_of("ekvio.errors", "", rows);
  Handle report("ekvio.errors", nlohmann::json{{"file", scratch.path("report.json")}}.dump());
  Handle all("ekvio.errors");
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(report.append(rows[0]), TS_OK);
    ASSERT_EQ(report.append_part(part.document, part.rows), TS_OK);
    ASSERT_EQ(report.append_part(part.document, part.rows), TS_OK);
    for (int row = 0; row < 2001; ++row) ASSERT_EQ(all.append(rows[0]), TS_OK);
  }
  ASSERT_EQ(report.built(), "");
  EXPECT_TRUE(scratch.get("report.json") == all.built());
}

TEST(JoinedPart, CountsItsRowsBeforeTheNumbersOfLaterOnes) {
  const Sample& errors = sample("errors");
  const Part part = part_of(errors.format, "", errors.rows);
  Handle report(errors.format, R"({"on_refused":"skip"})");
  ASSERT_EQ(report.append({}), TS_OK);
  ASSERT_EQ(report.append_part(part.document, part.rows), TS_OK);
  ASSERT_EQ(report.append({}), TS_OK);
  EXPECT_EQ(report.problems(),
            R"({"accepted":2,"refused":2,"problems":[{"row":0,"column":"code","message":"code is required"},)"
            R"({"row":3,"column":"code","message":"code is required"}]})");
}

TEST(JoinedPart, LeavesItsProblemsWithTheReportThatHasThem) {
  const Sample& skipping = sample("skipping");
  const Part part = part_of(skipping.format, skipping.options, skipping.rows);
  Handle report(skipping.format, skipping.options);
  ASSERT_EQ(report.append_part(part.document, part.rows), TS_OK);
  EXPECT_EQ(report.problems(), R"({"accepted":3,"refused":0,"problems":[]})");
}

TEST(JoinedPart, FillsAOneRowFormat) {
  const Sample& integration = sample("integration");
  const Part part = part_of(integration.format, "", integration.rows);
  Handle report(integration.format);
  ASSERT_EQ(report.append_part(part.document, 1), TS_OK);
  EXPECT_EQ(report.append_part(part.document, 1), TS_PART_REFUSED);
  EXPECT_STREQ(report.error.message, "ekvio.integration takes one row");
  EXPECT_EQ(report.append(integration.rows[0]), TS_ROW_REFUSED);
  EXPECT_EQ(report.built(), integration.document);
}

TEST(JoinedPart, MayLeaveAMemberOutThatIsLeftOutWhenNull) {
  constexpr char format[] = "ekvio.integration_status";
  for (const Row& row : {Row{host::text("progress")}, Row{host::text("completed"), host::text("https://host.example/}")}}) {
    const Part part = part_of(format, "", std::span(&row, 1));
    Handle report(format);
    ASSERT_EQ(report.append_part(part.document, 1), TS_OK) << report.error.message;
    EXPECT_EQ(report.built(), part.document);
  }
}

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

TEST(Build, EndsTheParts) {
  const Sample& errors = sample("errors");
  const Part part = part_of(errors.format, "", errors.rows);
  Handle report(errors.format);
  ASSERT_EQ(report.append_part(part.document, part.rows), TS_OK);
  ASSERT_EQ(report.built(), errors.document);
  EXPECT_EQ(report.append_part(part.document, part.rows), TS_REPORT_FINISHED);
  EXPECT_EQ(report.append_part("nothing", 0), TS_REPORT_FINISHED);
  EXPECT_EQ(report.built(), errors.document);
}

}  // namespace
