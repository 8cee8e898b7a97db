// The calls of reports where memory ends.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "abi/arrow.hpp"
#include "abi/packing.hpp"
#include "abi/serializing.hpp"
#include "fault/error_rows.hpp"
#include "fault/fail_everywhere.hpp"
#include "fault/failing_memory.hpp"
#include "fault/openings.hpp"
#include "fault/scratch.hpp"
#include "fault/trial.hpp"

namespace {

using fault::difference;
using fault::fail_everywhere;
using fault::nothing;
using fault::Scratch;
using fault::Trial;

class NoMemory : public testing::TestWithParam<host::Sample> {};

std::string name_of(const testing::TestParamInfo<host::Sample>& info) {
  std::string name = info.param.name;
  std::ranges::replace(name, ' ', '_');
  return name;
}

TEST_P(NoMemory, AtAnyAllocationLosesAndDoublesNoRow) {
  EXPECT_GT(fail_everywhere([](Trial& trial) { trial.run_sample(GetParam(), GetParam().options); }, nothing), 5U);
}

TEST_P(NoMemory, AtAnyAllocationOfABatchLosesAndDoublesNoRow) {
  EXPECT_GT(fail_everywhere([](Trial& trial) { trial.run_sample(GetParam(), GetParam().options, host::pack); }, nothing), 5U);
}

TEST_P(NoMemory, AtAnyAllocationOfASerializedBatchLosesAndDoublesNoRow) {
  const std::vector<std::string> keys = host::keys_of(host::Handle(GetParam().format, GetParam().options).raw());
  const auto serialize = [&](std::span<const host::Row> rows) { return host::serialize(rows, keys); };
  EXPECT_GT(fail_everywhere([&](Trial& trial) { trial.run_sample(GetParam(), GetParam().options, serialize); }, nothing), 5U);
}

INSTANTIATE_TEST_SUITE_P(Report, NoMemory, testing::ValuesIn(host::samples()), name_of);

/// A stream of one table that lends what it holds, so that nothing but the library allocates. The first rows may be left out.
class LentStream {
 public:
  LentStream(const host::ArrowPair& pair, std::int64_t done) : pair_(pair), done_(done) {
    stream = {[](ArrowArrayStream* self, ArrowSchema* out) { return of(self).lend_schema(out); },
              [](ArrowArrayStream* self, ArrowArray* out) { return of(self).lend_array(out); },
              [](ArrowArrayStream*) -> const char* { return nullptr; }, &give_back<ArrowArrayStream>, this};
  }
  LentStream(const LentStream&) = delete;
  LentStream& operator=(const LentStream&) = delete;

  ArrowArrayStream stream;
  int lent = 1;
  int returned = 0;

 private:
  static LentStream& of(ArrowArrayStream* self) { return *static_cast<LentStream*>(self->private_data); }
  template <class Structure>
  static void give_back(Structure* structure) {
    ++static_cast<LentStream*>(structure->private_data)->returned;
    structure->release = nullptr;
  }
  template <class Structure>
  int lend(const Structure& of, Structure* out) {
    *out = of;
    out->release = &give_back<Structure>;
    out->private_data = this;
    ++lent;
    return 0;
  }
  int lend_schema(ArrowSchema* out) { return lend(pair_.schema, out); }
  int lend_array(ArrowArray* out) {
    if (done_ == pair_.array.length) {
      *out = {};
      return 0;
    }
    lend(pair_.array, out);
    out->offset += done_;
    out->length -= done_;
    done_ = pair_.array.length;
    return 0;
  }

