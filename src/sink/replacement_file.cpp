#include "sink/replacement_file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <iterator>
#include <memory>

#include "base/fnv1a.hpp"
#include "base/no_cancellation.hpp"
#include "base/system_failure.hpp"
#include "sink/signal_block.hpp"

namespace trainstat {
namespace {

constexpr mode_t private_mode = 0600;

Status failure(std::string_view what, int reason) { return system_failure(Code::file_failed, what, reason); }

/// Of a target that could be written, but must not be.
Status refusal(std::string_view what, int reason) {
  Status status = Status::failure(Code::file_failed, "{}", what);
  status.detail = reason;
  return status;
}

/// Where an open file can be named, without memory: a build must not stop half-way for want of it.
class DescriptorPath {
 public:
  explicit DescriptorPath(int descriptor) {
    *fmt::format_to_n(text_, sizeof text_ - 1, "/proc/self/fd/{}", descriptor).out = '\0';
  }
  const char* c_str() const { return text_; }

 private:
  char text_[32];
};

constexpr std::size_t random_letters = 16;

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

ReplacementFile::~ReplacementFile() {
  if (!name_.empty() && is_own()) ::unlinkat(directory_.raw(), name_.c_str(), 0);
}

bool ReplacementFile::is_own() const { return owner_ == ::getpid(); }

Status ReplacementFile::open(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string_view::npos ? "." : std::string(path.substr(0, slash + 1));
  target_ = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (target_.empty() || target_ == "." || target_ == "..") return refusal("file is a directory", EISDIR);
  prefix_ = fmt::format(".trainstat-{:016x}-", fnv1a(target_));
  name_.reserve(prefix_.size() + random_letters);
  owner_ = ::getpid();
  directory_ = Descriptor::open_at(AT_FDCWD, directory.c_str(), O_RDONLY | O_DIRECTORY);
  if (!directory_.is_open()) return failure("the directory of file cannot be opened", errno);
  if (Status status = check_target(); !status.is_ok()) return status;
  sweep();
  return open_file();
}

Status ReplacementFile::check_target() const {
  struct stat facts {};
  if (::fstatat(directory_.raw(), target_.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? Status::ok() : failure("file cannot be looked at", errno);
  }
  if (S_ISREG(facts.st_mode)) return Status::ok();
  if (S_ISLNK(facts.st_mode)) return refusal("file is a symbolic link", ELOOP);
  if (S_ISDIR(facts.st_mode)) return refusal("file is a directory", EISDIR);
  return refusal("file is not a regular file", EINVAL);
}

Status ReplacementFile::open_file() {
  file_ = Descriptor::open_at(directory_.raw(), ".", O_TMPFILE | O_RDWR, private_mode);
  // Without /proc the file could not be given a name later.
  if (!file_.is_open() || ::access(DescriptorPath(file_.raw()).c_str(), F_OK) != 0) {
    const int reason = file_.is_open() ? EOPNOTSUPP : errno;
    if (reason != EOPNOTSUPP && reason != EISDIR && reason != EINVAL && reason != ENOENT) {
      return failure("file cannot be written", reason);
    }
    return open_named_file();
  }
  ::fchmod(file_.raw(), private_mode);
  ::flock(file_.raw(), LOCK_EX | LOCK_NB);  // held by nobody: says to a sweep that the writer lives
  return Status::ok();
}

Status ReplacementFile::open_named_file() {
  for (int tries = 0; tries < 16; ++tries) {
    if (!new_name()) return failure("file cannot be written", errno);
    file_ = Descriptor::open_at(directory_.raw(), name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, private_mode);
    if (!file_.is_open()) {
      const int reason = errno;
      name_.clear();
      if (reason == EEXIST) continue;
      return failure("file cannot be written", reason);
    }
    ::fchmod(file_.raw(), private_mode);
    const bool is_swept = ::flock(file_.raw(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    struct stat facts {};
    if (!is_swept && ::fstat(file_.raw(), &facts) == 0 && facts.st_nlink > 0) return Status::ok();
    name_.clear();  // another report's sweep came between the creation and the lock
  }
  return failure("file cannot be written", EEXIST);
}

bool ReplacementFile::new_name() {
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != static_cast<ssize_t>(sizeof random)) return false;
  name_.assign(prefix_);  // into memory that open() has reserved
  fmt::format_to(std::back_inserter(name_), "{:0{}x}", random, random_letters);
  return true;
}

void ReplacementFile::sweep() const {
  Descriptor again = Descriptor::open_at(directory_.raw(), ".", O_RDONLY | O_DIRECTORY);
  if (!again.is_open()) return;
  const std::unique_ptr<DIR, CloseDirectory> entries(::fdopendir(again.raw()));
  if (!entries) return;
  again.release();
  while (const dirent* entry = ::readdir(entries.get())) {
    if (!std::string_view(entry->d_name).starts_with(prefix_)) continue;
    const Descriptor stray = Descriptor::open_at(directory_.raw(), entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    struct stat facts {};
    if (!stray.is_open() || ::fstat(stray.raw(), &facts) != 0) continue;
    if (!S_ISREG(facts.st_mode) || facts.st_uid != ::geteuid()) continue;
    if (::flock(stray.raw(), LOCK_EX | LOCK_NB) != 0) continue;  // its writer lives
    ::unlinkat(directory_.raw(), entry->d_name, 0);
  }
}

Status ReplacementFile::write(std::string_view bytes) {
  const NoCancellation no_cancellation;
  const SignalBlock block;
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.raw(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failure("file cannot be written", written < 0 ? errno : EIO);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return Status::ok();
}

Status ReplacementFile::publish() {
  if (Status status = check_target(); !status.is_ok()) return status;
  if (::fsync(file_.raw()) != 0) return failure("file cannot be written", errno);
  if (Status status = put_in_place(); !status.is_ok()) return status;
  file_.reset();
  if (::fsync(directory_.raw()) != 0 && errno != EINVAL) return failure("the directory of file cannot be written", errno);
  directory_.reset();
  return Status::ok();
}

Status ReplacementFile::put_in_place() {
  if (name_.empty()) {
    const DescriptorPath source(file_.raw());
    // With nothing in its place there is no moment at which it has another name.
    if (::linkat(AT_FDCWD, source.c_str(), directory_.raw(), target_.c_str(), AT_SYMLINK_FOLLOW) == 0) return Status::ok();
    if (errno != EEXIST) return failure("file cannot be put in its place", errno);
    int tries = 16;
    do {
      if (!new_name()) return failure("file cannot be put in its place", errno);
      if (::linkat(AT_FDCWD, source.c_str(), directory_.raw(), name_.c_str(), AT_SYMLINK_FOLLOW) == 0) break;
      name_.clear();
    } while (errno == EEXIST && --tries > 0);
    if (name_.empty()) return failure("file cannot be put in its place", errno);
  }
  if (::renameat(directory_.raw(), name_.c_str(), directory_.raw(), target_.c_str()) != 0) {
    return failure("file cannot be put in its place", errno);
  }
  name_.clear();
  return Status::ok();
}

}  // namespace trainstat
