#include "json/plain_text.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "guarded_text.hpp"

namespace {

constexpr char html = '<';
constexpr char no_other = '"';

/// What is copied; "refused" where nothing is.
std::string copied(std::string_view text, char other = no_other) {
  std::vector<char> to(text.size() + 16, '#');
  char* const end = trainstat::put_plain_text(to.data(), text.data(), text.size(), static_cast<std::uint8_t>(other));
  return end == nullptr ? "refused" : std::string(to.data(), end);
}

/// The same by the definition: UTF-8 of letters of one or two bytes, nothing to escape.
std::string expected(std::string_view text, char other = no_other) {
  bool is_plain = trainstat::is_utf8(text);
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte >= 0xE0 || letter == '"' || letter == '\\' || letter == other) is_plain = false;
  }
  return is_plain ? std::string(text) : "refused";
}

TEST(PlainText, JudgesEveryPairOfBytesAtEveryPlaceOfABlock) {
  for (const std::size_t before : {0U, 1U, 5U, 7U, 14U, 15U, 16U, 17U, 30U, 31U, 40U}) {
    for (const std::size_t behind : {0U, 1U, 3U, 15U, 20U}) {
      std::string text = std::string(before, 'a') + "__" + std::string(behind, 'z');
      for (unsigned pair = 0; pair < 65536; pair += before + behind < 3 ? 1 : 7) {
        text[before] = static_cast<char>(pair >> 8U);
        text[before + 1] = static_cast<char>(pair);
        ASSERT_EQ(copied(text), expected(text)) << before << ' ' << behind << ' ' << pair;
      }
    }
  }
}

TEST(PlainText, JudgesTextsOfLettersThatCrossBlocks) {
  std::mt19937 random(7);  // NOLINT: the same texts at each run
  const std::vector<std::string> letters = {
      "a",    "\xD0\xAF", "\xC2\x80", "\xDF\xBF", "\xC0\x80", "\xC1\xBF", "\xE2\x82\xAC", "\xD0",
      "\x80", " ",        "\"",       "\\",       "<",        "\x1F",     "\x7F",         "\xF0\x9F\x98\x80"};
  for (int tries = 0; tries < 100000; ++tries) {
    std::string text;
    const std::size_t surprises = random() % 8 == 0 ? letters.size() : 4;
    const std::size_t length = random() % 60;
    while (text.size() < length) text += letters[random() % surprises];
    ASSERT_EQ(copied(text), expected(text)) << testing::PrintToString(text);
    ASSERT_EQ(copied(text, html), expected(text, html)) << testing::PrintToString(text);
  }
}

TEST(PlainText, ReadsNothingBehindTheText) {
  for (std::size_t length = 0; length < 100; ++length) {
    const GuardedText guarded(std::string(length, 'x'));
    EXPECT_EQ(copied(guarded.text()), guarded.text());
  }
}

}  // namespace
