#include "tasks/gate.hpp"

#include <chrono>
#include <ctime>

namespace trainstat {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds longest_wait(50);
constexpr timespec pause{0, 200'000};  // nanoseconds

bool wait_for(LockFile& directory) {
  const auto end = steady_clock::now() + longest_wait;
  while (!directory.try_lock()) {
    if (steady_clock::now() >= end) return false;
    ::nanosleep(&pause, nullptr);
  }
  return true;
}

}  // namespace

Gate::Gate(LockFile& directory) : directory_(directory), is_held_(wait_for(directory)) {}

}  // namespace trainstat
