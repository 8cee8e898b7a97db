// Every allocation of every call fails once, and then it and all that follow it.
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
#include "fault/failing_memory.hpp"
#include "fault/openings.hpp"
#include "fault/scratch.hpp"
#include "fault/trial.hpp"
#include "tasks/handles.hpp"

namespace {

using fault::Scratch;
using fault::Trial;
using memory::Failing;

/// Where two transcripts part, a few lines of it; empty where they do not.
std::string difference(const std::string& found, const std::string& expected) {
  const auto parting = std::ranges::mismatch(found, expected);
  if (parting.in1 == found.end() && parting.in2 == expected.end()) return {};
  constexpr std::size_t most = 200;
  const std::string there(parting.in1, found.end());
  const std::string here(parting.in2, expected.end());
  const std::string before(found.begin(), parting.in1);
  return "..." + before.substr(before.size() - std::min(before.size(), most)) + "\n   answered: " + there.substr(0, most) +
         "\n   and undisturbed: " + here.substr(0, most);
}

/// Runs the scenario with the first allocation failing, then the second, until there is no such allocation. `after` sees the
/// finished run and whether it was given up. Gives the number of allocations.
std::uint64_t fail_everywhere(const std::function<void(Trial&)>& scenario, const std::function<void(bool)>& after) {
  Trial undisturbed(false);
  scenario(undisturbed);
  after(false);
  const std::int64_t live = memory::live_blocks();
  std::uint64_t most = 0;
  for (const Failing how : {Failing::once, Failing::from_there}) {
    for (const bool gives_up : {false, true}) {
      bool has_failed = true;
      std::uint64_t n = 0;
      while (has_failed) {
        Trial trial(gives_up);
        memory::fail_at(++n, how);
        try {
          scenario(trial);
        } catch (const Trial::GivenUp&) {
        }
        has_failed = memory::give_back();
        const std::string place = "allocation " + std::to_string(n) + (how == Failing::once ? "" : " and all behind it") +
                                  (gives_up ? ", given up" : ", tried again");
        // A run that was given up has the beginning of the transcript.
        if (gives_up && has_failed) {
          const std::string beginning = undisturbed.transcript().substr(0, trial.transcript().size());
          EXPECT_EQ(difference(trial.transcript(), beginning), "") << place;
        } else {
          EXPECT_EQ(difference(trial.transcript(), undisturbed.transcript()), "") << place;
        }
        EXPECT_EQ(memory::live_blocks(), live) << place;
        after(gives_up && trial.transcript() != undisturbed.transcript());
        if (testing::Test::HasFailure()) return most;
      }
      most = std::max(most, n - 1);
    }
  }
  return most;
}

void nothing(bool) {}

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
    memory::fail_at(n, Failing::once);
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

constexpr char type_of_task[] = "a type of a name that is longer than what is kept in place";

/// One task from its claim to its end, as the C ABI's hosts go through it. A claim that was made again has another id than in the
/// undisturbed run, so the transcript tells what was answered, and expectations what was handed out.
void run_task(Trial& trial, const std::string& directory, bool without_ids) {
  const std::string options = R"({"max_count":1000,"max_age":2592000})";
  const std::string type = type_of_task;
  const std::string file = "https://lms.example/reports/a-report-of-a-long-name.json";
  ts_tasks* tasks = nullptr;
  ts_task* task = nullptr;
  ts_task* none = nullptr;
  int64_t id = 0;
  std::string told;
  const auto ask = [&](const char* what, auto&& call) {
    const char* json = nullptr;
    size_t length = 0;
    trial.call(what, [&] { return call(&json, &length); });
    if (json != nullptr) told.assign(json, length);
  };
  const auto ask_for_state = [&] {
    ask("state", [&](auto... out) { return ts_task_state(tasks, id, out..., trial.error()); });
  };
  const auto ask_for_list = [&] { ask("list", [&](auto... out) { return ts_tasks_list(tasks, 100, out..., trial.error()); }); };
  const auto expect_told = [&](const std::string& status) {
    const std::string beginning =
        "{\"id\":" + std::to_string(id) + ",\"type\":\"" + type + R"(","scope":"","status":")" + status;
    EXPECT_EQ(told.substr(told.starts_with('[') ? 1 : 0, beginning.size()), beginning);
  };
  try {
    trial.call("open", [&] {
      return ts_tasks_open(directory.data(), directory.size(), options.data(), options.size(), &tasks, trial.error());
    });
    if (without_ids) std::filesystem::remove(directory + "/ids");
    trial.call("claim", [&] { return ts_task_claim(tasks, type.data(), type.size(), nullptr, 0, &task, &id, trial.error()); });
    EXPECT_GT(id, 1) << "an id given twice";
    trial.call("claim what is running", [&] {
      int64_t other = 0;
      const int32_t status = ts_task_claim(tasks, type.data(), type.size(), nullptr, 0, &none, &other, trial.error());
      return status == TS_TASK_RUNNING && trial.error()->detail == id ? TS_OK : status;
    });
    trial.call("progress", [&] { return ts_task_progress(task, 1, 2, trial.error()); });
    ask_for_state();
    expect_told("progress");
    ask_for_list();
    expect_told("progress");
    trial.call("finish", [&] { return ts_task_finish(task, TS_COMPLETED, file.data(), file.size(), trial.error()); });
    ask_for_state();
    expect_told("completed");
    EXPECT_NE(told.find(file), std::string::npos);
    ask_for_list();
    expect_told("completed");
    trial.call("claim nothing", [&] { return ts_task_claim(tasks, "", 0, "", 0, &none, &id, trial.error()); });
    trial.call("state of none", [&] { return ts_task_state(tasks, 0, nullptr, nullptr, trial.error()); });
  } catch (const Trial::GivenUp&) {
  }
  EXPECT_EQ(none, nullptr);
  const memory::Watch watch;
  ts_task_close(task);
  ts_tasks_close(tasks);
}

/// Some ten thousand records are written: to memory, where the machine has such a file system.
class NoMemoryForATask : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (std::filesystem::exists("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 0);
  }
};

TEST_P(NoMemoryForATask, LeavesNoLockBehindAndGivesNoIdTwice) {
  const Scratch scratch;
  const std::string directory = scratch.path("tasks");
  int64_t last = 0;
  const auto expect_free = [&](bool) {
    host::Tasks tasks(directory, R"({"max_count":5})");
    host::Task task;
    ASSERT_EQ(tasks.claim(task, type_of_task, ""), TS_OK) << tasks.error.message;
    EXPECT_GT(task.id, last);
    last = task.id;
    EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
    std::string json;
    ASSERT_EQ(tasks.list(100, json), TS_OK);
    EXPECT_EQ(json.find("progress"), std::string::npos) << json;
    for (const std::string& name : scratch.names()) EXPECT_EQ(name, "tasks");
  };
  expect_free(false);
  EXPECT_GT(fail_everywhere([&](Trial& trial) { run_task(trial, directory, GetParam()); }, expect_free), 20U);
}

std::string ids_of(const testing::TestParamInfo<bool>& tested) { return tested.param ? "WithoutIds" : "WithIds"; }

INSTANTIATE_TEST_SUITE_P(Claimed, NoMemoryForATask, testing::Bool(), ids_of);

TEST(NoMemoryForTheTasks, NeverTurnsOneRefusalIntoAnother) {
  const Scratch scratch;
  scratch.put("file", "");
  std::filesystem::create_symlink(scratch.path(), scratch.path("link"));
  const std::string taken = scratch.path("a name of a directory that is longer than what is kept in place");
  const std::vector<std::pair<std::string, std::string>> refused = {
      {scratch.path("file"), "{}"},
      {scratch.path("link"), "{}"},
      {scratch.path("missing/tasks"), "{}"},
      {"", "{}"},
      {taken, "[]"},
      {taken, R"({"a name of an option that is nobody's":[1,2,3]})"},
      {taken, R"({"max_ages":1})"},
      {taken, R"({"max_age":"a text that is longer than what is kept in place"})"},
      {taken, R"({"max_count":1,"max_count":1})"},
  };
  for (const auto& refusal : refused) {
    const auto& directory = refusal.first;  // which a lambda may capture, unlike a binding's name with clang 14
    const auto& options = refusal.second;
    fail_everywhere(
        [&](Trial& trial) {
          ts_tasks* tasks = nullptr;
          trial.call("open", [&] {
            return ts_tasks_open(directory.data(), directory.size(), options.data(), options.size(), &tasks, trial.error());
          });
          EXPECT_EQ(tasks, nullptr);
        },
        nothing);
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
