#include "tasks/gate.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

namespace trainstat {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds longest_wait(50);
constexpr long first_pause = 50'000;  // nanoseconds
constexpr long longest_pause = 5'000'000;

bool wait_for(LockFile& directory) {
  const auto end = steady_clock::now() + longest_wait;
  // Ever longer pauses: hundreds that wait must not keep the machine from the one they wait for.
  for (long pause = first_pause; !directory.try_lock(); pause = std::min(pause * 2, longest_pause)) {
    if (steady_clock::now() >= end) return false;
    const timespec time{0, pause};
    ::nanosleep(&time, nullptr);
  }
  return true;
}

}  // namespace

Gate::Gate(LockFile& directory) : directory_(directory), is_held_(wait_for(directory)) {}

}  // namespace trainstat
