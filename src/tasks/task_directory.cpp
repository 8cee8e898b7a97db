#include "tasks/task_directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <new>

#include "base/fnv1a.hpp"
#include "base/system_failure.hpp"
#include "sink/signal_block.hpp"
#include "tasks/task_names.hpp"

namespace trainstat {
namespace {

using Found = TaskDirectory::Found;

constexpr mode_t private_directory = 0700;
constexpr mode_t private_file = 0600;
constexpr std::size_t seal_size = 18;
constexpr std::size_t longest = 64 * 1024;  // of any file here
constexpr int most_tries = 16;

// Whose locks hold on one machine only, or whose server is not known to keep them (linux/magic.h and the systems' own headers).
constexpr std::array<std::uint32_t, 16> network_file_systems = {
    0x00006969,  // NFS
    0x0000517B,  // SMB
    0xFE534D42,  // SMB 2
    0xFF534D42,  // CIFS
    0x5346414F,  // AFS
    0x6B414653,  // AFS of the kernel
    0x73757245,  // Coda
    0x0000564C,  // NCP
    0x01021997,  // 9P
    0x00C36400,  // Ceph
    0x65735546,  // FUSE, which may be any
    0x01161970,  // GFS2
    0x7461636F,  // OCFS2
    0x0BD00BD0,  // Lustre
    0x47504653,  // GPFS
    0x19830326,  // BeeGFS
};

Status failure(std::string_view what, int reason) { return system_failure(Code::file_failed, what, reason); }

Status unreadable(int reason) { return failure("a file of the tasks cannot be read", reason); }
Status unwritable(int reason) { return failure("a file of the tasks cannot be written", reason); }

Status unsafe(std::string_view why) { return Status::failure(Code::unsafe_directory, "the directory of the tasks {}", why); }

std::string sealed(std::string_view text) { return fmt::format("{}\n{:016x}\n", text, fnv1a(text)); }

/// Takes the seal off; false where it is broken.
bool unseal(std::string& text) {
  if (text.size() < seal_size) return false;
  const std::string bare = text.substr(0, text.size() - seal_size);
  if (sealed(bare) != text) return false;
  text = bare;
  return true;
}

/// Why what has the name cannot be opened: it is no file.
bool is_in_the_way(int reason) { return reason == ELOOP || reason == EISDIR || reason == ENXIO || reason == ENODEV; }

/// A regular file of this user's.
bool is_ours(int file, struct stat& facts) {
  return ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == ::geteuid();
}

/// One that may be written in place: it has no other name, under which somebody would find that. Takes others' rights away.
bool is_ours_alone(int file) {
  struct stat facts {};
  if (!is_ours(file, facts) || facts.st_nlink > 1) return false;
  return (facts.st_mode & ACCESSPERMS) == private_file || ::fchmod(file, private_file) == 0;
}

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/// All bytes of an open file from its beginning, up to the longest and one more.
bool read_all(int file, std::string& text) {
  text.resize(longest + 1);
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t read = ::pread(file, text.data() + length, text.size() - length, static_cast<off_t>(length));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return false;
    if (read == 0) break;
    length += static_cast<std::size_t>(read);
  }
  text.resize(length);
  return true;
}

/// False with the errno.
bool write_all(int file, std::string_view bytes) {
  std::size_t length = 0;
  while (length < bytes.size()) {
    const ssize_t written = ::pwrite(file, bytes.data() + length, bytes.size() - length, static_cast<off_t>(length));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    length += static_cast<std::size_t>(written);
  }
  return true;
}

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

Status TaskDirectory::open(std::string_view given) {
  // A slash behind a symbolic link would follow it.
  while (given.size() > 1 && (given.ends_with('/') || given.ends_with("/."))) given.remove_suffix(1);
  const std::string path(given);
  const bool is_new = ::mkdir(path.c_str(), private_directory) == 0;
  if (!is_new && errno != EEXIST) return failure("the directory of the tasks cannot be made", errno);
  descriptor_ = Descriptor::open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!descriptor_.is_open()) {
    const int reason = errno;
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) == 0 && S_ISLNK(facts.st_mode)) return unsafe("is a symbolic link");
    return failure("the directory of the tasks cannot be opened", reason);
  }
  if (is_new) {
    ::fchmod(descriptor_.raw(), private_directory);
    const Descriptor parent = Descriptor::open_at(descriptor_.raw(), "..", O_RDONLY | O_DIRECTORY);
    if (parent.is_open()) ::fsync(parent.raw());
  }
  return check_safe();
}

