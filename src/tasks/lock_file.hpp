// A file that is locked by its descriptor, so that the kernel frees it when its process dies.
#pragma once

#include <sys/types.h>

namespace trainstat {

/// flock(2) on an open file. A forked child would keep the lock with its copy of the descriptor, long after the parent's end: the
/// copies are closed in the child before fork() returns there. For that all of them are in one list, the library's only state.
class LockFile {
 public:
  LockFile() = default;
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  /// Unlocks and closes; in a child closes only.
  ~LockFile() { reset(); }

  /// openat(2) with O_CLOEXEC. False where it fails; errno says why.
  bool open(int directory, const char* name, int flags);

  /// False where another descriptor has the lock.
  bool try_lock();
  void unlock();

  void reset();

  /// -1 where it is not open, so in a child of the process that opened it.
  int raw() const { return raw_; }

 private:
  static void before_fork();
  static void after_fork_in_parent();
  static void after_fork_in_child();
  static void close_all();
  friend struct Unloading;

  int raw_ = -1;
  pid_t owner_ = -1;
  LockFile* next_ = nullptr;
  LockFile* previous_ = nullptr;
};

}  // namespace trainstat
