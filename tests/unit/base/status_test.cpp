#include "base/status.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/utf8.hpp"

namespace {

using trainstat::Message;

TEST(Message, IsCutBetweenLetters) {
  for (std::size_t lead = 0; lead < 8; ++lead) {
    std::string text(lead, '.');
    while (text.size() < 300) text += "\xF0\x9F\x98\x80";
    const Message message("{}", text);
    EXPECT_LE(message.view().size(), Message::capacity);
    EXPECT_GT(message.view().size(), Message::capacity - 4);
    EXPECT_TRUE(trainstat::is_utf8(message.view()));
  }
}

TEST(Message, KeepsWhatFits) {
  const std::string text(Message::capacity, 'x');
  EXPECT_EQ(Message("{}", text).view(), text);
}

}  // namespace
