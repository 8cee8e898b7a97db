// Documents of parts of the rows, joined, are the document of all the rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "abi/handle.hpp"
#include "abi/packing.hpp"
#include "abi/part.hpp"
#include "abi/sample.hpp"
#include "fault/scratch.hpp"

namespace {

using host::Handle;
using host::Part;
using host::part_of;
using host::Row;
using host::Sample;
using host::sample;
using host::samples;

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
