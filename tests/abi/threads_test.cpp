// A report for each thread.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "abi/handle.hpp"
#include "abi/packing.hpp"
#include "abi/sample.hpp"

namespace {

std::string write_report(const host::Sample& sample, int rows) {
  host::Handle report(sample.format, sample.options);
  std::string document;
  for (int row = 0; row < rows; ++row) {
    report.append(sample.rows[0]);
    report.append(host::Row{});  // refused, and noted
    report.append_batch(host::pack(sample.rows));
    report.read(1000, document);
  }
  return document + report.built() + report.problems();
}

TEST(Threads, WithAReportEachWriteTheSameBytes) {
  constexpr std::size_t count = 8;
  const host::Sample& sample = host::sample("statistic");
  const std::string alone = write_report(sample, 300);
  std::vector<std::string> documents(count);
  std::vector<std::thread> threads;
  for (std::string& document : documents) threads.emplace_back([&sample, &document] { document = write_report(sample, 300); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::ranges::count(documents, alone), static_cast<std::ptrdiff_t>(count));
}

TEST(Threads, MayHandAReportOn) {
  const host::Sample& sample = host::sample("participants");
  host::Handle report(sample.format, sample.options);
  for (const host::Row& row : sample.rows) std::thread([&] { EXPECT_EQ(report.append(row), TS_OK); }).join();
  std::string document;
  std::thread([&] { document = report.built(); }).join();
  EXPECT_EQ(document, sample.document);
}

}  // namespace
