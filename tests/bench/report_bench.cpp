// How much memory a long report takes, and how long writing takes beside a plain RapidJSON Writer and beside a copy of the output.
//
//   report_bench ROWS
//
// ROWS go through ts_row_append while ts_report_read takes them away. Rounds of the three writers are interleaved, and their medians
// compared, so that a busy machine disturbs all alike.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "abi/handle.hpp"
#include "abi/memory_of_process.hpp"
#include "bench/rows.hpp"

namespace {

using bench::Learner;

constexpr long most_memory_kib = 16 * 1024;
constexpr char format[] = "ekvio.trainings_statistic";

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "report_bench: %s\n", what);
  std::exit(1);
}

std::string written_by_trainstat(const std::vector<Learner>& rows) {
  host::Handle report(format);
  host::Row cells;
  for (const Learner& learner : rows) {
    to_cells(learner, cells);
    if (report.append(cells) != TS_OK) fail(report.error.message);
  }
  return report.built();
}

void print_heads() {
  std::printf("%-44s %10s %10s %12s %10s %14s\n", "writing", "rows", "seconds", "rows/s", "MB/s", "of trainstat's");
}

void print_line(const char* what, std::size_t rows, double seconds, std::size_t bytes, double own_seconds) {
  std::printf("%-44s %10zu %10.4f %12.0f %10.1f %13.2fx\n", what, rows, seconds, static_cast<double>(rows) / seconds,
              static_cast<double>(bytes) / 1e6 / seconds, seconds / own_seconds);
}

/// Writes `parts` documents of the same size by each of the three ways.
void compare(const char* what, const std::vector<std::vector<Learner>>& parts, int rounds) {
  std::vector<double> own;
  std::vector<double> plain;
  std::vector<double> copied;
  std::size_t rows = 0;
  std::size_t bytes = 0;
  std::vector<std::string> documents;
  for (const auto& part : parts) {
    documents.push_back(written_by_trainstat(part));
    if (documents.back() != bench::written_plainly(part)) fail("the two writers disagree");
    rows += part.size();
    bytes += documents.back().size();
  }
  std::size_t kept = 0;
  for (int round = 0; round < rounds; ++round) {
    own.push_back(seconds_of([&] {
      for (const auto& part : parts) kept += written_by_trainstat(part).size();
    }));
    plain.push_back(seconds_of([&] {
      for (const auto& part : parts) kept += bench::written_plainly(part).size();
    }));
    copied.push_back(seconds_of([&] {
      for (const std::string& document : documents) {
        char* const copy = static_cast<char*>(std::malloc(document.size()));
        if (copy == nullptr) fail("no memory");
        std::memcpy(copy, document.data(), document.size());
        kept += static_cast<unsigned char>(copy[document.size() / 2]);
        std::free(copy);
      }
    }));
  }
  if (kept == 0) fail("nothing was written");
  const std::string name(what);
  print_line((name + ", trainstat").c_str(), rows, median(own), bytes, median(own));
  print_line((name + ", plain RapidJSON").c_str(), rows, median(plain), bytes, median(own));
  print_line((name + ", memcpy").c_str(), rows, median(copied), bytes, median(own));
}

/// The peak of memory above the start, in KiB.
long write_long_report(std::size_t rows) {
  const std::vector<Learner> some = bench::learners(1000);
  std::vector<char> piece(65536);
  host::Row cells;
  cells.reserve(64);
  std::size_t bytes = 0;
  host::forget_peak_of_memory();
  const long start = host::memory_of_process("VmHWM");
  const double seconds = seconds_of([&] {
    host::Handle report(format);
    const auto take = [&] {
      size_t length = 0;
      do {
        if (ts_report_read(report.raw(), piece.data(), piece.size(), &length, &report.error) != TS_OK)
          fail(report.error.message);
        bytes += length;
      } while (length == piece.size());
    };
    for (std::size_t row = 0; row < rows; ++row) {
      to_cells(some[row % some.size()], cells);
      if (report.append(cells) != TS_OK) fail(report.error.message);
      if (row % 256 == 255) take();
    }
    std::string rest;
    if (report.build(rest) != TS_OK) fail(report.error.message);
    bytes += rest.size();
  });
  print_line("read while appending", rows, seconds, bytes, seconds);
  return host::memory_of_process("VmHWM") - start;
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t rows = count == 2 ? std::strtoull(arguments[1], nullptr, 10) : 0;
  if (rows == 0) fail("usage: report_bench ROWS");
  const bool is_quick = rows < 1000000;
  print_heads();
  const long memory = write_long_report(rows);

  std::vector<std::vector<Learner>> many;
  const std::vector<Learner> all = bench::learners(200000);
  for (std::size_t begin = 0; begin < (is_quick ? 20000U : all.size()); begin += 1000) {
    many.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(begin),
                      all.begin() + static_cast<std::ptrdiff_t>(begin + 1000));
  }
  compare("reports of 1,000 rows", many, is_quick ? 5 : 11);
  compare("one report of 200,000 rows", {all}, is_quick ? 3 : 11);

  std::printf("\npeak memory of %zu rows: %ld KiB above the start, at most %ld are promised\n", rows, memory, most_memory_kib);
  if (memory > most_memory_kib) fail("more memory than promised");
  return 0;
}
