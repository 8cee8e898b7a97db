// How long documents take to write: by the library, loaded, and by the peers, from the same rows to the same bytes.
//
//   writers_bench [--benchmark_...] NAME=LIBRARY...
//
// Written are twenty different reports of 1,000 rows, or one of 200,000: rows that the processor has not just seen. The names of the
// benchmarks are writer/rows.
#include <benchmark/benchmark.h>
#include <sys/mman.h>

#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "abi/packing.hpp"
#include "bench/clock.hpp"
#include "bench/peer.hpp"
#include "bench/report.hpp"
#include "bench/rows.hpp"

namespace {

using bench::fail;
using bench::Library;
using bench::Report;
using bench::Rows;

constexpr std::size_t small = 1000;
constexpr std::size_t large = 200000;
constexpr std::size_t small_reports = 20;
constexpr std::size_t small_rounds = 5;
constexpr std::size_t rows_of_a_batch = 256;
constexpr std::size_t rows_between_reads = 64;
constexpr std::size_t room_of_a_reader = 1U << 18U;

using Reports = std::deque<Rows>;

/// What is written in one go: twenty different reports, or the large one.
const Reports& reports_of(std::size_t rows) {
  static Reports kept[2];
  Reports& reports = kept[rows == large ? 1 : 0];
  for (std::size_t seed = 0; reports.size() < (rows == large ? 1 : small_reports); ++seed) reports.emplace_back(rows, seed);
  return reports;
}

/// Writes one document and hands it on, in pieces where it is read so.
using Sink = std::function<void(std::string_view)>;
using Write = std::function<void(const Rows&, const Sink&)>;

std::string document_of(const Write& write, const Rows& rows) {
  std::string document;
  write(rows, [&](std::string_view piece) { document += piece; });
  return document;
}

/// What all must write of the first report.
const std::string& yardstick(std::size_t rows) {
  static std::string kept[2];
  std::string& document = kept[rows == large ? 1 : 0];
  if (document.empty()) document = bench::rapidjson()->write(reports_of(rows).front());
  return document;
}

std::int64_t rounds_of(std::size_t rows) { return rows == large ? 1 : small_rounds; }

void finish(benchmark::State& state, std::size_t rows, std::size_t bytes) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * rows * reports_of(rows).size()));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void measure(benchmark::State& state, const Write& write, std::size_t rows) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (const Rows& report : reports_of(rows)) write(report, [&](std::string_view piece) { bytes += piece.size(); });
  }
  finish(state, rows, bytes);
}

void add(const std::string& name, const Write& write) {
  for (const std::size_t rows : {small, large}) {
    if (document_of(write, reports_of(rows).front()) != yardstick(rows)) fail((name + " writes other bytes").c_str());
    benchmark::RegisterBenchmark((name + '/' + std::to_string(rows)).c_str(), [=](benchmark::State& state) {
      measure(state, write, rows);
    })->Iterations(rounds_of(rows));
  }
}

void add(const std::string& name, std::shared_ptr<bench::Peer> peer) {
  add(name, [peer = std::move(peer)](const Rows& rows, const Sink& sink) { sink(peer->write(rows)); });
}

Write by_cells(const Library& library) {
  return [&library](const Rows& rows, const Sink& sink) {
    Report report(library);
    for (std::size_t index = 0; index < rows.size(); ++index) report.append(rows.row(index));
    sink(report.build());
  };
}

/// As by a host that sends it on, through the same room each time.
Write by_cells_read(const Library& library) {
  auto room = std::make_shared<std::vector<char>>(room_of_a_reader);
  return [&library, room](const Rows& rows, const Sink& sink) {
    Report report(library);
    for (std::size_t index = 0; index < rows.size(); ++index) {
      report.append(rows.row(index));
      if (index % rows_between_reads == rows_between_reads - 1) sink(report.read(*room));
    }
    sink(report.build());
  };
}

/// The same where it lies.
Write by_cells_taken(const Library& library) {
  return [&library](const Rows& rows, const Sink& sink) {
    Report report(library);
    for (std::size_t index = 0; index < rows.size(); ++index) {
      report.append(rows.row(index));
      if (index % rows_between_reads == rows_between_reads - 1) sink(report.take());
    }
    sink(report.build());
  };
}

using Batches = std::vector<std::string>;

