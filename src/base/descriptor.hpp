// An owned file descriptor.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace trainstat {

/// Closes on destruction. Never one of the standard streams' numbers: a host that has closed those would write its own output
/// into our file.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int raw) : raw_(raw) {}
  Descriptor(Descriptor&& other) noexcept : raw_(std::exchange(other.raw_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      raw_ = std::exchange(other.raw_, -1);
    }
    return *this;
  }
  ~Descriptor() { reset(); }

  /// openat(2) with O_CLOEXEC; not open where it fails, errno says why.
  static Descriptor open_at(int directory, const char* path, int flags, mode_t mode = 0) {
    int raw = -1;
    do {
      raw = ::openat(directory, path, flags | O_CLOEXEC, mode);
    } while (raw < 0 && errno == EINTR);
    if (raw < 0 || raw > STDERR_FILENO) return Descriptor(raw);
    const int moved = ::fcntl(raw, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    const int reason = errno;
    ::close(raw);
    errno = reason;
    return Descriptor(moved);
  }

  bool is_open() const { return raw_ >= 0; }
  int raw() const { return raw_; }

  /// Gives it to another owner.
  int release() { return std::exchange(raw_, -1); }

  void reset() noexcept {
    if (raw_ < 0) return;
    const int reason = errno;
    ::close(std::exchange(raw_, -1));
    errno = reason;
  }

 private:
  int raw_ = -1;
};

}  // namespace trainstat
