#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "guarded_text.hpp"
#include "json/text_copies.hpp"

namespace {

struct Way {
  const char* name;
  CopyText copy;
  bool html_safe;
};

std::vector<Way> ways() {
  std::vector<Way> found = {{"Plain", &copy_plain, false}, {"PlainHtmlSafe", &copy_plain_html_safe, true}};
#ifdef TRAINSTAT_WITH_AVX512
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2")) {
    found.push_back({"Wide", &copy_wide, false});
    found.push_back({"WideHtmlSafe", &copy_wide_html_safe, true});
  }
#endif
  return found;
}

class TextCopies : public testing::TestWithParam<Way> {
 protected:
  /// What is copied; "refused" where nothing is.
  static std::string copied(std::string_view text) {
    // The room that is promised ends where writable memory ends.
    static const GuardedText room(std::string(4096, '#'));
    char* const to = const_cast<char*>(room.text().data() + room.text().size() - 64 - text.size());
    char* const end = GetParam().copy(to, text.data(), text.size());
    return end == nullptr ? "refused" : std::string(to, end);
  }
  static std::string expected(std::string_view text) { return expected_with(text, GetParam().html_safe); }

 private:
  /// The same by the definition: UTF-8 of letters of one or two bytes, nothing to escape.
  static std::string expected_with(std::string_view text, bool html_safe) {
    bool is_plain = trainstat::is_utf8(text);
    for (const char letter : text) {
      const auto byte = static_cast<unsigned char>(letter);
      if (byte < 0x20 || byte >= 0xE0 || letter == '"' || letter == '\\' || (html_safe && letter == '<')) {
        is_plain = false;
      }
    }
    return is_plain ? std::string(text) : "refused";
  }
};

TEST_P(TextCopies, JudgesEveryPairOfBytesAtEveryPlaceOfABlock) {
  for (const std::size_t before : {0U, 1U, 5U, 7U, 14U, 15U, 16U, 17U, 30U, 31U, 40U, 62U, 63U, 70U}) {
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

TEST_P(TextCopies, JudgesTextsOfLettersThatCrossBlocks) {
  std::mt19937 random(7);  // NOLINT: the same texts at each run
  const std::vector<std::string> letters = {
      "a",    "\xD0\xAF", "\xC2\x80", "\xDF\xBF", "\xC0\x80", "\xC1\xBF", "\xE2\x82\xAC", "\xD0",
      "\x80", " ",        "\"",       "\\",       "<",        "\x1F",     "\x7F",         "\xF0\x9F\x98\x80"};
  for (int tries = 0; tries < 100000; ++tries) {
    std::string text;
    const std::size_t surprises = random() % 8 == 0 ? letters.size() : 4;
    const std::size_t length = random() % 150;
    while (text.size() < length) text += letters[random() % surprises];
    ASSERT_EQ(copied(text), expected(text)) << testing::PrintToString(text);
  }
}

TEST_P(TextCopies, ReadsNothingBehindTheText) {
  for (std::size_t length = 0; length < 200; ++length) {
    const GuardedText guarded(std::string(length, 'x'));
    EXPECT_EQ(copied(guarded.text()), guarded.text());
  }
}

TEST_P(TextCopies, ReadsNothingBeforeTheText) {
  for (std::size_t length = 0; length < 200; ++length) {
    const GuardedText guarded(std::string(length, 'x'), GuardedText::Side::before);
    EXPECT_EQ(copied(guarded.text()), guarded.text());
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, TextCopies, testing::ValuesIn(ways()), [](const auto& way) { return way.param.name; });

}  // namespace
