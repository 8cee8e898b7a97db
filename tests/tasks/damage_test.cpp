// Files of the directory that are damaged, cut, swapped for something else, or a stranger's: never fatal, never trusted.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <functional>

#include "tasks/registry.hpp"
#include "tasks/sealed.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

constexpr char ids_file[] = "ids";
const std::string victim_text = "a person's file";

struct Damage {
  const char* name;
  /// Puts something else in the file's place; `victim` is a file of a person's, outside.
  std::function<void(const std::string& path, const std::string& victim)> put;
};

void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }

void write_file(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

const Damage damages[] = {
    {"Empty", [](const std::string& path, const std::string&) { write_file(path, ""); }},
    {"Text", [](const std::string& path, const std::string&) { write_file(path, "garbage\n"); }},
    {"Zeros", [](const std::string& path, const std::string&) { write_file(path, std::string(4096, '\0')); }},
    {"SealAlone", [](const std::string& path, const std::string&) { write_file(path, sealed("")); }},
    {"SealedText", [](const std::string& path, const std::string&) { write_file(path, sealed("garbage")); }},
    {"SealedNumberBelowOne", [](const std::string& path, const std::string&) { write_file(path, sealed("-5")); }},
    {"SealedNumberWithMore", [](const std::string& path, const std::string&) { write_file(path, sealed("0x7fffffff")); }},
    {"SealedNumberBeyondAll",
     [](const std::string& path, const std::string&) { write_file(path, sealed("9223372036854775808")); }},
    {"SealedJson", [](const std::string& path, const std::string&) { write_file(path, sealed(R"({"id":1})")); }},
    {"RecordOfAnother", [](const std::string& path, const std::string&) { write_file(path, sealed_record(77)); }},
    {"Nested", [](const std::string& path, const std::string&) { write_file(path, sealed(std::string(60000, '['))); }},
    {"Doubled",
     [](const std::string& path, const std::string&) {
       std::ifstream file(path, std::ios::binary);
       const std::string bytes(std::istreambuf_iterator<char>(file), {});
       write_file(path, bytes + bytes);
     }},
    {"Huge", [](const std::string& path, const std::string&) { std::filesystem::resize_file(path, std::uintmax_t{1} << 36U); }},
    {"Directory",
     [](const std::string& path, const std::string&) {
       std::filesystem::remove(path);
       std::filesystem::create_directory(path);
     }},
    {"FullDirectory",
     [](const std::string& path, const std::string&) {
       std::filesystem::remove(path);
       std::filesystem::create_directory(path);
       write_file(path + "/file", "in it");
     }},
    {"Link",
     [](const std::string& path, const std::string& victim) {
       std::filesystem::remove(path);
       std::filesystem::create_symlink(victim, path);
     }},
    {"LinkToNothing",
     [](const std::string& path, const std::string& victim) {
       std::filesystem::remove(path);
       std::filesystem::create_symlink(victim + "-not-there", path);
     }},
    {"LinkToItself",
     [](const std::string& path, const std::string&) {
       std::filesystem::remove(path);
       std::filesystem::create_symlink(path, path);
     }},
    {"HardLink",
     [](const std::string& path, const std::string& victim) {
       std::filesystem::remove(path);
       std::filesystem::create_hard_link(victim, path);
     }},
    {"Fifo",
     [](const std::string& path, const std::string&) {
       std::filesystem::remove(path);
       ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
     }},
    {"Socket",
     [](const std::string& path, const std::string&) {
       std::filesystem::remove(path);
       sockaddr_un address{};
       address.sun_family = AF_UNIX;
       std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
       const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
       ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
       ::close(socket);
     }},
    {"WithoutRights",
     [](const std::string& path, const std::string&) {
       write_file(path, "garbage");
       ASSERT_EQ(::chmod(path.c_str(), 0), 0);
     }},
    {"Gone", [](const std::string& path, const std::string&) { std::filesystem::remove(path); }},
};

std::string name_of(const testing::TestParamInfo<Damage>& info) { return info.param.name; }

class TaskDamage : public Registry, public testing::WithParamInterface<Damage> {
 protected:
  void SetUp() override {
    ::alarm(30);  // nothing may wait for the other end of a FIFO
    scratch_.put("victim", victim_text);
    Tasks tasks = open();
    complete(tasks);  // 1
    complete(tasks);  // 2, so that 1 is not the newest
  }
  void TearDown() override {
    ::alarm(0);
    EXPECT_EQ(scratch_.get("victim"), victim_text);
    Names around = scratch_.names();
    EXPECT_EQ(around, (Names{"tasks", "victim"}));
  }

  void damage(const std::string& name) const { GetParam().put(path(name), scratch_.path("victim")); }
  bool removes() const { return std::string(GetParam().name) == "Gone"; }
};

INSTANTIATE_TEST_SUITE_P(Of, TaskDamage, testing::ValuesIn(damages), name_of);

TEST_P(TaskDamage, InTheIdsLetsThemGrow) {
  for (const bool is_open_before : {false, true}) {
    Tasks before = open();
    damage(ids_file);
    Tasks after = open();
    Tasks& tasks = is_open_before ? before : after;
    const int64_t last = ids(list(tasks, 1)).at(0);
    const Task task = claim(tasks);
    EXPECT_EQ(task.id, last + 1);
    expect_running(after, task.id);
    EXPECT_EQ(status_of(tasks, 1), "completed");
    EXPECT_EQ(claim(tasks, "courses").id, last + 2) << "and it is repaired";
  }
}

TEST_P(TaskDamage, InALockThatNobodyHoldsLetsTheNextOneIn) {
  damage(lock_of_type_and_scope);
  Tasks tasks = open();
  const Task task = claim(tasks);
  EXPECT_EQ(task.id, 3);
  expect_running(tasks, 3);
  Tasks another = open();
  expect_running(another, 3);
  EXPECT_EQ(status_of(tasks, 1), "completed");
  EXPECT_EQ(status_of(tasks, 3), "progress");
  EXPECT_EQ(list(tasks).size(), 3U);
}

TEST_P(TaskDamage, InTheIdsAndEveryLockLetsThemGrow) {
  damage(ids_file);
  damage(lock_of_type_and_scope);
  Tasks tasks = open();
  EXPECT_EQ(claim(tasks).id, 3);
}

TEST_P(TaskDamage, InAllThatKeepsIdsUnderAnOpenHandleLetsThemGrow) {
  Tasks before = open();
  Tasks other = open();
  complete(other);  // 3, which the first handle has not seen
  damage(ids_file);
  damage(lock_of_type_and_scope);
  EXPECT_EQ(claim(before).id, 4);
}

TEST_P(TaskDamage, InARecordIsSaidOfThatTaskAlone) {
  damage(record_of_first);
  Tasks tasks = open();
  const int32_t said = removes() ? TS_UNKNOWN_TASK : TS_TASK_DAMAGED;
  expect_no_state(tasks, 1, said);
  expect_no_state(tasks, 1, said);
  EXPECT_EQ(status_of(tasks, 2), "completed");
  EXPECT_EQ(ids(list(tasks)), (std::vector<int64_t>{2}));
  Tasks another = open();
  expect_no_state(another, 1, said);
  EXPECT_EQ(claim(tasks).id, 3);
  const Names found = names();
  EXPECT_EQ(std::ranges::count(found, record_of_first), 0) << "it is set aside";
  EXPECT_EQ(std::ranges::count(found, std::string(record_of_first) + ".damaged"), removes() ? 0 : 1) << "and kept";
}

TEST_P(TaskDamage, InARecordIsSetAsideByAListToo) {
  damage(record_of_first);
  Tasks tasks = open();
  EXPECT_EQ(ids(list(tasks)), (std::vector<int64_t>{2}));
  expect_no_state(tasks, 1, removes() ? TS_UNKNOWN_TASK : TS_TASK_DAMAGED);
}

TEST_P(TaskDamage, InARunningTasksRecordEndsWithItsNextWord) {
  Tasks tasks = open();
  Task task = claim(tasks);
  const std::string record = std::to_string(task.id) + ".task";
  damage(record);
  expect_no_state(tasks, task.id, removes() ? TS_UNKNOWN_TASK : TS_TASK_DAMAGED);
  expect_running(tasks, task.id);
  EXPECT_EQ(task.progress(1, 2), TS_OK) << task.error.message;
  EXPECT_EQ(status_of(tasks, task.id), "progress");
  damage(record);  // seen by nobody
  EXPECT_EQ(task.finish(TS_COMPLETED, "file"), TS_OK) << task.error.message;
  EXPECT_EQ(state(tasks, task.id).file, "file");
  EXPECT_EQ(state(tasks, task.id).total, 2);
}

TEST_P(TaskDamage, InTheIdsWhileTasksRunLetsThemGrow) {
  Tasks tasks = open();
  Task task = claim(tasks);
  damage(ids_file);
  const Task other = claim(tasks, "courses");
  EXPECT_EQ(other.id, task.id + 1);
  expect_running(tasks, task.id);
  EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
}

TEST_P(TaskDamage, OfWhatAReplacementIsCalledHindersNobody) {
  Tasks tasks = open();
  for (const char* const name : {".new-ids", ".new-3.task", ".new-4.task"}) {
    put(name, "left");
    damage(name);
  }
  Task task = claim(tasks);
  EXPECT_EQ(task.id, 3);
  put(".new-3.task", "left");
  damage(".new-3.task");
  EXPECT_EQ(task.progress(1, 2), TS_OK) << task.error.message;
  EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK) << task.error.message;
  EXPECT_EQ(complete(tasks), 4);
}

}  // namespace
}  // namespace tasks