  const host::ArrowPair& pair_;
  std::int64_t done_;
};

/// Rows that need room of their own, and one that is refused.
host::ArrowData participants() {
  const std::vector<std::optional<int64_t>> ids = {1, 2, 3, 4, 5};
  host::ArrowData figures = host::figures<int64_t>("l", "", {333, -5, 12345});
  figures.format = "d:18,1,64";
  return host::table({host::figures<int64_t>("l", "user_id", ids), host::figures<int64_t>("l", "course_id", ids),
                      host::figures<int64_t>("tsn:UTC", "assigned_at", {1549628015999999999, 0, -1, 5, std::nullopt}),
                      host::figures<int64_t>("tsu:", "completed_at", {1549628015999999, 0, -1, 5, std::nullopt}),
                      host::figures<int32_t>("tdD", "deadline", {19782, 0, -1, 5, std::nullopt}),
                      host::figures<int64_t>("tDm", "time_spent", {1500, 0, -1, 5, 7}),
                      host::texts("vu", "started_at", {"2024-02-29 23:59:59", std::nullopt, "", "5", "6"}),
                      host::dictionary(host::figures<int8_t>("c", "score", {0, 2, 1, 2, 0}), figures)});
}

TEST(NoMemoryForAStream, AtAnyAllocationLosesAndDoublesNoRowAndReleasesAll) {
  const host::ArrowPair pair(participants());
  const std::string options = R"({"timezone":"Europe/Berlin","on_refused":"skip"})";
  const auto scenario = [&](Trial& trial) {
    ts_report* report = nullptr;
    try {
      trial.call("open", [&] {
        return ts_report_open("eloomi.participants", 19, options.data(), options.size(), &report, trial.error());
      });
      trial.ask("describe", [&](auto... out) { return ts_report_describe(report, out..., trial.error()); });
      trial.append_rest("stream", report, [&](std::int64_t done, auto&& watched) {
        LentStream lent(pair, done);
        const int32_t status = watched([&] { return ts_stream_append(report, &lent.stream, nullptr, trial.error()); });
        EXPECT_EQ(lent.returned, lent.lent);
        EXPECT_EQ(lent.stream.release, nullptr);
        return status;
      });
      trial.append_rest("array", report, [&](std::int64_t done, auto&& watched) {
        return watched([&] {
          return ts_array_append(report, &pair.schema, &pair.array, done, pair.array.length - done, nullptr, trial.error());
        });
      });
      trial.ask("problems", [&](auto... out) { return ts_report_problems(report, out..., trial.error()); });
      trial.ask("build", [&](auto... out) { return ts_report_build(report, out..., trial.error()); });
    } catch (const Trial::GivenUp&) {
    }
    const memory::Watch watch;
    ts_report_close(report);
  };
  EXPECT_GT(fail_everywhere(scenario, nothing), 10U);
}

TEST(NoMemoryForAPart, LosesAndDoublesNoPart) {
  const Scratch scratch;
  const std::string on_file = nlohmann::json{{"file", scratch.path("report.json")}}.dump();
  const std::string small = fault::ErrorRows{3, 10, 'n'}.document();
  const std::string large = fault::ErrorRows{3, 100000, 'n'}.document();  // which a file gets at once
  for (const auto& [options, part] : {std::pair(std::string("{}"), small), {on_file, small}, {on_file, large}}) {
    const std::string& text = options;
    const std::string& document = part;
    const auto scenario = [&](Trial& trial) { trial.run_parts("ekvio.errors", text, document, 3); };
    EXPECT_GT(fail_everywhere(scenario, nothing), 3U);
  }
}

class NoMemoryForAFile : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override { openings::refuse_unnamed_files(GetParam()); }
  void TearDown() override { openings::refuse_unnamed_files(false); }
};

TEST_P(NoMemoryForAFile, LeavesTheOldFileWholeOrPutsTheWholeNewOneInItsPlace) {
  const Scratch scratch;
  for (const char* name : {"statistic", "skipping"}) {
    const host::Sample& sample = host::sample(name);
    nlohmann::json options = nlohmann::json::parse(sample.options);
    options["file"] = scratch.path("report.json");
    const std::string text = options.dump();
    scratch.put("report.json", "old");
    fail_everywhere([&](Trial& trial) { trial.run_sample(sample, text); },
                    [&](bool was_given_up) {
                      EXPECT_EQ(scratch.names(), std::vector<std::string>{"report.json"});
                      const std::string found = scratch.get("report.json").value_or("gone");
                      if (!was_given_up) {
                        EXPECT_EQ(difference(found, sample.document), "");
                      } else {
                        EXPECT_TRUE(found == "old" || found == sample.document) << found;
                      }
                      scratch.put("report.json", "old");
                    });
  }
}

