#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

#include "guarded_text.hpp"

namespace {

using trainstat::is_utf8;

/// By decoding, as the definition says: shortest form, no surrogates, at most U+10FFFF.
bool decodes(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = static_cast<unsigned char>(text[i]);
    std::size_t tail = 0;
    unsigned least = 0;
    unsigned code = lead;
    if (lead >= 0x80) {
      if ((lead & 0xE0U) == 0xC0U) {
        tail = 1, least = 0x80, code = lead & 0x1FU;
      } else if ((lead & 0xF0U) == 0xE0U) {
        tail = 2, least = 0x800, code = lead & 0x0FU;
      } else if ((lead & 0xF8U) == 0xF0U) {
        tail = 3, least = 0x10000, code = lead & 0x07U;
      } else {
        return false;
      }
    }
    if (i + tail >= text.size()) return false;
    for (std::size_t j = 1; j <= tail; ++j) {
      const unsigned next = static_cast<unsigned char>(text[i + j]);
      if ((next & 0xC0U) != 0x80U) return false;
      code = code << 6U | (next & 0x3FU);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    i += tail + 1;
  }
  return true;
}

TEST(Utf8, AgreesWithDecodingOnEverySequenceOfThreeBytes) {
  std::string text(3, '\0');
  for (unsigned bytes = 0; bytes < 1U << 24U; ++bytes) {
    text[0] = static_cast<char>(bytes >> 16U);
    text[1] = static_cast<char>(bytes >> 8U);
    text[2] = static_cast<char>(bytes);
    ASSERT_EQ(is_utf8(text), decodes(text)) << bytes;
  }
}

TEST(Utf8, AgreesWithDecodingOnEveryLeadAndSecondByteOfFour) {
  std::string text(4, '\x80');
  for (unsigned lead = 0; lead < 256; ++lead) {
    for (unsigned second = 0; second < 256; ++second) {
      for (const char last : {'\x7F', '\x80', '\xBF', '\xC0'}) {
        text = {static_cast<char>(lead), static_cast<char>(second), '\xBF', last};
        ASSERT_EQ(is_utf8(text), decodes(text)) << lead << ' ' << second;
      }
    }
  }
}

TEST(Utf8, FindsEveryIllFormedByteAtEveryPlaceOfAText) {
  for (std::size_t length = 1; length < 70; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'a');
      text[at] = '\xC3';
      EXPECT_FALSE(is_utf8(text)) << length << ' ' << at;
      if (at + 1 < length) {
        text[at + 1] = '\xA9';
        EXPECT_TRUE(is_utf8(text)) << length << ' ' << at;
      }
    }
  }
}

TEST(Utf8, ReadsNothingBehindTheText) {
  for (const std::string_view tail : {"", "a", "\xD0\xAF", "\xD0", "\xE2\x82", "\xF0\x9F\x98", "\xF0\x9F", "\xE2"}) {
    for (std::size_t length = 0; length < 40; ++length) {
      const std::string text = std::string(length, 'x').append(tail);
      const GuardedText guarded(text);
      EXPECT_EQ(is_utf8(guarded.text()), decodes(text));
    }
  }
}

}  // namespace
