// The library's own share of a dlopen: libstdc++ is there already.
//
//   loading LIBRARY TIMES
//
// Prints the medians in microseconds as JSON.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <dlfcn.h>

namespace {

using Clock = std::chrono::steady_clock;

double microseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

double median(std::vector<double>& values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t times = count == 3 ? std::strtoull(arguments[2], nullptr, 10) : 0;
  if (times == 0) {
    std::fputs("usage: loading LIBRARY TIMES\n", stderr);
    return 1;
  }
  std::vector<double> opening;
  std::vector<double> closing;
  for (std::size_t time = 0; time < times; ++time) {
    const auto begin = Clock::now();
    void* const library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    opening.push_back(microseconds_since(begin));
    if (library == nullptr) {
      std::fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    const auto end = Clock::now();
    dlclose(library);
    closing.push_back(microseconds_since(end));
    if (dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD) != nullptr) {
      std::fputs("the library stays loaded\n", stderr);
      return 1;
    }
  }
  std::printf("{\"dlopen\": %.1f, \"dlclose\": %.1f}\n", median(opening), median(closing));
  return 0;
}
