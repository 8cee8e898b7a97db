// The lock on a directory of tasks, for an instant.
#pragma once

#include "tasks/lock_file.hpp"

namespace trainstat {

class Gate {
 public:
  /// Waits for it, 50 ms at most.
  explicit Gate(LockFile& directory);
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate() {
    if (is_held_) directory_.unlock();
  }

  bool is_held() const { return is_held_; }

 private:
  LockFile& directory_;
  bool is_held_;
};

}  // namespace trainstat
