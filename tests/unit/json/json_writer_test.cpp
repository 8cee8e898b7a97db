#include "json/json_writer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using trainstat::Buffer;
using trainstat::JsonWriter;

std::string written(std::string_view text, bool html_safe) {
  Buffer buffer;
  JsonWriter json(buffer, html_safe);
  json.text(text);
  return std::string(buffer.view());
}

TEST(JsonWriter, EscapesEveryControlCharacter) {
  for (int code = 0; code < 0x20; ++code) {
    const std::string text = written(std::string(1, static_cast<char>(code)), false);
    ASSERT_GE(text.size(), 4U) << code;
    EXPECT_EQ(text[1], '\\') << code;
  }
  EXPECT_EQ(written(std::string_view("\0\x1F\x1A\b\f\n\r\t\"\\/\x7F", 12), false), R"("\u0000\u001F\u001A\b\f\n\r\t\"\\/)"
                                                                                   "\x7F\"");
}

TEST(JsonWriter, EscapesWhereverInATextTheByteStands) {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int code = 0; code < 256; ++code) {
        std::string text(length, 'a');
        text[at] = static_cast<char>(code);
        const bool is_escaped = code < 0x20 || code == '"' || code == '\\';
        ASSERT_EQ(written(text, false) == '"' + text + '"', !is_escaped) << length << ' ' << at << ' ' << code;
      }
    }
  }
}

TEST(JsonWriter, EscapesForPagesOnlyWhenAsked) {
  constexpr std::string_view text = "a<\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA7\xC2\xA8\xE2\x81\xA8";
  EXPECT_EQ(written(text, false), '"' + std::string(text) + '"');
  EXPECT_EQ(written(text, true), "\"a\\u003C\\u2028\\u2029\xE2\x80\xA7\xC2\xA8\xE2\x81\xA8\"");
}

TEST(JsonWriter, BeginsAnewAfterARowThatWasGivenUp) {
  Buffer buffer;
  JsonWriter json(buffer, false);
  json.begin_object();
  json.key("half");
  buffer.truncate(0);
  json.restart();
  json.begin_object();
  json.key("a");
  json.integer(1);
  json.end_object();
  EXPECT_EQ(buffer.view(), R"({"a":1})");
}

TEST(JsonWriter, ThrowsWhereTheDocumentWouldBeBroken) {
  Buffer buffer;
  JsonWriter json(buffer, false);
  json.begin_object();
  EXPECT_THROW(json.integer(1), std::logic_error);
}

}  // namespace