std::vector<Batches> batches_of(const Reports& reports) {
  std::vector<Batches> packed;
  for (const Rows& rows : reports) {
    Batches& batches = packed.emplace_back();
    for (std::size_t begin = 0; begin < rows.size(); begin += rows_of_a_batch) {
      std::vector<host::Row> batch;
      for (std::size_t index = begin; index < std::min(begin + rows_of_a_batch, rows.size()); ++index) {
        batch.emplace_back(rows.row(index).begin(), rows.row(index).end());
      }
      batches.push_back(host::pack(batch));
    }
  }
  return packed;
}

/// ts_batch_append alone, its document read after each.
void add_batches(const std::string& name, const Library& library) {
  for (const std::size_t rows : {small, large}) {
    const auto packed = std::make_shared<std::vector<Batches>>(batches_of(reports_of(rows)));
    const auto run = [=, &library](benchmark::State& state) {
      std::size_t bytes = 0;
      std::vector<char> room(rows_of_a_batch * 4096);
      for (auto _ : state) {
        double seconds = 0;
        for (const Batches& batches : *packed) {
          Report report(library);
          for (const std::string& batch : batches) {
            const double begin = bench::seconds_of_thread();
            report.append_batch(batch);
            seconds += bench::seconds_of_thread() - begin;
            bytes += report.read(room).size();
          }
          bytes += report.build().size();
        }
        state.SetIterationTime(seconds);
      }
      finish(state, rows, bytes);
    };
    benchmark::RegisterBenchmark((name + '/' + std::to_string(rows)).c_str(), run)
        ->Iterations(rounds_of(rows))
        ->UseManualTime();
  }
}

/// The floor: the finished documents, copied into room that is there, or into memory that is new, as a long document has that is held.
void add_memcpy(const Library& library) {
  for (const std::size_t rows : {small, large}) {
    auto documents = std::make_shared<std::vector<std::string>>();
    for (const Rows& report : reports_of(rows)) documents->push_back(document_of(by_cells(library), report));
    auto room = std::make_shared<std::vector<char>>(documents->front().size() * 11 / 10);
    const auto add = [&](const char* name, auto copy) {
      const auto run = [documents, rows, copy](benchmark::State& state) {
        std::size_t bytes = 0;
        for (auto _ : state) {
          for (const std::string& document : *documents) {
            copy(document);
            bytes += document.size();
          }
        }
        finish(state, rows, bytes);
      };
      benchmark::RegisterBenchmark((name + ('/' + std::to_string(rows))).c_str(), run)->Iterations(rounds_of(rows));
    };
    add("memcpy", [room](const std::string& document) {
      std::memcpy(room->data(), document.data(), std::min(document.size(), room->size()));
      benchmark::DoNotOptimize(room->data());
    });
    add("memcpy new", [](const std::string& document) {
      void* const copy = mmap(nullptr, document.size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (copy == MAP_FAILED) fail("no memory");
      madvise(copy, document.size(), MADV_HUGEPAGE);  // as the library does
      std::memcpy(copy, document.data(), document.size());
      munmap(copy, document.size());
    });
  }
}

void open_and_close(benchmark::State& state, const Library& library) {
  const Rows& rows = reports_of(small).front();
  for (auto _ : state) {
    Report report(library);
    for (std::size_t index = 0; index < 10; ++index) report.append(rows.row(index));
    benchmark::DoNotOptimize(report.build().data());
  }
}

}  // namespace

int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (count < 2) fail("usage: writers_bench [--benchmark_...] NAME=LIBRARY...");
  std::deque<Library> libraries;
  for (int place = 1; place < count; ++place) {
    const std::string given = arguments[place];
    const std::string name = given.substr(0, given.find('='));
    const Library& library = libraries.emplace_back(given.substr(given.find('=') + 1).c_str());
    if (place == 1) add_memcpy(library);
    add("cells " + name, by_cells(library));
    add("cells read " + name, by_cells_read(library));
    add("cells taken " + name, by_cells_taken(library));
    add_batches("batch " + name, library);
    benchmark::RegisterBenchmark(("open " + name + "/10").c_str(), [&library](benchmark::State& state) {
      open_and_close(state, library);
    })->Iterations(1000);
  }
  add("RapidJSON", bench::rapidjson());
  add("RapidJSON validating", bench::validating_rapidjson());
  add("nlohmann", bench::nlohmann());
#ifdef BENCH_WITH_JSONCONS
  add("jsoncons", bench::jsoncons());
#endif
#ifdef BENCH_WITH_YYJSON
  add("yyjson", bench::yyjson());
#endif
#ifdef BENCH_WITH_SIMDJSON
  add("simdjson builder", bench::simdjson_builder());
#endif
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
