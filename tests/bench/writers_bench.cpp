// How long documents take to write: through the C interface, and by the peers, from the same rows to the same bytes.
//
// Many different reports of 1,000 rows, or one of 200,000: rows that the processor has not just seen.
#include <benchmark/benchmark.h>
#include <trainstat.h>

#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>

#include "abi/handle.hpp"
#include "bench/plain_writer.hpp"
#include "bench/rows.hpp"

namespace {

using bench::Rows;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "writers_bench: %s\n", what);
  std::exit(1);
}

std::string_view written_by_cells(const Rows& rows, host::Handle& report) {
  report.open(bench::format, bench::options);
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const auto row = rows.row(index);
    if (ts_row_append(report.raw(), row.data(), row.size(), &report.error) != TS_OK) fail(report.error.message);
  }
  const char* json = nullptr;
  std::size_t length = 0;
  if (ts_report_build(report.raw(), &json, &length, &report.error) != TS_OK) fail(report.error.message);
  return {json, length};
}

/// The reports that one round writes.
const std::deque<Rows>& reports_of(std::size_t rows) {
  static std::deque<Rows> small;
  static std::deque<Rows> large;
  std::deque<Rows>& reports = rows == 1000 ? small : large;
  const int count = rows == 1000 ? (std::getenv("NR") ? std::atoi(std::getenv("NR")) : 20) : 1;
  for (std::size_t seed = 0; reports.size() < static_cast<std::size_t>(count); ++seed) reports.emplace_back(rows, seed);
  return reports;
}

void finish(benchmark::State& state, std::size_t bytes) {
  state.SetItemsProcessed(
      static_cast<std::int64_t>(state.iterations()) *
      (state.range(0) == 1000 ? 1000 * (std::getenv("NR") ? std::atoi(std::getenv("NR")) : 20) : state.range(0)));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void cells(benchmark::State& state) {
  const auto& reports = reports_of(static_cast<std::size_t>(state.range(0)));
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (const Rows& rows : reports) {
      host::Handle report;
      bytes += written_by_cells(rows, report).size();
    }
  }
  finish(state, bytes);
}

/// Read while appending, as a host does that sends it on: into the same room each time.
void cells_read(benchmark::State& state) {
  const auto& reports = reports_of(static_cast<std::size_t>(state.range(0)));
  std::size_t bytes = 0;
  std::vector<char> room(1U << 18U);
  for (auto _ : state) {
    for (const Rows& rows : reports) {
      host::Handle report(bench::format, bench::options);
      std::size_t length = 0;
      for (std::size_t index = 0; index < rows.size(); ++index) {
        const auto row = rows.row(index);
        if (ts_row_append(report.raw(), row.data(), row.size(), &report.error) != TS_OK) fail(report.error.message);
        if (index % 64 == 63) {
          ts_report_read(report.raw(), room.data(), room.size(), &length, nullptr);
          bytes += length;
        }
      }
      const char* json = nullptr;
      ts_report_build(report.raw(), &json, &length, nullptr);
      bytes += length;
    }
  }
  finish(state, bytes);
}

template <void (*write)(const Rows&, rapidjson::StringBuffer&)>
void rapid(benchmark::State& state) {
  const auto& reports = reports_of(static_cast<std::size_t>(state.range(0)));
  std::size_t bytes = 0;
  rapidjson::StringBuffer buffer;
  for (auto _ : state) {
    for (const Rows& rows : reports) {
      buffer.Clear();
      write(rows, buffer);
      bytes += buffer.GetSize();
    }
  }
  finish(state, bytes);
}

void memory(benchmark::State& state) {
  std::vector<std::string> documents;
  for (const Rows& rows : reports_of(static_cast<std::size_t>(state.range(0)))) {
    host::Handle report;
    documents.emplace_back(written_by_cells(rows, report));
    rapidjson::StringBuffer buffer;
    bench::write_plainly(rows, buffer);
    if (documents.back() != std::string_view(buffer.GetString(), buffer.GetSize())) fail("the writers disagree");
  }
  std::size_t bytes = 0;
  std::vector<char> room(documents.front().size() * 11 / 10);
  for (auto _ : state) {
    for (const std::string& document : documents) {
      std::memcpy(room.data(), document.data(), document.size());
      benchmark::DoNotOptimize(room.data());
      bytes += document.size();
    }
  }
  finish(state, bytes);
}

BENCHMARK(memory)->Arg(1000)->Arg(200000);
BENCHMARK(cells)->Arg(1000)->Arg(200000);
BENCHMARK(cells_read)->Arg(1000)->Arg(200000);
BENCHMARK(rapid<bench::write_plainly>)->Arg(1000)->Arg(200000);
BENCHMARK(rapid<bench::write_validated>)->Arg(1000)->Arg(200000);

}  // namespace

BENCHMARK_MAIN();
