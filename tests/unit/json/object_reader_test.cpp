#include "json/object_reader.hpp"

#include <gtest/gtest.h>

#include "guarded_text.hpp"

namespace {

using trainstat::Member;
using trainstat::read_object;

TEST(ObjectReader, KeepsNumbersAsTheyStand) {
  const auto options = read_object(R"({"forms":[1,2147483648,1.0,1e2],"status_code":200})");
  ASSERT_TRUE(options);
  ASSERT_EQ(options->size(), 2U);
  EXPECT_EQ(options->at(0).kind, Member::Kind::numbers);
  EXPECT_EQ(options->at(0).numbers, (std::vector<std::string>{"1", "2147483648", "1.0", "1e2"}));
  EXPECT_EQ(options->at(1).text, "200");
}

TEST(ObjectReader, SurvivesAnyDepth) {
  constexpr std::size_t depth = 1000000;
  const std::string open = "{\"forms\":" + std::string(depth, '[');
  EXPECT_FALSE(read_object(open));
  const auto closed = read_object(open + std::string(depth, ']') + "}");
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->at(0).kind, Member::Kind::other);
}

TEST(ObjectReader, ReadsNumbersOfAnyLengthThatABinaryNumberHolds) {
  for (const std::string& number : {"1e-" + std::string(1000, '9'), "0." + std::string(100000, '1'), std::string("-0"),
                                    std::string("1e-99999999999999999999"), std::string("1e308")}) {
    const auto options = read_object("{\"forms\":[" + number + "]}");
    ASSERT_TRUE(options) << number.substr(0, 10);
    EXPECT_EQ(options->at(0).numbers, std::vector{number});
  }
}

TEST(ObjectReader, RefusesNumbersBeyondABinaryOne) {
  for (const std::string& number : {std::string(100000, '9'), "1e" + std::string(1000, '9'), std::string("1e400")}) {
    EXPECT_FALSE(read_object("{\"status_code\":" + number + "}")) << number.substr(0, 10);
    EXPECT_FALSE(read_object("{\"forms\":[" + number + "]}")) << number.substr(0, 10);
  }
}

TEST(ObjectReader, ReadsNothingBehindTheText) {
  constexpr std::string_view whole = R"({"message":"\u00e9","forms":[12],"file":"abc","html_safe":true,"status":null})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const GuardedText guarded(whole.substr(0, length));
    EXPECT_FALSE(read_object(guarded.text())) << length;
  }
  const GuardedText guarded(whole);
  EXPECT_TRUE(read_object(guarded.text()));
}

TEST(ObjectReader, RefusesWhatIsNotOneObject) {
  for (const std::string_view text : {"", " ", "null", "[]", "1", "\"a\"", "{", "{}{}", "{} x", "{'a':1}", "{\"a\":1,}",
                                      "\xEF\xBB\xBF{}", "{\"a\":\"\xFF\"}", "{\"a\":\"\\udc00\"}", "{\"\\ud800\":1}"}) {
    EXPECT_FALSE(read_object(text)) << text;
  }
  EXPECT_FALSE(read_object(std::string_view("{}\0x", 4)));
}

}  // namespace
