// A fork in the middle of a report in memory: both processes finish their own.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "abi/handle.hpp"
#include "abi/sample.hpp"

namespace {

TEST(Fork, LeavesAReportInMemoryToBothProcesses) {
  const host::Sample& sample = host::sample("statistic");
  host::Handle report(sample.format, sample.options);
  ASSERT_EQ(report.append(sample.rows[0]), TS_OK);
  std::string read;
  report.read(100, read);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  for (std::size_t row = 1; row < sample.rows.size(); ++row) report.append(sample.rows[row]);
  const bool is_right = read + report.built() == sample.document;
  if (child == 0) {
    report.close();
    ::_exit(is_right ? 0 : 1);
  }
  EXPECT_TRUE(is_right);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the child's report";
}

}  // namespace
