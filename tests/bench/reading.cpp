// What long reports cost a host that reads while appending, in time and in memory.
//
//   reading LIBRARY ROUNDS ROWS...
//
// Prints JSON: for each number of rows its times in interleaved rounds, and the peak of memory above the start.
#include <algorithm>

#include "abi/memory_of_process.hpp"
#include "bench/clock.hpp"
#include "bench/report.hpp"

namespace {

constexpr std::size_t rows_that_differ = 20000;
constexpr std::size_t rows_between_reads = 64;

struct Size {
  std::size_t rows = 0;
  std::vector<double> seconds;
  long most_kib = 0;
};

void write(const bench::Library& library, const bench::Rows& some, Size& size, std::vector<char>& room) {
  host::forget_peak_of_memory();
  const long start = host::memory_of_process("VmHWM");
  const double begin = bench::seconds_of_thread();
  {
    bench::Report report(library);
    for (std::size_t index = 0; index < size.rows; ++index) {
      report.append(some.row(index % some.size()));
      if (index % rows_between_reads == rows_between_reads - 1) report.read(room);
    }
    report.build();
  }
  size.seconds.push_back(bench::seconds_of_thread() - begin);
  size.most_kib = std::max(size.most_kib, host::memory_of_process("VmHWM") - start);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) bench::fail("usage: reading LIBRARY ROUNDS ROWS...");
  const bench::Library library(arguments[1]);
  const bench::Rows some(rows_that_differ, 0);
  std::vector<char> room(1U << 18U);
  std::vector<Size> sizes;
  for (int place = 3; place < count; ++place) sizes.push_back({std::strtoull(arguments[place], nullptr, 10), {}, 0});
  for (auto rounds = std::strtoull(arguments[2], nullptr, 10); rounds > 0; --rounds) {
    for (Size& size : sizes) write(library, some, size, room);
  }
  for (const Size& size : sizes) {
    std::printf("%s{\"rows\": %zu, \"memory_kib\": %ld, \"seconds\": ", &size == sizes.data() ? "[" : ", ", size.rows,
                size.most_kib);
    for (const double& seconds : size.seconds) std::printf("%s%.9f", &seconds == size.seconds.data() ? "[" : ", ", seconds);
    std::printf("]}");
  }
  std::puts("]");
  return 0;
}