std::string way_of(const testing::TestParamInfo<bool>& tested) { return tested.param ? "UnderAPrivateName" : "WithoutAName"; }

TEST_P(NoMemoryForAFile, AtTheBuildLeavesTheReportOpenForRows) {
  const Scratch scratch;
  const host::Sample& sample = host::sample("errors");
  host::Handle undisturbed(sample.format);
  for (const host::Row* row : {&sample.rows[0], &sample.rows[1], &sample.rows[1]}) undisturbed.append(*row);
  const std::string expected = undisturbed.built();
  for (std::uint64_t n = 1; true; ++n) {
    scratch.put("report.json", "old");
    host::Handle report(sample.format, nlohmann::json{{"file", scratch.path("report.json")}}.dump());
    for (const host::Row& row : sample.rows) ASSERT_EQ(report.append(row), TS_OK);
    memory::fail_at(n, memory::Failing::once);
    int32_t status = TS_OK;
    {
      const char* rest = nullptr;
      size_t length = 0;
      const memory::Watch watch;
      status = ts_report_build(report.raw(), &rest, &length, &report.error);
    }
    if (!memory::give_back()) break;
    if (status == TS_OK) continue;
    ASSERT_EQ(status, TS_NO_MEMORY);
    EXPECT_EQ(scratch.get("report.json"), "old");
    ASSERT_EQ(report.append(sample.rows[1]), TS_OK) << "allocation " << n;
    std::string rest;
    ASSERT_EQ(report.build(rest), TS_OK) << "allocation " << n;
    EXPECT_EQ(difference(scratch.get("report.json").value_or("gone"), expected), "") << "allocation " << n;
  }
}

INSTANTIATE_TEST_SUITE_P(Written, NoMemoryForAFile, testing::Bool(), way_of);

TEST(NoMemoryForARefusal, NeverTurnsOneRefusalIntoAnother) {
  const Scratch scratch;
  const std::string missing = nlohmann::json{{"file", scratch.path("missing/report.json")}}.dump();
  const std::string directory = nlohmann::json{{"file", scratch.path()}}.dump();
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"ekvio.training_statistics", ""},
      {"no such format of a long name that is no other's", ""},
      {"ekvio.trainings_statistic", "[]"},
      {"ekvio.trainings_statistic", R"({"a name of an option that is nobody's":[1,2,3]})"},
      {"ekvio.trainings_statistic", R"({"timezon":"Europe/Berlin"})"},
      {"ekvio.trainings_statistic", R"({"timezone":"Europe/Berlin","timezone":"Europe/Berlin"})"},
      {"ekvio.trainings_statistic", R"({"timezone":"Nowhere/A_city_of_a_name_that_is_long"})"},
      {"ekvio.trainings_statistic", R"({"timezone":"../../etc/passwd"})"},
      {"ekvio.trainings_statistic", R"({"forms":[1,2,1]})"},
      {"ekvio.trainings_statistic", R"({"forms":["1"]})"},
      {"ekvio.trainings_statistic", R"({"html_safe":{"a":[[[[[]]]]]}})"},
      {"ekvio.trainings_statistic", missing},
      {"ekvio.trainings_statistic", directory},
      {"eloomi.error", R"({"message":"a text that is longer than what is kept in place","status_code":"404"})"},
  };
  for (const auto& [format, options] : refused) {
    const host::Sample sample = {"", format, options, {}, ""};
    fail_everywhere([&](Trial& trial) { trial.run_sample(sample, sample.options); }, nothing);
  }
}

TEST(NoMemoryForADescription, IsAnsweredAndTheNextCallDescribes) {
  fail_everywhere(
      [](Trial& trial) {
        trial.ask("list", [&](auto... out) { return ts_format_list(out..., trial.error()); });
        for (const std::string name : {"ekvio.trainings_statistic", "eloomi.error", "eloomi.eror", "no such format"}) {
          trial.ask("describe",
                    [&](auto... out) { return ts_format_describe(name.data(), name.size(), out..., trial.error()); });
        }
      },
      nothing);
}

}  // namespace
