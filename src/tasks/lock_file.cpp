#include "tasks/lock_file.hpp"

#include <pthread.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <new>

#include "base/descriptor.hpp"

namespace trainstat {
namespace {

// Held while a descriptor is opened or closed, so that no fork comes between that and the list.
constinit std::mutex list_mutex;
constinit LockFile* list = nullptr;
constinit bool is_watching_forks = false;

}  // namespace

void LockFile::before_fork() { list_mutex.lock(); }

void LockFile::after_fork_in_parent() { list_mutex.unlock(); }

void LockFile::after_fork_in_child() {
  close_all();
  list_mutex.unlock();
}

void LockFile::close_all() {
  while (list != nullptr) {
    LockFile& held = *list;
    list = held.next_;
    ::close(held.raw_);
    held.raw_ = -1;
    held.next_ = held.previous_ = nullptr;
  }
}

bool LockFile::open(int directory, const char* name, int flags) {
  reset();
  const std::lock_guard guard(list_mutex);
  if (!is_watching_forks) {
    if (::pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) != 0) throw std::bad_alloc();
    is_watching_forks = true;
  }
  raw_ = Descriptor::open_at(directory, name, flags, S_IRUSR | S_IWUSR).release();
  if (raw_ < 0) return false;
  owner_ = ::getpid();
  next_ = list;
  if (list != nullptr) list->previous_ = this;
  list = this;
  return true;
}

bool LockFile::try_lock() {
  int answer = 0;
  do {
    answer = ::flock(raw_, LOCK_EX | LOCK_NB);
  } while (answer != 0 && errno == EINTR);
  return answer == 0;
}

void LockFile::unlock() {
  // Said aloud, not left to close(): a child that was made around fork() may have another copy. But never in that child.
  if (raw_ >= 0 && owner_ == ::getpid()) ::flock(raw_, LOCK_UN);
}

void LockFile::reset() {
  const std::lock_guard guard(list_mutex);
  if (raw_ < 0) return;
  const int reason = errno;
  unlock();
  ::close(raw_);
  errno = reason;
  raw_ = -1;
  (previous_ != nullptr ? previous_->next_ : list) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  next_ = previous_ = nullptr;
}

/// A host that unloads the library with tasks open, as PHP does after a fatal error, must not hold them for ever.
struct Unloading {
  [[gnu::destructor]] static void free_locks() { LockFile::close_all(); }
};

}  // namespace trainstat
