// Files of the directory that are damaged, cut, swapped for something else, or a stranger's: never fatal, never trusted.
#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <functional>

#include "fault/in_child.hpp"
#include "tasks/registry.hpp"
#include "tasks/sealed.hpp"
#include "tasks/system_calls.hpp"

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

class TaskDamageByBytes : public Registry {
 protected:
  void SetUp() override {
    Tasks tasks = open();
    complete(tasks);
    complete(tasks);
  }
};

TEST_F(TaskDamageByBytes, OfARecordCutAnywhereIsNeverTrusted) {
  const std::string whole = *get(record_of_first);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    put(record_of_first, whole.substr(0, length));
    Tasks tasks = open();
    expect_no_state(tasks, 1, TS_TASK_DAMAGED);
  }
  put(record_of_first, whole);
  Tasks tasks = open();
  EXPECT_EQ(status_of(tasks, 1), "completed") << "put back by a person";
}

TEST_F(TaskDamageByBytes, OfARecordWithAnyByteChangedIsNeverTrusted) {
  const std::string whole = *get(record_of_first);
  for (std::size_t place = 0; place < whole.size(); ++place) {
    std::string changed = whole;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    put(record_of_first, changed);
    Tasks tasks = open();
    expect_no_state(tasks, 1, TS_TASK_DAMAGED);
  }
}

TEST_F(TaskDamageByBytes, OfTheIdsOrALockCutOrChangedAnywhereLetsTheIdsGrow) {
  int64_t last = 2;
  for (const char* const name : {ids_file, lock_of_type_and_scope}) {
    const std::size_t size = get(name)->size();
    for (std::size_t place = 0; place < size; ++place) {
      for (const bool cuts : {true, false}) {
        std::string changed = *get(name);
        cuts ? changed.resize(place) : static_cast<void>(changed[place] = static_cast<char>(changed[place] ^ 1));
        put(name, changed);
        Tasks tasks = open();
        Task task = claim(tasks);
        ASSERT_EQ(task.id, ++last) << name << " at " << place;
        expect_running(tasks, last);
      }
    }
  }
}

TEST_F(TaskDamageByBytes, OfIdsFromAnOlderCopyGivesNoIdTwice) {
  const std::string older = *get(ids_file);
  for (const bool is_open_before : {true, false}) {
    Tasks before = open();
    const int64_t last = complete(before);
    put(ids_file, older);
    Tasks after = open();
    EXPECT_GT(complete(is_open_before ? before : after), last);
  }
}

TEST_F(TaskDamageByBytes, OfIdsFromAnOlderCopyGivesNoIdTwiceToAnotherTypeEither) {
  const std::string older = *get(ids_file);
  {
    Tasks tasks = open();
    complete(tasks);
  }
  put(ids_file, older);
  Tasks tasks = open();
  EXPECT_EQ(claim(tasks, "courses").id, 4);
}

TEST_F(TaskDamageByBytes, OfTheIdsLeavesTheOneThatOnlyALockKnows) {
  // As a claim leaves it that was killed before it wrote its record: somebody may have been told that id.
  Tasks tasks = open();
  put("lock.courses.x", sealed("50"));
  std::filesystem::remove(path(ids_file));
  EXPECT_EQ(claim(tasks).id, 51);
}

TEST_F(TaskDamageByBytes, OfRecordsThatSayTooMuchIsNeverTrusted) {
  const std::string good = sealed_record(1);
  put(record_of_first, good);
  Tasks tasks = open();
  EXPECT_EQ(status_of(tasks, 1), "completed") << "the seal as this test knows it";
  const std::string text = good.substr(0, good.size() - 18);
  for (const auto& [from, to] : std::initializer_list<std::pair<std::string, std::string>>{
           {"\"id\":1", "\"id\":2"},
           {"\"id\":1", "\"id\":\"1\""},
           {"\"id\":1", "\"id\":1.0"},
           {"\"done\":0", "\"done\":-1"},
           {"\"done\":0", "\"done\":9223372036854775808"},
           {"\"total\":0,", ""},
           {"completed", "complete"},
           {"\"file\":null", "\"file\":7"},
           {"\"file\":null", "\"file\":null,\"file\":null"},
           {"}", ",\"more\":1}"},
           {"{", " {"},
           {"1606827122", "\"then\""},
           {"company-7", "\xff"},
           {"\"id\":1,\"type\":\"trainings\"", "\"type\":\"trainings\",\"id\":1"}}) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    put(record_of_first, sealed(changed));
    expect_no_state(tasks, 1, TS_TASK_DAMAGED);
  }
}

TEST_F(TaskDamageByBytes, OfIdsAtTheirEndIsRefusedWithoutOverflow) {
  for (const char* const highest : {"9223372036854775807", "9223372036854775806", "9007199254740991", "9007199254740992"}) {
    put(ids_file, sealed(highest));
    Tasks tasks = open();
    for (int tries = 0; tries < 3; ++tries) {
      Task task;
      const int32_t status = tasks.claim(task, type, scope);
      if (status == TS_OK) {
        EXPECT_GT(task.id, 2);
      } else {
        EXPECT_EQ(status, TS_INTERNAL) << tasks.error.message;
        EXPECT_STRNE(tasks.error.message, "");
      }
    }
  }
}

