// A report on a file belongs to the process that opened it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "abi/packing.hpp"
#include "fault/file_report.hpp"

namespace fault {
namespace {

using host::Handle;

class FileFork : public FileReport {
 protected:
  void SetUp() override {
    FileReport::SetUp();
    scratch_.put("report.json", "old");
  }

  /// A report whose first rows are written in part and kept in part.
  Handle begin() const {
    Handle report = open("report.json");
    EXPECT_EQ(ErrorRows({20, far_more_than_is_kept / 16, 'n'}).append_to(report), TS_OK);
    return report;
  }

  void expect_undisturbed(Handle& report) const {
    EXPECT_EQ(scratch_.get("report.json"), "old");
    std::string rest;
    EXPECT_EQ(report.build(rest), TS_OK) << report.error.message;
    EXPECT_EQ(scratch_.get("report.json"), ErrorRows({20, far_more_than_is_kept / 16, 'n'}).document());
    report.close();
    EXPECT_EQ(scratch_.names(), Names{"report.json"});
  }
};

INSTANTIATE_TEST_SUITE_P(Written, FileFork, testing::Values(Way::without_a_name, Way::under_a_private_name), name_of);

TEST_P(FileFork, AnswersForkedToAChildThatWrites) {
  Handle report = begin();
  in_child([&] {
    const host::Row row = {host::integer(1), host::text("f"), host::text("m")};
    uint64_t accepted = 9;
    std::string rest;
    EXPECT_EQ(report.append(row), TS_FORKED);
    EXPECT_EQ(report.append_batch(host::pack(std::span(&row, 1)), accepted), TS_FORKED);
    EXPECT_EQ(accepted, 0U);
    EXPECT_EQ(report.append_part(rows_.document(), 3), TS_FORKED);
    EXPECT_EQ(report.append_part("no part at all", 3), TS_FORKED);
    EXPECT_EQ(report.build(rest), TS_FORKED);
    EXPECT_EQ(report.append(row), TS_FORKED);
  });
  expect_undisturbed(report);
}

TEST_P(FileFork, LeavesTheParentsReportToItWhenTheChildCloses) {
  Handle report = begin();
  in_child([&] {
    report.close();
    EXPECT_EQ(scratch_.get("report.json"), "old");
  });
  expect_undisturbed(report);
}

TEST_P(FileFork, LeavesTheParentsReportToItWhenTheChildEnds) {
  Handle report = begin();
  in_child([] {});
  expect_undisturbed(report);
}

TEST_P(FileFork, LetsTheChildWriteAReportOfItsOwnToTheSameFile) {
  Handle report = begin();
  in_child([&] {
    Handle own = open("report.json");
    write(own, rows_);
  });
  EXPECT_EQ(scratch_.get("report.json"), rows_.document());
  scratch_.put("report.json", "old");
  expect_undisturbed(report);
}

TEST_P(FileFork, AnswersForkedToAGrandchildToo) {
  Handle report = begin();
  in_child([&] {
    in_child([&] {
      std::string rest;
      EXPECT_EQ(report.build(rest), TS_FORKED);
    });
  });
  expect_undisturbed(report);
}

TEST_P(FileFork, AnswersForkedOfABuiltReportToo) {
  Handle report = begin();
  std::string rest;
  ASSERT_EQ(report.build(rest), TS_OK);
  in_child([&] {
    EXPECT_EQ(report.build(rest), TS_FORKED);
    report.close();
  });
  EXPECT_EQ(scratch_.names(), Names{"report.json"});
}

TEST_P(FileFork, LetsAParentDieBeforeItsChild) {
  // The child still holds the dead parent's descriptors; they disturb nobody, and what the parent left is swept in the end.
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t parent = start_child([&] {
    Handle report = begin();
    const pid_t child = start_child([&] {
      char byte = 0;
      ::close(pipe[1]);
      while (::read(pipe[0], &byte, 1) > 0) {
      }
    });
    (void)child;
    report.release();
    ::_exit(0);
  });
  ASSERT_EQ(outcome_of(parent), 0);
  {
    Handle next = open("report.json");
    write(next, rows_);
  }
  ::close(pipe[1]);
  ::close(pipe[0]);
  EXPECT_EQ(scratch_.get("report.json"), rows_.document());
  Names names;
  for (int tries = 0; tries < 200; ++tries) {  // until the child is gone
    Handle last = open("report.json");
    last.close();
    names = scratch_.names();
    if (names == Names{"report.json"}) break;
    ::usleep(10000);
  }
  EXPECT_EQ(names, Names{"report.json"});
}

}  // namespace
}  // namespace fault
