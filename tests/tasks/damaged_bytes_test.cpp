// What the directory keeps with bytes missing, changed or from an older copy, and locks that were tampered with: never trusted.
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "fault/in_child.hpp"
#include "tasks/registry.hpp"
#include "tasks/sealed.hpp"
#include "tasks/system_calls.hpp"

namespace tasks {
namespace {

using host::Task;
using host::Tasks;

constexpr char ids_file[] = "ids";

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
    const std::ofstream empty(lock);
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