TEST_F(TaskDamageByBytes, OfStrangersFilesIsNobodysBusiness) {
  const Names strangers = {"notes.txt",
                           "0.task",
                           "-1.task",
                           "007.task",
                           "+7.task",
                           "7.task2",
                           "task",
                           "lock.",
                           "lock",
                           "lock.a.b.c",
                           "lock.trainings",
                           "999.tasks",
                           "1e3.task",
                           ".hidden",
                           "x.damaged",
                           "ids.damaged",
                           "7",
                           "3 .task",
                           "999999999999999999999999.task",
                           "9223372036854775807.task",
                           "9999999999999999.task"};
  for (const std::string& name : strangers) put(name, "a person's");
  std::filesystem::create_directory(path("directory"));
  std::filesystem::create_directory(path("lock.directory.x"));
  Tasks tasks = open();
  EXPECT_EQ(ids(list(tasks)), (std::vector<int64_t>{2, 1}));
  const Task task = claim(tasks);
  EXPECT_GT(task.id, 2);
  expect_running(tasks, task.id);
  EXPECT_EQ(ids(list(tasks, 1)).at(0), task.id);
  EXPECT_TRUE(std::filesystem::is_directory(path("directory")));
  for (const std::string& name : strangers)
    EXPECT_TRUE(get(name) == "a person's" || get(name + ".damaged") == "a person's") << name;
}

TEST_F(TaskDamageByBytes, OfARecordBeyondTheIdsUsesNoneUp) {
  // A stranger's file of a huge number neither ends the ids nor hides the tasks behind it.
  put("999999999999999.task", "a person's");
  std::filesystem::remove(path(ids_file));
  Tasks tasks = open();
  for (int count = 0; count < 3; ++count) {
    const int64_t id = complete(tasks);
    EXPECT_EQ(ids(list(tasks, 1)), (std::vector<int64_t>{id}));
    EXPECT_EQ(status_of(tasks, id), "completed");
  }
}

// A backup made of hard links, an administrator who takes rights away.
TEST_F(TaskDamageByBytes, OfALockThatIsHeldNeverLetsASecondOneIn) {
  std::filesystem::remove_all(directory());
  std::filesystem::permissions(scratch_.path(), std::filesystem::perms(0777));
  fault::in_child([&] {
    constexpr unsigned nobody = 65534;  // root has every right
    if (::geteuid() == 0) {
      ASSERT_EQ(::setgroups(0, nullptr), 0);
      ASSERT_EQ(::setgid(nobody), 0);
      ASSERT_EQ(::setuid(nobody), 0);
    }
    Tasks tasks = open();
    Task held = claim(tasks);
    std::filesystem::create_hard_link(path(lock_of_type_and_scope), path("backup"));
    for (const int rights : {0600, 0400, 0000, 0777}) {
      ASSERT_EQ(::chmod(path(lock_of_type_and_scope).c_str(), static_cast<mode_t>(rights)), 0);
      expect_running(tasks, held.id);
      Tasks another = open();
      expect_running(another, held.id);
      EXPECT_EQ(status_of(another, held.id), "progress");
    }
    ASSERT_EQ(held.finish(TS_COMPLETED), TS_OK);
    EXPECT_EQ(complete(tasks), held.id + 1);
    EXPECT_EQ(status_of(tasks, held.id), "completed");
  });
}

TEST_F(TaskDamageByBytes, OfARecordWithASecondNameIsNone) {
  Tasks tasks = open();
  const int64_t id = complete(tasks);
  std::filesystem::create_hard_link(path(std::to_string(id) + ".task"), path("backup"));
  EXPECT_EQ(status_of(tasks, id), "completed");
}

TEST_F(TaskDamageByBytes, OfTheLockOfAHolderNeverNamesAnother) {
  Tasks tasks = open();
  Task task = claim(tasks);
  for (const std::string& text : {std::string(), std::string("garbage"), sealed("-1"), sealed("0"), sealed("x")}) {
    std::ofstream(path(lock_of_type_and_scope), std::ios::binary) << text;  // the same file, which is locked
    Task second;
    const Clock::time_point begin = Clock::now();
    EXPECT_EQ(tasks.claim(second, type, scope), TS_BUSY) << text;
    EXPECT_LT(milliseconds(Clock::now() - begin), 500);
    EXPECT_EQ(second.raw(), nullptr);
    EXPECT_EQ(status_of(tasks, task.id), "progress");
  }
  EXPECT_EQ(task.finish(TS_COMPLETED), TS_OK);
  complete(tasks);
}

TEST_F(TaskDamageByBytes, OfALockThatIsSwappedWhileItIsTakenLetsOneInOnly) {
  // Between the opening and the locking of the file another one takes its name: the lock on the first would be nobody's.
  static std::string lock;
  static int swaps = 0;
  lock = path(lock_of_type_and_scope);
  swaps = 0;
  Tasks tasks = open();
  calls::observe_locks([](int descriptor, int) {
    struct stat facts {};
    if (swaps > 0 || ::fstat(descriptor, &facts) != 0 || S_ISDIR(facts.st_mode)) return;
    ++swaps;
    std::filesystem::remove(lock);
    write_file(lock, "");
  });
  Task task;
  {
    const calls::Watch watch;
    EXPECT_EQ(tasks.claim(task, type, scope), TS_OK) << tasks.error.message;
  }
  calls::observe_locks(nullptr);
  EXPECT_EQ(swaps, 1);
  Tasks another = open();
  expect_running(another, task.id);
}

}  // namespace
}  // namespace tasks
