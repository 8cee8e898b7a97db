// Memory that fails where a test wants it to: the program's malloc and its kin.
#pragma once

#include <cstdint>

namespace memory {

enum class Failing {
  once,        // the one allocation
  from_there,  // it and every one after it
};

/// While one lives, the allocations of this thread are counted, and may fail.
class Watch {
 public:
  Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();
};

/// The n-th watched allocation from now fails, counted from 1.
void fail_at(std::uint64_t n, Failing how);

/// No allocation fails any more. True where one had.
bool give_back();

/// Blocks allocated under watch and not yet freed under watch.
std::int64_t live_blocks();

/// Allocations under watch since the program began.
std::uint64_t allocations();

}  // namespace memory
