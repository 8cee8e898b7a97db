// A test's processes, and the memory they have in common.
#pragma once

#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include "fault/in_child.hpp"

namespace tasks {

/// A child that does not outlive the test, however that ends.
template <class Body>
pid_t start_child(Body&& body) {
  return fault::start_child([&] {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    body();
  });
}

/// A value that children made after it see and change too.
template <class Value>
class Shared {
 public:
  Shared() {
    void* const memory = ::mmap(nullptr, sizeof(Value), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no shared memory");
    value_ = new (memory) Value();
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { ::munmap(value_, sizeof(Value)); }

  Value* operator->() const { return value_; }
  Value& operator*() const { return *value_; }

 private:
  Value* value_;
};

/// Where a number of processes wait for each other. Shared.
class Barrier {
 public:
  void open(unsigned processes) {
    pthread_barrierattr_t attributes;
    ::pthread_barrierattr_init(&attributes);
    ::pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    ::pthread_barrier_init(&barrier_, &attributes, processes);
  }
  void wait() { ::pthread_barrier_wait(&barrier_); }

 private:
  pthread_barrier_t barrier_;
};

/// Nanoseconds on the clock that all processes share.
inline std::int64_t moment() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

/// Whether everything that was promised is to be shown, on a machine with nothing else to do.
inline bool is_full() {
  const char* const wish = std::getenv("TRAINSTAT_FULL");
  return wish != nullptr && *wish == '1';
}

/// How often something is tried.
inline int times(int few, int full) { return is_full() ? full : few; }

}  // namespace tasks
