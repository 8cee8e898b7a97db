#include "tasks/system_calls.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>

namespace {

struct State {
  bool is_watching = false;
  bool is_armed = false;
  bool has_struck = false;
  int reason = 0;  // 0: the process is killed
  std::uint64_t countdown = 0;
  const char* struck = "none";
  std::uint64_t syncs = 0;
};

constinit thread_local State state;
std::atomic<calls::Observer> observer = nullptr;
std::atomic<long> pretended = 0;

/// Whether the call is the one that fails; errno is set then.
bool strikes(const char* name) {
  if (!state.is_watching || !state.is_armed || state.has_struck || --state.countdown > 0) return false;
  state.has_struck = true;
  state.struck = name;
  if (state.reason == 0) ::kill(::getpid(), SIGKILL);
  errno = state.reason;
  return true;
}

void arm(std::uint64_t n, int reason) { state = {state.is_watching, true, false, reason, n, "none", state.syncs}; }

template <class... Arguments>
int call(const char* name, long number, Arguments... arguments) {
  return strikes(name) ? -1 : static_cast<int>(::syscall(number, arguments...));
}

}  // namespace

namespace calls {

Watch::Watch() { state.is_watching = true; }
Watch::~Watch() { state.is_watching = false; }

void end_process_at(std::uint64_t n) { arm(n, 0); }
void fail_at(std::uint64_t n, int reason) { arm(n, reason); }

bool give_back() {
  state.is_armed = false;
  return state.has_struck;
}

const char* struck() { return state.struck; }
std::uint64_t syncs() { return state.syncs; }
void observe_locks(Observer given) { observer = given; }
void pretend_file_system(long kind) { pretended = kind; }

}  // namespace calls

// Found before the C library's by every library of the program.
extern "C" {
#pragma GCC visibility push(default)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // flock is a structure too

int openat(int directory, const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  const mode_t mode = has_mode ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return call("openat", SYS_openat, directory, path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t length) {
  return strikes("write") ? -1 : ::syscall(SYS_write, descriptor, bytes, length);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t length, off_t offset) {
  return strikes("pwrite") ? -1 : ::syscall(SYS_pwrite64, descriptor, bytes, length, offset);
}

ssize_t read(int descriptor, void* bytes, size_t length) {
  return strikes("read") ? -1 : ::syscall(SYS_read, descriptor, bytes, length);
}

ssize_t pread(int descriptor, void* bytes, size_t length, off_t offset) {
  return strikes("pread") ? -1 : ::syscall(SYS_pread64, descriptor, bytes, length, offset);
}

int fsync(int descriptor) {
  if (state.is_watching) ++state.syncs;
  return call("fsync", SYS_fsync, descriptor);
}

int fdatasync(int descriptor) { return call("fdatasync", SYS_fdatasync, descriptor); }
int ftruncate(int descriptor, off_t length) noexcept { return call("ftruncate", SYS_ftruncate, descriptor, length); }
int fchmod(int descriptor, mode_t mode) noexcept { return call("fchmod", SYS_fchmod, descriptor, mode); }
int mkdir(const char* path, mode_t mode) noexcept { return call("mkdir", SYS_mkdir, path, mode); }
int mkdirat(int directory, const char* path, mode_t mode) noexcept {
  return call("mkdirat", SYS_mkdirat, directory, path, mode);
}
int unlinkat(int directory, const char* path, int flags) noexcept {
  return call("unlinkat", SYS_unlinkat, directory, path, flags);
}

int renameat(int from, const char* old_path, int to, const char* new_path) noexcept {
  return call("renameat", SYS_renameat, from, old_path, to, new_path);
}

int linkat(int from, const char* old_path, int to, const char* new_path, int flags) noexcept {
  return call("linkat", SYS_linkat, from, old_path, to, new_path, flags);
}

int flock(int descriptor, int operation) noexcept {
  const calls::Observer present = observer;
  if (state.is_watching && present != nullptr) present(descriptor, operation);
  if ((operation & LOCK_UN) != 0) return static_cast<int>(::syscall(SYS_flock, descriptor, operation));  // fails on no disk
  return call("flock", SYS_flock, descriptor, operation);
}

int fstatfs(int descriptor, struct statfs* facts) noexcept {
  const int status = call("fstatfs", SYS_fstatfs, descriptor, facts);
  if (status == 0 && pretended != 0) facts->f_type = pretended;
  return status;
}

#pragma GCC diagnostic pop
#pragma GCC visibility pop
}
