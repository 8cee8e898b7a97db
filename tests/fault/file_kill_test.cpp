// Processes that are killed at any moment, and processes that write the same file at once.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include "fault/file_report.hpp"

namespace fault {
namespace {

using host::Handle;

class FileKill : public FileReport {
 protected:
  /// A document of several writes; one of `letters`.
  static ErrorRows large(char letter) { return {4, far_more_than_is_kept / 4, letter}; }

  static bool is_whole(const std::string& found) {
    constexpr std::size_t letter_at = sizeof(R"({"errors":[{"code":0,"field":"f","message":")") - 1;
    return found.size() > letter_at && found == large(found[letter_at]).document();
  }

  std::chrono::microseconds time_of_first_report() const {
    const auto start = std::chrono::steady_clock::now();
    const pid_t writer = start_writer();
    while (!scratch_.get("report.json")) std::this_thread::sleep_for(std::chrono::microseconds(100));
    const auto took = std::chrono::steady_clock::now() - start;
    ::kill(writer, SIGKILL);
    outcome_of(writer);
    return std::chrono::duration_cast<std::chrono::microseconds>(took);
  }

  /// Writes the report over and over, each time with another letter, until it is killed.
  pid_t start_writer() const {
    return start_child([&] {
      for (char letter = 'a';; letter = letter == 'z' ? 'a' : static_cast<char>(letter + 1)) {
        Handle report = open("report.json");
        if (large(letter).append_to(report) != TS_OK) ::_exit(3);
        std::string rest;
        if (report.build(rest) != TS_OK) ::_exit(4);
      }
    });
  }
};

INSTANTIATE_TEST_SUITE_P(Written, FileKill, testing::Values(Way::without_a_name, Way::under_a_private_name), name_of);

TEST_P(FileKill, AtAnyMomentLeavesAWholeFileOrNone) {
#if defined(__SANITIZE_ADDRESS__)
  constexpr int kills = 50;
#else
  constexpr int kills = 200;
#endif
  // Writers are killed at any moment up to twice the time that one takes for its first report, here and now.
  const auto span = static_cast<std::uint64_t>(2 * time_of_first_report().count());
  std::mt19937_64 random(20240703);  // NOLINT: the delays' pattern is the same at each run
  int whole = 0;
  int strays = 0;
  for (int kill = 0; kill < kills; ++kill) {
    if (kill % 10 == 0) std::filesystem::remove(scratch_.path("report.json"));
    const pid_t writer = start_writer();
    std::this_thread::sleep_for(std::chrono::microseconds(random() % span));
    ::kill(writer, SIGKILL);
    ASSERT_EQ(outcome_of(writer), killed_by + SIGKILL);

    const auto found = scratch_.get("report.json");
    if (found) {
      ASSERT_TRUE(is_whole(*found)) << "after kill " << kill << ": " << found->size() << " bytes";
      ++whole;
    }
    strays += scratch_.names() == (found ? Names{"report.json"} : Names{}) ? 0 : 1;
    // What the dead one may have left is gone once the next report is opened.
    const Handle next = open("report.json");
    Names names = scratch_.names();
    std::erase(names, "report.json");
    if (GetParam() == Way::without_a_name) {
      ASSERT_EQ(names, Names{}) << "after kill " << kill;
    } else {
      ASSERT_EQ(names.size(), 1U) << "after kill " << kill << ": the name of the report that is open, and no other";
    }
  }
  EXPECT_GT(whole, kills / 10) << "the writers hardly ever came to the end: this test looks at too little";
  if (GetParam() == Way::under_a_private_name) {
    EXPECT_GT(strays, kills / 10) << "the killed ones left nothing to sweep: this test looks at too little";
  }
  EXPECT_EQ(scratch_.names(), scratch_.get("report.json") ? Names{"report.json"} : Names{});
}

TEST_P(FileKill, OfOneWriterDoesNotDisturbAnother) {
  Handle living = open("report.json");
  ASSERT_EQ(large('L').append_to(living), TS_OK);
  for (int kill = 0; kill < 10; ++kill) {
    const pid_t writer = start_writer();
    std::this_thread::sleep_for(std::chrono::milliseconds(kill));
    ::kill(writer, SIGKILL);
    outcome_of(writer);
  }
  std::string rest;
  EXPECT_EQ(living.build(rest), TS_OK) << living.error.message;
  EXPECT_EQ(scratch_.get("report.json"), large('L').document());
}

class FileRivals : public FileKill {};
INSTANTIATE_TEST_SUITE_P(Written, FileRivals, testing::Values(Way::without_a_name, Way::under_a_private_name), name_of);

TEST_P(FileRivals, EachSucceedAndTheFileIsOneOfTheirs) {
  constexpr int rounds = 40;
  const auto write_often = [&](char letter) {
    return start_child([this, letter] {
      for (int round = 0; round < rounds; ++round) {
        Handle report = open("report.json");
        ASSERT_EQ(large(letter).append_to(report), TS_OK) << report.error.message;
        std::string rest;
        ASSERT_EQ(report.build(rest), TS_OK) << report.error.message;
        const auto found = scratch_.get("report.json");
        ASSERT_TRUE(found && is_whole(*found)) << "round " << round;
      }
    });
  };
  const pid_t one = write_often('x');
  const pid_t other = write_often('y');
  EXPECT_EQ(outcome_of(one), 0);
  EXPECT_EQ(outcome_of(other), 0);
  EXPECT_EQ(scratch_.names(), Names{"report.json"});
}

TEST_P(FileRivals, InOneProcessAreNoRivalsEither) {
  Handle one = open("report.json");
  Handle other = open("report.json");
  ASSERT_EQ(large('x').append_to(one), TS_OK);
  ASSERT_EQ(large('y').append_to(other), TS_OK);
  EXPECT_EQ(one.built(), "");
  EXPECT_EQ(scratch_.get("report.json"), large('x').document());
  EXPECT_EQ(other.built(), "");
  EXPECT_EQ(scratch_.get("report.json"), large('y').document());
  EXPECT_EQ(scratch_.names(), Names{"report.json"});
}

class FileSweep : public FileKill {};
INSTANTIATE_TEST_SUITE_P(Written, FileSweep, testing::Values(Way::without_a_name, Way::under_a_private_name), name_of);

/// The name of a replacement that a killed process left behind.
std::string leave_stray(const Scratch& scratch, const std::string& path) {
  openings::refuse_unnamed_files(true);
  const pid_t writer = start_child([&] {
    Handle report("ekvio.errors", nlohmann::json{{"file", path}}.dump());
    ErrorRows({4, far_more_than_is_kept, 's'}).append_to(report);
    ::kill(::getpid(), SIGKILL);
  });
  EXPECT_EQ(outcome_of(writer), killed_by + SIGKILL);
  std::string name;
  for (const std::string& found : scratch.names()) {
    if (found.starts_with(".trainstat-")) name = found;
  }
  return name;
}

TEST_P(FileSweep, RemovesWhatAKilledProcessLeft) {
  const std::string stray = leave_stray(scratch_, scratch_.path("report.json"));
  ASSERT_NE(stray, "");
  EXPECT_GT(scratch_.get(stray)->size(), far_more_than_is_kept);
  SetUp();
  Handle next = open("report.json");
  EXPECT_EQ(scratch_.get(stray), std::nullopt);
  write(next, rows_);
  EXPECT_EQ(scratch_.names(), Names{"report.json"});
}

TEST_P(FileSweep, LeavesOtherFilesAlone) {
  const std::string stray = leave_stray(scratch_, scratch_.path("another.json"));
  ASSERT_NE(stray, "");
  const std::string prefix = leave_stray(scratch_, scratch_.path("report.json")).substr(0, 28);
  SetUp();
  scratch_.put(".trainstat-", "a person's");
  scratch_.put("report.json.tmp", "a person's");
  std::filesystem::create_directory(scratch_.path(prefix + "directory"));
  std::filesystem::create_symlink("report.json.tmp", scratch_.path(prefix + "link"));
  Handle next = open("report.json");
  write(next, rows_);
  EXPECT_NE(scratch_.get(stray), std::nullopt) << "the leftover of another target";
  EXPECT_EQ(scratch_.get(".trainstat-"), "a person's");
  EXPECT_EQ(scratch_.get("report.json.tmp"), "a person's");
  EXPECT_TRUE(std::filesystem::is_directory(scratch_.path(prefix + "directory")));
  EXPECT_TRUE(std::filesystem::is_symlink(scratch_.path(prefix + "link")));
}

TEST(FileSweepOfARival, BetweenTheCreationAndTheLockOfANameCostsNothing) {
  // A sweeping rival finds a name in the moment before its writer has locked it, and removes it a moment later.
  static std::string first;
  static int rival = -1;
  static std::string directory;
  const Scratch scratch;
  directory = scratch.path();
  openings::refuse_unnamed_files(true);
  openings::observe([](const char* path, int flags, int) {
    if ((flags & O_EXCL) == 0 || rival >= 0) return;
    first = path;
    rival = ::open((directory + "/" + first).c_str(), O_RDONLY | O_CLOEXEC);
    ::flock(rival, LOCK_EX | LOCK_NB);
  });
  Handle report("ekvio.errors", nlohmann::json{{"file", scratch.path("report.json")}}.dump());
  openings::observe(nullptr);
  openings::refuse_unnamed_files(false);
  ASSERT_GE(rival, 0);
  ::unlink((directory + "/" + first).c_str());
  ::close(rival);
  const ErrorRows rows;
  ASSERT_EQ(rows.append_to(report), TS_OK);
  std::string rest;
  EXPECT_EQ(report.build(rest), TS_OK) << report.error.message;
  EXPECT_EQ(scratch.get("report.json"), rows.document());
}

}  // namespace
}  // namespace fault
