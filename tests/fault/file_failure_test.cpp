// What goes wrong while a report is written: the answer says why, and the old file stays whole.
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <string>

#include "fault/file_report.hpp"
#include "fault/private_mounts.hpp"

namespace fault {
namespace {

using host::Handle;

class FileFailure : public FileReport {
 protected:
  void SetUp() override {
    FileReport::SetUp();
    scratch_.put("report.json", "old");
  }

  /// Appends until the file fails, then holds every further call against the first answer.
  static void append_until_failure(Handle& report, int reason) {
    ASSERT_NE(report.raw(), nullptr) << report.error.message;
    ASSERT_EQ(ErrorRows({30, far_more_than_is_kept / 10, 'n'}).append_to(report), TS_FILE_FAILED);
    expect_failure(report, reason);
    const ts_error first = report.error;
    for (int again = 0; again < 2; ++again) {
      report.error = {};
      EXPECT_EQ(ErrorRows().append_to(report), TS_FILE_FAILED);
      EXPECT_STREQ(report.error.message, first.message);
      expect_failure(report, reason);
      std::string rest;
      report.error = {};
      EXPECT_EQ(report.build(rest), TS_FILE_FAILED);
      EXPECT_STREQ(report.error.message, first.message);
      expect_failure(report, reason);
    }
    EXPECT_NE(report.problems(), "");
    report.close();
  }

  void expect_old_file_and_no_other() const {
    EXPECT_EQ(scratch_.get("report.json"), "old");
    EXPECT_EQ(scratch_.names(), Names{"report.json"});
  }

  static constexpr rlim_t small = 100000;
};

INSTANTIATE_TEST_SUITE_P(Written, FileFailure, testing::Values(Way::without_a_name, Way::under_a_private_name), name_of);

TEST_P(FileFailure, OfAFullDiskLeavesTheOldFileWhole) {
  constexpr int not_permitted = 77;
  const pid_t child = start_child([&] {
    if (!may_mount() || ::mount("none", scratch_.path().c_str(), "tmpfs", 0, "size=512k") != 0) {
      ::_exit(not_permitted);
    }
    scratch_.put("report.json", "old");
    Handle report = open("report.json");
    append_until_failure(report, ENOSPC);
    expect_old_file_and_no_other();
  });
  const int outcome = outcome_of(child);
  if (outcome == not_permitted) GTEST_SKIP() << "this machine lets nobody mount a small disk";
  EXPECT_EQ(outcome, 0);
}

TEST_P(FileFailure, OfTheSizeLimitIsAnAnswerAndNoSignal) {
  in_child([&] {
    const rlimit limit = {small, small};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    Handle report = open("report.json");
    append_until_failure(report, EFBIG);
    sigset_t waiting;
    sigset_t blocked;
    ASSERT_EQ(::sigpending(&waiting), 0);
    ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, nullptr, &blocked), 0);
    EXPECT_EQ(::sigismember(&waiting, SIGXFSZ), 0);
    EXPECT_EQ(::sigismember(&blocked, SIGXFSZ), 0);
  });
  expect_old_file_and_no_other();
}

TEST_P(FileFailure, LeavesTheSignalsThatWereWaitingToTheHost) {
  in_child([&] {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int signal : {SIGXFSZ, SIGPIPE}) ::sigaddset(&signals, signal);
    ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &signals, nullptr), 0);
    ASSERT_EQ(::raise(SIGXFSZ), 0);
    const rlimit limit = {small, small};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    Handle report = open("report.json");
    append_until_failure(report, EFBIG);
    sigset_t waiting;
    ASSERT_EQ(::sigpending(&waiting), 0);
    EXPECT_EQ(::sigismember(&waiting, SIGXFSZ), 1);
    EXPECT_EQ(::sigismember(&waiting, SIGPIPE), 0);
  });
}

TEST_P(FileFailure, AtTheBuildIsForGoodToo) {
  in_child([&] {
    const rlimit limit = {small, small};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    Handle report = open("report.json");
    ASSERT_EQ(ErrorRows({2, small, 'n'}).append_to(report), TS_OK);  // less than is kept before it is written
    std::string rest;
    EXPECT_EQ(report.build(rest), TS_FILE_FAILED);
    const rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
    append_until_failure(report, EFBIG);
  });
  expect_old_file_and_no_other();
}

TEST_P(FileFailure, OfABatchSaysHowManyRowsWereTaken) {
  in_child([&] {
    const rlimit limit = {small, small};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    Handle report = open("report.json");
    const std::string message(far_more_than_is_kept, 'm');
    const host::Row row = {host::integer(1), host::text("f"), host::text(message)};
    EXPECT_EQ(report.append(row), TS_FILE_FAILED);
    uint64_t accepted = 9;
    EXPECT_EQ(report.append_batch("TSB1", accepted), TS_FILE_FAILED);
    EXPECT_EQ(accepted, 0U);
  });
}

