// Which directories are trusted with tasks, and what is made in them.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "fault/in_child.hpp"
#include "tasks/registry.hpp"
#include "tasks/system_calls.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

class TaskPlace : public Registry {
 protected:
  void make(mode_t mode) const {
    ASSERT_EQ(::mkdir(directory().c_str(), 0700), 0);
    ASSERT_EQ(::chmod(directory().c_str(), mode), 0);
  }

  static ts_error refusal(const std::string& path, int32_t status) {
    Tasks tasks;
    EXPECT_EQ(tasks.open(path), status) << path << ": " << tasks.error.message;
    EXPECT_EQ(tasks.error.status, status);
    EXPECT_EQ(tasks.raw(), nullptr);
    return tasks.error;
  }

  static void expect_unsafe(const std::string& path, const std::string& reason) {
    const ts_error error = refusal(path, TS_UNSAFE_DIRECTORY);
    EXPECT_NE(std::string(error.message).find(reason), std::string::npos) << error.message;
    EXPECT_EQ(error.detail, 0);
  }

  static void expect_failed(const std::string& path, int reason) {
    EXPECT_EQ(refusal(path, TS_FILE_FAILED).detail, reason) << path;
  }

  static mode_t mode_of(const std::string& path) {
    struct stat facts {};
    EXPECT_EQ(::lstat(path.c_str(), &facts), 0);
    return facts.st_mode & 07777U;
  }
};

TEST_F(TaskPlace, IsMadePrivateWithPrivateFilesWhateverTheUmask) {
  for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{0277}, mode_t{0777}}) {
    const mode_t before = ::umask(mask);
    {
      Tasks tasks = open();
      Task task = claim(tasks);
      EXPECT_EQ(task.progress(1, 2), TS_OK) << task.error.message;
      EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK) << task.error.message;
      complete(tasks);
    }
    ::umask(before);
    EXPECT_EQ(mode_of(directory()), 0700U) << mask;
    for (const std::string& name : names()) EXPECT_EQ(mode_of(path(name)), 0600U) << name << ", umask " << mask;
    std::filesystem::remove_all(directory());
  }
}

TEST_F(TaskPlace, MayBeReadByOthersButNotWritten) {
  make(0755);
  Tasks tasks = open();
  complete(tasks);
  EXPECT_EQ(mode_of(directory()), 0755U) << "a directory that was there is left as it is";
  for (const std::string& name : names()) EXPECT_EQ(mode_of(path(name)), 0600U) << name;
}

TEST_F(TaskPlace, IsRefusedWhereItsGroupMayWrite) {
  make(0770);
  expect_unsafe(directory(), "group");
  EXPECT_EQ(names(), Names{});
}

TEST_F(TaskPlace, IsRefusedWhereEverybodyMayWrite) {
  for (const mode_t mode : {mode_t{0707}, mode_t{0777}, mode_t{01777}, mode_t{0702}}) {
    make(mode);
    expect_unsafe(directory(), "everybody");
    EXPECT_EQ(names(), Names{});
    std::filesystem::remove(directory());
  }
}

TEST_F(TaskPlace, IsRefusedWhereItIsASymbolicLink) {
  std::filesystem::create_directory(scratch_.path("elsewhere"));
  ASSERT_EQ(::chmod(scratch_.path("elsewhere").c_str(), 0700), 0);
  for (const char* const to : {"elsewhere", "nowhere", "tasks", "/"}) {
    std::filesystem::create_symlink(to, directory());
    for (const char* const end : {"", "/", "//", "/.", "/./", "/.//./"}) expect_unsafe(directory() + end, "symbolic link");
    std::filesystem::remove(directory());
  }
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path("elsewhere")));
  EXPECT_EQ(scratch_.names(), Names{"elsewhere"});
}

TEST_F(TaskPlace, IsRefusedWhereItBelongsToAnother) {
  constexpr unsigned nobody = 65534;
  if (::geteuid() == 0) {
    make(0700);
    ASSERT_EQ(::chown(directory().c_str(), nobody, nobody), 0);
    expect_unsafe(directory(), "another user");
    EXPECT_EQ(names(), Names{});
  } else {
    expect_unsafe("/", "another user");
  }
}

TEST_F(TaskPlace, IsRefusedOnANetworkFileSystem) {
  for (const long kind :
       {0x6969L, 0x517BL, 0xFE534D42L, 0xFF534D42L, 0x01021997L, 0x00C36400L, 0x0BD00BD0L, 0x6B414653L, 0x5346414FL}) {
    calls::pretend_file_system(kind);
    expect_unsafe(directory(), "network file system");
    // As the kernel of a machine with signed file system types would tell it.
    calls::pretend_file_system(static_cast<int>(kind));
    expect_unsafe(directory(), "network file system");
    calls::pretend_file_system(0);
  }
  open();
  for (const long kind : {0xEF53L, 0x01021994L, 0x58465342L, 0x9123683EL, 0x794C7630L}) {  // ext4, tmpfs, XFS, Btrfs, overlay
    calls::pretend_file_system(kind);
    EXPECT_NE(open().raw(), nullptr);
    calls::pretend_file_system(0);
  }
}

