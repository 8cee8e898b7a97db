// Reading while appending keeps a report's memory flat.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "abi/handle.hpp"
#include "abi/memory_of_process.hpp"
#include "abi/packing.hpp"
#include "abi/sample.hpp"

namespace {

constexpr long limit = 2048;  // KiB above the start

TEST(Memory, StaysFlatWhileRowsAreReadAsTheyCome) {
  const host::Sample& sample = host::sample("statistic");
  std::string piece(65536, '\0');
  const long start = host::memory_of_process("VmRSS");
  long most = start;
  std::size_t total = 0;
  host::Handle report(sample.format, sample.options);
  for (int row = 0; row < 300000; ++row) {
    ASSERT_EQ(report.append(sample.rows[0]), TS_OK);
    size_t length = 0;
    if (row % 100 == 0) {
      do {
        ASSERT_EQ(ts_report_read(report.raw(), piece.data(), piece.size(), &length, nullptr), TS_OK);
        total += length;
      } while (length > 0);
    }
    if (row % 10000 == 0) most = std::max(most, host::memory_of_process("VmRSS"));
  }
  EXPECT_GT(total, 200U * 1024 * 1024);
  EXPECT_LT(most - start, limit);
}

TEST(Memory, StaysFlatUnderAReaderThatNeverCatchesUp) {
  // Always some bytes are left: the room in front of them is used again.
  const std::string letters(1000, 'x');
  const host::Row row = {host::integer(1), host::text("f"), host::text(letters)};
  const std::size_t row_size = std::string(R"({"code":1,"field":"f","message":""},)").size() + letters.size();
  constexpr std::size_t backlog = 64;
  std::string piece(8192, '\0');
  host::Handle report("ekvio.errors");
  long start = 0;
  long most = 0;
  std::size_t appended = 0;
  std::size_t taken = 0;
  for (int round = 0; round < 30000; ++round) {
    for (; appended * row_size < taken + backlog * row_size; ++appended) ASSERT_EQ(report.append(row), TS_OK);
    size_t length = 0;
    ASSERT_EQ(ts_report_read(report.raw(), piece.data(), piece.size(), &length, nullptr), TS_OK);
    ASSERT_EQ(length, piece.size());
    taken += length;
    if (round == 100) start = host::memory_of_process("VmRSS");
    if (round % 1000 == 0) most = std::max(most, host::memory_of_process("VmRSS"));
  }
  EXPECT_LT(most - start, limit);
}

TEST(Memory, IsNotTakenByRefusedRows) {
  host::Handle report("ekvio.trainings_statistic", R"({"on_refused":"skip"})");
  const host::Row row = {host::integer(1), host::integer(2), host::text("\xff")};
  for (int i = 0; i < 2000; ++i) ASSERT_EQ(report.append(row), TS_OK);
  const long start = host::memory_of_process("VmRSS");
  for (int i = 0; i < 300000; ++i) ASSERT_EQ(report.append(row), TS_OK);
  EXPECT_LT(host::memory_of_process("VmRSS") - start, limit);
}

}  // namespace
