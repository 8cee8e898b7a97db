#include "fault/failing_memory.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

extern "C" {
// The C library's own, under the names that it keeps for programs which bring a malloc.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);
}

namespace {

struct State {
  bool is_watching = false;
  bool is_armed = false;
  bool has_failed = false;
  memory::Failing how = memory::Failing::once;
  std::uint64_t countdown = 0;
  std::uint64_t allocations = 0;
  std::int64_t live = 0;
};

constinit thread_local State state;

bool must_fail() {
  if (!state.is_watching) return false;
  ++state.allocations;
  if (!state.is_armed) return false;
  if (!state.has_failed && --state.countdown > 0) return false;
  if (state.has_failed && state.how == memory::Failing::once) return false;
  state.has_failed = true;
  errno = ENOMEM;
  return true;
}

void* counted(void* block) {
  if (state.is_watching && block != nullptr) ++state.live;
  return block;
}

}  // namespace

namespace memory {

Watch::Watch() { state.is_watching = true; }
Watch::~Watch() { state.is_watching = false; }

void fail_at(std::uint64_t n, Failing how) {
  state.is_armed = true;
  state.has_failed = false;
  state.how = how;
  state.countdown = n;
}

bool give_back() {
  state.is_armed = false;
  return state.has_failed;
}

std::int64_t live_blocks() { return state.live; }
std::uint64_t allocations() { return state.allocations; }

}  // namespace memory

extern "C" {
#pragma GCC visibility push(default)

void* malloc(std::size_t size) noexcept { return must_fail() ? nullptr : counted(__libc_malloc(size)); }

void* calloc(std::size_t count, std::size_t size) noexcept {
  return must_fail() ? nullptr : counted(__libc_calloc(count, size));
}

void* realloc(void* block, std::size_t size) noexcept {
  if (must_fail()) return nullptr;
  void* const grown = __libc_realloc(block, size);
  if (block == nullptr) return counted(grown);
  if (size == 0 && state.is_watching) --state.live;
  return grown;
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return must_fail() ? nullptr : counted(__libc_memalign(alignment, size));
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept { return memalign(alignment, size); }

int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  void* const memory = memalign(alignment, size);
  if (memory == nullptr) return ENOMEM;
  *block = memory;
  return 0;
}

void free(void* block) noexcept {
  if (block != nullptr && state.is_watching) --state.live;
  __libc_free(block);
}

#pragma GCC visibility pop
}