TEST_P(FileFailure, OfAPartIsForGood) {
  for (const std::size_t size : {std::size_t{10}, far_more_than_is_kept}) {  // kept for later, and written at once
    in_child([&] {
      const rlimit limit = {small, small};
      ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
      Handle report = open("report.json");
      const ErrorRows rows = {2, size, 'n'};
      int32_t status = TS_OK;
      for (int parts = 0; status == TS_OK && parts < 100000; ++parts) status = report.append_part(rows.document(), 2);
      ASSERT_EQ(status, TS_FILE_FAILED);
      expect_failure(report, EFBIG);
      report.error = {};
      EXPECT_EQ(report.append_part(rows.document(), 2), TS_FILE_FAILED);
      EXPECT_EQ(report.append_part("no part at all", 2), TS_FILE_FAILED);
      append_until_failure(report, EFBIG);
    });
    expect_old_file_and_no_other();
  }
}

TEST_P(FileFailure, OfPermissionLeavesTheDirectoryAlone) {
  std::filesystem::create_directory(scratch_.path("locked"));
  std::filesystem::permissions(scratch_.path("locked"), std::filesystem::perms(0));
  std::filesystem::permissions(scratch_.path(), std::filesystem::perms(0555));
  in_child([&] {
    constexpr unsigned nobody = 65534;
    if (::geteuid() == 0) {
      ASSERT_EQ(::setgroups(0, nullptr), 0);
      ASSERT_EQ(::setgid(nobody), 0);
      ASSERT_EQ(::setuid(nobody), 0);
    }
    expect_refused("report.json", EACCES);
    expect_refused("another.json", EACCES);
    expect_refused(scratch_.path("locked/report.json"), EACCES);
  });
  std::filesystem::permissions(scratch_.path(), std::filesystem::perms(0755));
  std::filesystem::remove(scratch_.path("locked"));
  expect_old_file_and_no_other();
}

TEST_P(FileFailure, OfTooManyDescriptorsIsAnswered) {
  in_child([&] {
    // From no free descriptor on, until there are enough.
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    bool was_opened = false;
    for (int free = 0; free < 8; ++free) {
      const int next = ::dup(0);
      ::close(next);
      limit.rlim_cur = static_cast<rlim_t>(next + free);
      ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
      Handle report = open("report.json");
      if (report.raw() != nullptr) {
        was_opened = true;
        write(report, rows_);
      } else {
        EXPECT_FALSE(was_opened);
        expect_failure(report, EMFILE);
      }
    }
    EXPECT_TRUE(was_opened);
  });
  EXPECT_EQ(scratch_.names(), Names{"report.json"});
  EXPECT_EQ(scratch_.get("report.json"), rows_.document());
}

std::vector<int> open_descriptors() {
  std::vector<int> found;
  for (int descriptor = 0; descriptor < 256; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) >= 0) found.push_back(descriptor);
  }
  return found;
}

TEST_P(FileFailure, OfADescriptorKeptOverExecOrOverTheReport) {
  static bool all_are_cloexec = true;
  openings::observe([](const char*, int flags, int) { all_are_cloexec = all_are_cloexec && (flags & O_CLOEXEC) != 0; });
  const std::vector<int> before = open_descriptors();
  for (const bool builds : {true, false}) {
    Handle report("ekvio.trainings_statistic",
                  nlohmann::json{{"file", scratch_.path("report.json")}, {"timezone", "Europe/Berlin"}}.dump());
    const std::vector<int> during = open_descriptors();
    EXPECT_EQ(during.size(), before.size() + 2) << "a directory and a file";
    for (const int descriptor : during) {
      const bool is_new = std::ranges::count(before, descriptor) == 0;
      EXPECT_TRUE(!is_new || (::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0) << descriptor;
    }
    if (builds) {
      EXPECT_EQ(report.built(), "");
    }
    report.close();
    EXPECT_EQ(open_descriptors(), before);
  }
  openings::observe(nullptr);
  EXPECT_TRUE(all_are_cloexec);
}

TEST_P(FileFailure, OfAHostThatClosedItsStandardStreams) {
  const pid_t child = start_child([&] {
    for (const int descriptor : {0, 1, 2}) ::close(descriptor);
    Handle report = open("report.json");
    bool are_closed = true;
    for (const int descriptor : {0, 1, 2}) are_closed = are_closed && ::fcntl(descriptor, F_GETFD) < 0;
    const bool is_written = rows_.append_to(report) == TS_OK && ::write(1, "host", 4) < 0 && report.built().empty();
    Handle zoned("eloomi.participants", R"({"timezone":"Europe/Berlin"})");
    ::_exit(are_closed && is_written && zoned.raw() != nullptr ? 0 : 1);
  });
  EXPECT_EQ(outcome_of(child), 0);
  EXPECT_EQ(scratch_.get("report.json"), rows_.document());
}

}  // namespace
}  // namespace fault
