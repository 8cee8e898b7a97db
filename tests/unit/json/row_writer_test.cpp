#include "json/row_writer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/format.hpp"
#include "formats/layout.hpp"

namespace {

using trainstat::Buffer;
using trainstat::Layout;
using trainstat::RowWriter;
using trainstat::Value;
using trainstat::Zone;

TEST(RowWriter, WritesTheSameChoiceForEveryWordAndRefusesEveryOther) {
  const trainstat::Format* format = nullptr;
  ASSERT_TRUE(trainstat::find_format("ekvio.integration_status", format).is_ok());
  const Layout layout(*format, {}, false);
  const Zone zone;
  Buffer buffer;
  RowWriter writer(layout, zone, buffer, false);
  for (const std::string word : {"progress", "fail"}) {
    ASSERT_TRUE(writer.write(std::vector{Value::of(std::string_view(word))}));
    EXPECT_EQ(buffer.view(), "{\"status\":\"" + word + "\"}");
    buffer.truncate(0);
    for (std::size_t at = 0; at < word.size(); ++at) {
      std::string other = word;
      other[at] = static_cast<char>(other[at] ^ 1);
      EXPECT_FALSE(writer.write(std::vector{Value::of(std::string_view(other))}));
      EXPECT_FALSE(writer.write(std::vector{Value::of(std::string_view(word).substr(0, at))}));
      buffer.truncate(0);
    }
    for (const std::string& other : {word + " ", word + std::string(1, '\0'), " " + word}) {
      EXPECT_FALSE(writer.write(std::vector{Value::of(std::string_view(other))}));
      buffer.truncate(0);
    }
  }
}

TEST(RowWriter, MakesRoomForTextsOfAnyLength) {
  const trainstat::Format* format = nullptr;
  ASSERT_TRUE(trainstat::find_format("ekvio.errors", format).is_ok());
  const Layout layout(*format, {}, false);
  const Zone zone;
  for (std::size_t length = 0; length < 20000; length = length * 9 / 8 + 1) {
    Buffer buffer;  // which has no room at first
    RowWriter writer(layout, zone, buffer, false);
    const std::string field(length, 'f');
    const std::string message(3 * length, 'm');
    ASSERT_TRUE(writer.write(
        std::vector{Value::of(std::int64_t{1}), Value::of(std::string_view(field)), Value::of(std::string_view(message))}));
    ASSERT_EQ(buffer.view(), "{\"code\":1,\"field\":\"" + field + "\",\"message\":\"" + message + "\"}");
  }
}

TEST(RowWriter, MakesNoRoomForATextThatIsRefused) {
  const trainstat::Format* format = nullptr;
  ASSERT_TRUE(trainstat::find_format("ekvio.errors", format).is_ok());
  const Layout layout(*format, {}, false);
  const Zone zone;
  Buffer buffer;
  RowWriter writer(layout, zone, buffer, false);
  const std::string text(std::size_t{1} << 20U, '\xFF');
  const std::vector<Value> row = {Value::of(std::int64_t{1}), Value::of(std::string_view(text)),
                                  Value::of(std::string_view(""))};
  ASSERT_FALSE(writer.write(row));
  EXPECT_EQ(writer.refusal().code, trainstat::Code::row_refused);
  EXPECT_LT(buffer.room_end() - buffer.room(0), 100000);
}

}  // namespace
