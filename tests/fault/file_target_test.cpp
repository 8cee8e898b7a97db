// Where a report may be written: what stands there, what it may be called, and who may look at it.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "fault/file_report.hpp"

namespace fault {
namespace {

using host::Handle;

class FileTarget : public FileReport {};
INSTANTIATE_TEST_SUITE_P(Written, FileTarget, testing::Values(Way::without_a_name, Way::under_a_private_name), name_of);

TEST_P(FileTarget, IsThereOnlyOnceItIsComplete) {
  Handle report = open("report.json");
  ASSERT_EQ(ErrorRows({30, far_more_than_is_kept / 10, 'n'}).append_to(report), TS_OK);
  EXPECT_EQ(scratch_.get("report.json"), std::nullopt);
  EXPECT_NE(report.built(), "?");
  EXPECT_EQ(scratch_.get("report.json"), ErrorRows({30, far_more_than_is_kept / 10, 'n'}).document());
  EXPECT_EQ(scratch_.names(), Names{"report.json"});
}

TEST_P(FileTarget, TakesTheOldFilesPlace) {
  scratch_.put("report.json", "old");
  Handle report = open("report.json");
  write(report, rows_);
  EXPECT_EQ(scratch_.get("report.json"), rows_.document());
  EXPECT_EQ(scratch_.names(), Names{"report.json"});
}

TEST_P(FileTarget, LeavesTheOldFileToThoseWhoHaveItOpen) {
  scratch_.put("report.json", "old");
  std::ifstream reader(scratch_.path("report.json"));
  Handle report = open("report.json");
  write(report, rows_);
  std::string found;
  reader >> found;
  EXPECT_EQ(found, "old");
}

TEST_P(FileTarget, StaysAsItWasUnderAReportThatIsClosedUnbuilt) {
  for (const char* old : {"old", ""}) {
    if (*old != '\0') scratch_.put("report.json", old);
    const Names before = scratch_.names();
    Handle report = open("report.json");
    ASSERT_EQ(ErrorRows({30, far_more_than_is_kept / 10, 'n'}).append_to(report), TS_OK);
    EXPECT_EQ(report.append({host::null()}), TS_ROW_REFUSED);
    report.close();
    EXPECT_EQ(scratch_.names(), before);
    EXPECT_EQ(scratch_.get("report.json").value_or(""), old);
    std::filesystem::remove(scratch_.path("report.json"));
  }
}

TEST_P(FileTarget, StaysAsItWasUnderAReportWithoutItsRows) {
  scratch_.put("report.json", "old");
  Handle report = open("report.json");
  std::string rest;
  EXPECT_EQ(report.build(rest), TS_ROW_COUNT);
  EXPECT_EQ(scratch_.get("report.json"), "old");
  write(report, rows_);  // the report had stayed open
  EXPECT_EQ(scratch_.get("report.json"), rows_.document());
}

TEST_P(FileTarget, IsBuiltOnceHoweverOftenItIsAskedFor) {
  Handle report = open("report.json");
  write(report, rows_);
  scratch_.put("report.json", "put there by somebody else");
  std::string rest = "?";
  EXPECT_EQ(report.build(rest), TS_OK);
  EXPECT_EQ(rest, "");
  EXPECT_EQ(report.append({host::integer(1), host::text("f"), host::text("m")}), TS_REPORT_FINISHED);
  EXPECT_EQ(report.problems(), R"({"accepted":3,"refused":0,"problems":[]})");
  EXPECT_EQ(scratch_.get("report.json"), "put there by somebody else");
}

TEST_P(FileTarget, IsNotReadThroughTheReport) {
  Handle report = open("report.json");
  std::string document;
  EXPECT_EQ(report.read(10, document), TS_FILE_REPORT);
  EXPECT_EQ(report.take(document), TS_FILE_REPORT);
  write(report, rows_);
  EXPECT_EQ(report.read(10, document), TS_FILE_REPORT);
  EXPECT_EQ(document, "");
}

TEST_P(FileTarget, IsPrivateWhateverTheUmask) {
  for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{0777}}) {
    const mode_t before = ::umask(mask);
    Handle report = open("report.json");
    write(report, rows_);
    ::umask(before);
    struct stat facts {};
    ASSERT_EQ(::stat(scratch_.path("report.json").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0600U) << mask;
  }
}

TEST_P(FileTarget, ThatIsPublicIsReplacedByAPrivateOne) {
  scratch_.put("report.json", "old");
  std::filesystem::permissions(scratch_.path("report.json"), std::filesystem::perms(0666));
  Handle report = open("report.json");
  write(report, rows_);
  struct stat facts {};
  ASSERT_EQ(::stat(scratch_.path("report.json").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
}

TEST_P(FileTarget, MustNotBeASymbolicLink) {
  scratch_.put("elsewhere.json", "old");
  for (const char* to : {"elsewhere.json", "nowhere.json", "link.json", "."}) {
    std::filesystem::create_symlink(to, scratch_.path("link.json"));
    expect_refused("link.json", ELOOP);
    EXPECT_TRUE(std::filesystem::is_symlink(scratch_.path("link.json")));
    std::filesystem::remove(scratch_.path("link.json"));
  }
  EXPECT_EQ(scratch_.names(), Names{"elsewhere.json"});
  EXPECT_EQ(scratch_.get("elsewhere.json"), "old");
}

TEST_P(FileTarget, MustBeARegularFile) {
  ASSERT_EQ(::mkfifo(scratch_.path("fifo").c_str(), 0600), 0);
  expect_refused("fifo", EINVAL);  // and nobody waits for its other end
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, scratch_.path("socket").c_str(), sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  expect_refused("socket", EINVAL);
  ::close(socket);
  if (::mknod(scratch_.path("device").c_str(), S_IFCHR | 0666, makedev(1, 3)) == 0) {
    expect_refused("device", EINVAL);
  }
}

TEST_P(FileTarget, MustNotBeADirectory) {
  std::filesystem::create_directory(scratch_.path("directory"));
  expect_refused("directory", EISDIR);
  expect_refused(scratch_.path("directory/"), EISDIR);
  expect_refused(scratch_.path("missing/"), EISDIR);
  expect_refused(scratch_.path("."), EISDIR);
  expect_refused(scratch_.path(".."), EISDIR);
  expect_refused("/", EISDIR);
  expect_refused("//", EISDIR);
  for (const char* path : {".", "..", "./", "../"}) {
    Handle report;
    EXPECT_EQ(report.open("ekvio.errors", options_for(path)), TS_FILE_FAILED) << path;
    expect_failure(report, EISDIR);
  }
}

TEST_P(FileTarget, NeedsItsDirectory) {
  scratch_.put("file", "old");
  expect_refused(scratch_.path("missing/report.json"), ENOENT);
  expect_refused(scratch_.path("file/report.json"), ENOTDIR);
  EXPECT_EQ(scratch_.names(), Names{"file"});
}

TEST_P(FileTarget, WithEmptyComponentsInItsPathIsTheSameFile) {
  Handle report = open(scratch_.path() + "//.//report.json");
  write(report, rows_);
  EXPECT_EQ(scratch_.get("report.json"), rows_.document());
}

TEST_P(FileTarget, MayHaveAnyNameThatFilesHave) {
  for (const std::string& name :
       {std::string("a b  c.json"), std::string(" "), std::string("\xd0\x9e\xd1\x82\xd1\x87\xd1\x91\xd1\x82 \xe2\x82\xac.json"),
        std::string("\"quoted\\\"\n"), std::string("-"), std::string("..."), std::string(".hidden"), std::string("%s{}"),
        std::string(255, 'x')}) {
    Handle report = open(name);
    write(report, rows_);
    EXPECT_EQ(scratch_.get(name), rows_.document()) << name;
    EXPECT_EQ(scratch_.names(), Names{name});
    std::filesystem::remove(scratch_.path(name));
  }
}

TEST_P(FileTarget, MustNotHaveANameThatIsTooLong) {
  expect_refused(std::string(256, 'x'), ENAMETOOLONG);
  expect_refused(scratch_.path(std::string(256, 'x') + "/report.json"), ENAMETOOLONG);
  std::string deep = scratch_.path();
  for (int i = 0; i < 3000; ++i) deep += "/.";
  expect_refused(deep + "/report.json", ENAMETOOLONG);
  EXPECT_EQ(scratch_.names(), Names{});
}

TEST_P(FileTarget, ThatTurnsIntoSomethingElseMeanwhileIsLeftAlone) {
  for (const bool to_directory : {true, false}) {
    Handle report = open("report.json");
    ASSERT_EQ(rows_.append_to(report), TS_OK);
    if (to_directory) {
      std::filesystem::create_directory(scratch_.path("report.json"));
    } else {
      std::filesystem::create_symlink("elsewhere.json", scratch_.path("report.json"));
    }
    std::string rest;
    EXPECT_EQ(report.build(rest), TS_FILE_FAILED);
    expect_failure(report, to_directory ? EISDIR : ELOOP);
    report.close();
    EXPECT_EQ(scratch_.names(), Names{"report.json"});
    std::filesystem::remove(scratch_.path("report.json"));
  }
}

TEST_P(FileTarget, IsPlacedInItsDirectoryWhateverThatIsCalledNow) {
  std::filesystem::create_directory(scratch_.path("before"));
  Handle report = open(scratch_.path("before/report.json"));
  ASSERT_EQ(rows_.append_to(report), TS_OK);
  std::filesystem::rename(scratch_.path("before"), scratch_.path("after"));
  std::filesystem::create_directory(scratch_.path("before"));
  EXPECT_EQ(report.built(), "");
  EXPECT_EQ(scratch_.get("after/report.json"), rows_.document());
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path("before")));
}

TEST_P(FileTarget, InADirectoryThatIsRemovedFails) {
  std::filesystem::create_directory(scratch_.path("directory"));
  Handle report = open(scratch_.path("directory/report.json"));
  ASSERT_EQ(rows_.append_to(report), TS_OK);
  std::filesystem::remove_all(scratch_.path("directory"));
  std::string rest;
  EXPECT_EQ(report.build(rest), TS_FILE_FAILED);
  expect_failure(report, ENOENT);
  EXPECT_EQ(scratch_.names(), Names{});
}

TEST_P(FileTarget, IsFoundFromTheDirectoryTheReportWasOpenedIn) {
  std::filesystem::create_directory(scratch_.path("one"));
  std::filesystem::create_directory(scratch_.path("two"));
  in_child([&] {
    for (const char* path : {"report.json", "./also.json"}) {
      std::filesystem::current_path(scratch_.path("one"));
      Handle report("ekvio.errors", options_for(path));
      std::filesystem::current_path(scratch_.path("two"));
      write(report, rows_);
    }
  });
  EXPECT_EQ(scratch_.get("one/report.json"), rows_.document());
  EXPECT_EQ(scratch_.get("one/also.json"), rows_.document());
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path("two")));
}

}  // namespace
}  // namespace fault