Status TaskDirectory::check_safe() const {
  struct stat facts {};
  struct statfs system {};
  if (::fstat(descriptor_.raw(), &facts) != 0 || ::fstatfs(descriptor_.raw(), &system) != 0) {
    return failure("the directory of the tasks cannot be looked at", errno);
  }
  if (facts.st_uid != ::geteuid()) return unsafe("belongs to another user");
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) return unsafe("can be written to by its group or by everybody");
  if (std::ranges::count(network_file_systems, static_cast<std::uint32_t>(system.f_type)) > 0) {
    return unsafe("is on a network file system, or on one in user space, whose locks cannot be relied on");
  }
  return Status::ok();
}

Status TaskDirectory::read(const std::string& name, Found& found, std::string& text) const {
  found = Found::damage;
  const Descriptor file = Descriptor::open_at(descriptor_.raw(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file.is_open()) {
    if (errno == ENOENT) found = Found::nothing;
    const bool is_denied = errno == EACCES || errno == EPERM;
    return errno == ENOENT || is_denied || is_in_the_way(errno) ? Status::ok() : unreadable(errno);
  }
  struct stat facts {};
  if (!is_ours(file.raw(), facts)) return Status::ok();
  if (!read_all(file.raw(), text)) return unreadable(errno);
  if (unseal(text)) found = Found::text;
  return Status::ok();
}

Status TaskDirectory::replace(const std::string& name, std::string_view text, bool durable) const {
  const SignalBlock block;
  const std::string bytes = sealed(text);
  const std::string made = unfinished_name(name);
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
  Descriptor file = Descriptor::open_at(descriptor_.raw(), made.c_str(), flags, private_file);
  if (!file.is_open() && errno == EEXIST) {
    remove_unfinished(name);
    file = Descriptor::open_at(descriptor_.raw(), made.c_str(), flags, private_file);
  }
  if (!file.is_open()) return unwritable(errno);
  ::fchmod(file.raw(), private_file);
  if (!write_all(file.raw(), bytes) || (durable && ::fsync(file.raw()) != 0)) {
    const int reason = errno;
    ::unlinkat(descriptor_.raw(), made.c_str(), 0);
    return unwritable(reason);
  }
  const auto rename = [&] { return ::renameat(descriptor_.raw(), made.c_str(), descriptor_.raw(), name.c_str()) == 0; };
  bool is_renamed = rename();
  if (!is_renamed && errno == EISDIR && set_aside(name).is_ok()) is_renamed = rename();
  if (!is_renamed) {
    const int reason = errno;
    ::unlinkat(descriptor_.raw(), made.c_str(), 0);
    return unwritable(reason);
  }
  if (durable && ::fsync(descriptor_.raw()) != 0 && errno != EINVAL) return unwritable(errno);
  return Status::ok();
}

Status TaskDirectory::sync(const std::string& name) const {
  const Descriptor file = Descriptor::open_at(descriptor_.raw(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file.is_open() || ::fsync(file.raw()) != 0) return unwritable(errno);
  if (::fsync(descriptor_.raw()) != 0 && errno != EINVAL) return unwritable(errno);
  return Status::ok();
}

Status TaskDirectory::set_aside(const std::string& name) const {
  std::string other = aside_name(name);
  for (int tries = 0; tries < most_tries; ++tries) {
    if (::renameat(descriptor_.raw(), name.c_str(), descriptor_.raw(), other.c_str()) == 0) {
      // Of two names of one file a rename leaves both.
      struct stat here {};
      struct stat there {};
      const bool is_left = ::fstatat(descriptor_.raw(), name.c_str(), &here, AT_SYMLINK_NOFOLLOW) == 0 &&
                           ::fstatat(descriptor_.raw(), other.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
                           is_same(here, there);
      if (is_left) remove(name);
      break;
    }
    if (errno == ENOENT) break;
    // A directory is in the way, or goes into the place of a file.
    if (errno != EISDIR && errno != ENOTDIR && errno != ENOTEMPTY && errno != EEXIST) return unwritable(errno);
    other = fmt::format("{}-{}", aside_name(name), tries + 2);
  }
  return Status::ok();
}

void TaskDirectory::put_back(const std::string& name) const {
  ::renameat2(descriptor_.raw(), aside_name(name).c_str(), descriptor_.raw(), name.c_str(), RENAME_NOREPLACE);
}

bool TaskDirectory::has(const std::string& name) const {
  return ::faccessat(descriptor_.raw(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

void TaskDirectory::remove(const std::string& name) const { ::unlinkat(descriptor_.raw(), name.c_str(), 0); }

void TaskDirectory::remove_unfinished(const std::string& name) const {
  const std::string made = unfinished_name(name);
  if (::unlinkat(descriptor_.raw(), made.c_str(), 0) != 0 && errno == EISDIR) static_cast<void>(set_aside(made));
}

Status TaskDirectory::list(std::vector<std::string>& names) const {
  Descriptor again = Descriptor::open_at(descriptor_.raw(), ".", O_RDONLY | O_DIRECTORY);
  if (!again.is_open()) return failure("the directory of the tasks cannot be read", errno);
  const std::unique_ptr<DIR, CloseDirectory> directory(::fdopendir(again.raw()));
  if (!directory) {
    if (errno == ENOMEM) throw std::bad_alloc();
    return failure("the directory of the tasks cannot be read", errno);
  }
  again.release();
  errno = 0;
  while (const dirent* entry = ::readdir(directory.get())) names.emplace_back(entry->d_name);
  return errno == 0 ? Status::ok() : failure("the directory of the tasks cannot be read", errno);
}

std::optional<std::int64_t> TaskDirectory::changed(const std::string& name) const {
  struct stat facts {};
  if (::fstatat(descriptor_.raw(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  return facts.st_mtime;
}

bool TaskDirectory::open_in_place(const std::string& name, LockFile& file) const {
  constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
  if (file.open(descriptor_.raw(), name.c_str(), flags)) return true;
  if (errno != EACCES) return false;
  // Ours without its rights: they are given back, since the file must stay the same file.
  const Descriptor place = Descriptor::open_at(descriptor_.raw(), name.c_str(), O_PATH | O_NOFOLLOW);
  const std::string path = fmt::format("/proc/self/fd/{}", place.raw());
  if (!place.is_open() || ::chmod(path.c_str(), private_file) != 0) {
    errno = EACCES;
    return false;
  }
  return file.open(descriptor_.raw(), name.c_str(), flags);
}

Status TaskDirectory::open_lasting(const std::string& name, LockFile& file) const {
  for (int tries = 0; tries < most_tries; ++tries) {
    const bool is_open = open_in_place(name, file);
    if (!is_open && !is_in_the_way(errno)) return unwritable(errno);
    if (is_open && is_ours_alone(file.raw())) return Status::ok();
    if (Status status = set_aside(name); !status.is_ok()) return status;
  }
  return unwritable(EAGAIN);
}

Status TaskDirectory::lock(const std::string& name, LockFile& file, bool& is_taken) const {
  for (int tries = 0; tries < most_tries; ++tries) {
    const bool is_open = open_in_place(name, file);
    if (!is_open && !is_in_the_way(errno)) return unwritable(errno);
    if (is_open) {
      is_taken = !file.try_lock();
      if (is_taken && errno != EWOULDBLOCK) return failure("a file of the tasks cannot be locked", errno);
      struct stat opened {};
      struct stat named {};
      const bool is_there = ::fstatat(descriptor_.raw(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0;
      if (!is_there || ::fstat(file.raw(), &opened) != 0 || !is_same(opened, named)) continue;
      // Whatever has been done to a lock that is held, it is never set aside: another would get in beside its holder.
      if (is_taken || is_ours_alone(file.raw())) return Status::ok();
    }
    if (Status status = set_aside(name); !status.is_ok()) return status;
  }
  return unwritable(EAGAIN);
}

Found TaskDirectory::read(const LockFile& file, std::string& text) {
  if (!read_all(file.raw(), text)) return Found::damage;
  return text.empty() ? Found::nothing : unseal(text) ? Found::text : Found::damage;
}

Status TaskDirectory::write(const LockFile& file, std::string_view text) {
  const SignalBlock block;
  const std::string bytes = sealed(text);
  if (!write_all(file.raw(), bytes) || ::ftruncate(file.raw(), static_cast<off_t>(bytes.size())) != 0) return unwritable(errno);
  return Status::ok();
}

}  // namespace trainstat