TEST_F(TaskPlace, IsRefusedWhereItIsNoDirectory) {
  scratch_.put("file", "a person's");
  expect_failed(scratch_.path("file"), ENOTDIR);
  expect_failed(scratch_.path("file/tasks"), ENOTDIR);
  ASSERT_EQ(::mkfifo(scratch_.path("fifo").c_str(), 0600), 0);
  expect_failed(scratch_.path("fifo"), ENOTDIR);
  EXPECT_EQ(scratch_.get("file"), "a person's");
}

TEST_F(TaskPlace, NeedsItsParent) {
  expect_failed(scratch_.path("missing/tasks"), ENOENT);
  EXPECT_EQ(scratch_.names(), Names{});
}

TEST_F(TaskPlace, IsNamed) {
  for (const std::string& name : {std::string(), std::string("\0", 1), directory() + std::string("\0x", 2)}) {
    EXPECT_EQ(refusal(name, TS_INVALID_ARGUMENT).detail, 0);
  }
  expect_failed(scratch_.path(std::string(256, 'x')), ENAMETOOLONG);
  EXPECT_EQ(scratch_.names(), Names{});
}

TEST_F(TaskPlace, IsOneUnderAllItsNames) {
  std::filesystem::create_directory(scratch_.path("sub"));
  fault::in_child([&] {
    std::filesystem::current_path(scratch_.path());
    Tasks tasks("tasks");
    const Task task = claim(tasks);
    for (const std::string& name : {directory(), directory() + "/", std::string("./tasks/."), std::string("sub/../tasks//")}) {
      Tasks same(name);
      ASSERT_NE(same.raw(), nullptr) << name << same.error.message;
      expect_running(same, task.id);
    }
    std::filesystem::current_path(scratch_.path("sub"));
    expect_running(tasks, task.id);
    EXPECT_EQ(status_of(tasks, task.id), "progress");
  });
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path("sub")));
}

TEST_F(TaskPlace, StaysItselfWhenItIsRenamed) {
  Tasks tasks = open();
  Task task = claim(tasks);
  std::filesystem::rename(directory(), scratch_.path("renamed"));
  EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
  EXPECT_EQ(complete(tasks), 2);
  EXPECT_EQ(scratch_.names(), Names{"renamed"});
}

TEST_F(TaskPlace, ThatIsRemovedFailsAndHarmsNobody) {
  Tasks tasks = open();
  Task task = claim(tasks);
  std::filesystem::remove_all(directory());
  EXPECT_EQ(task.finish(TS_COMPLETED), TS_FILE_FAILED);
  EXPECT_EQ(task.error.detail, ENOENT);
  Task another;
  EXPECT_EQ(tasks.claim(another, type, scope), TS_FILE_FAILED);
  EXPECT_EQ(tasks.error.detail, ENOENT);
  task.close();
  EXPECT_EQ(scratch_.names(), Names{});
}

TEST_F(TaskPlace, MayBeUsedByAHostThatClosedItsStandardStreams) {
  const pid_t child = fault::start_child([&] {
    for (const int descriptor : {0, 1, 2}) ::close(descriptor);
    Tasks tasks;
    Task task;
    const bool is_done = tasks.open(directory()) == TS_OK && tasks.claim(task, type, scope) == TS_OK;
    bool are_closed = true;
    for (const int descriptor : {0, 1, 2}) are_closed = are_closed && ::fcntl(descriptor, F_GETFD) < 0;
    ::_exit(is_done && are_closed && task.finish(TS_COMPLETED) == TS_OK ? 0 : 1);
  });
  EXPECT_EQ(fault::outcome_of(child), 0);
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (int descriptor = 0; descriptor < 256; ++descriptor) count += ::fcntl(descriptor, F_GETFD) >= 0 ? 1 : 0;
  return count;
}

TEST_F(TaskPlace, KeepsNoDescriptorLongerThanItsHandles) {
  const std::size_t before = open_descriptors();
  {
    Tasks tasks = open();
    const std::size_t opened = open_descriptors();
    const Task task = claim(tasks);
    expect_running(tasks, task.id);
    status_of(tasks, task.id);
    list(tasks);
    complete(tasks, "courses");
    Task refused;
    tasks.claim(refused, "", "");
    EXPECT_LE(open_descriptors(), opened + 1);
  }
  EXPECT_EQ(open_descriptors(), before);
  ASSERT_EQ(::chmod(directory().c_str(), 0777), 0);
  expect_unsafe(directory(), "everybody");
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace tasks
