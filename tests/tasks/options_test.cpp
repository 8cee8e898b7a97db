// What a directory of tasks is opened with.
#include "tasks/registry.hpp"

namespace tasks {
namespace {

using host::Tasks;

class TaskOptions : public Registry {
 protected:
  /// The message of a refusal, which leaves no directory behind.
  std::string refusal(std::string_view options) const {
    Tasks tasks;
    EXPECT_EQ(tasks.open(directory(), options), TS_BAD_OPTION) << options;
    EXPECT_EQ(tasks.error.status, TS_BAD_OPTION);
    EXPECT_EQ(tasks.raw(), nullptr);
    EXPECT_EQ(scratch_.names(), Names{}) << options;
    return tasks.error.message;
  }

  static bool holds(const std::string& message, const std::string& words) { return message.find(words) != std::string::npos; }
};

TEST_F(TaskOptions, AreTakenInTheirRange) {
  for (const std::string_view options :
       {"{}", R"({"max_age":1})", R"({"max_age":2592000,"max_count":1000})", R"({"max_count":1})", " { \"max_count\" : 5 } "}) {
    EXPECT_NE(open(options).raw(), nullptr) << options;
  }
}

TEST_F(TaskOptions, GivenAsNullAreNotGiven) {
  for (const std::string_view options :
       {R"({"max_age":null})", R"({"max_count":null,"max_age":null})", R"({"max_age":null,"max_count":7})"}) {
    EXPECT_NE(open(options).raw(), nullptr) << options;
  }
}

TEST_F(TaskOptions, ThatAreUnknownAreRefusedWithTheNearestName) {
  EXPECT_EQ(refusal(R"({"max_ages":1})"), "unknown option max_ages; did you mean max_age?");
  EXPECT_EQ(refusal(R"({"max_coutn":1})"), "unknown option max_coutn; did you mean max_count?");
  EXPECT_EQ(refusal(R"({"colour":1})"), "unknown option colour");
  EXPECT_EQ(refusal(R"({"timezone":"Europe/Berlin"})"), "unknown option timezone") << "an option of a report";
}

TEST_F(TaskOptions, OfAWrongTypeOrRangeAreRefusedByName) {
  for (const std::string name : {"max_age", "max_count"}) {
    for (const std::string value :
         {"\"1\"", "true", "[1]", "{}", "1.5", "1e3", "-1", "99999999999999999999", "-9223372036854775809"}) {
      EXPECT_TRUE(holds(refusal("{\"" + name + "\":" + value + "}"), "option " + name + " must ")) << value;
    }
  }
}

TEST_F(TaskOptions, GivenTwiceAreRefused) {
  EXPECT_EQ(refusal(R"({"max_age":1,"max_age":1})"), "option max_age is given twice");
  EXPECT_EQ(refusal(R"({"max_age":null,"max_age":1})"), "option max_age is given twice");
}

TEST_F(TaskOptions, AreOneJsonObject) {
  for (const std::string_view options :
       {"[]", "1", "null", "nul", "{", "{}}", "{} {}", "{\"max_age\":}", "{\"max_age\":1,}", " ", "\xff"}) {
    EXPECT_EQ(refusal(options), "options must be one JSON object") << options;
  }
  Tasks tasks;
  ts_tasks* raw = nullptr;
  EXPECT_EQ(ts_tasks_open(directory().data(), directory().size(), "{}", 0, &raw, &tasks.error), TS_BAD_OPTION)
      << "a text of no length is no object";
}

}  // namespace
}  // namespace tasks
