#include "fault/openings.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>

namespace {

std::atomic<bool> refuses_unnamed = false;
std::atomic<openings::Observer> observer = nullptr;

}  // namespace

namespace openings {

void refuse_unnamed_files(bool refuse) { refuses_unnamed = refuse; }
void observe(Observer given) { observer = given; }

}  // namespace openings

// Found before the C library's by every library of the program.
extern "C" [[gnu::visibility("default")]] int openat(int directory, const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  const mode_t mode = has_mode ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & O_TMPFILE) == O_TMPFILE && refuses_unnamed) {
    errno = EOPNOTSUPP;
    return -1;
  }
  const auto descriptor = static_cast<int>(::syscall(SYS_openat, directory, path, flags, mode));
  const openings::Observer present = observer;
  if (descriptor >= 0 && present != nullptr) {
    const int reason = errno;
    present(path, flags, descriptor);
    errno = reason;
  }
  return descriptor;
}
