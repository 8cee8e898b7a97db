// The words of one choice, each with the member that is written for it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/load.hpp"
#include "formats/column.hpp"

namespace trainstat {

/// A perfect hash of a few words of 4 to 16 bytes, found when the report opens.
class WordTable {
 public:
  /// All bytes of a word, some of them twice; none of what stands beside it.
  struct Letters {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    bool operator==(const Letters&) const = default;
  };
  struct Word {
    Letters letters;
    std::uint32_t length = 0;
    std::uint32_t size = 0;  // of the member
    char member[64] = {};    // `,"user_status":"active"`
  };

  /// `lead` is what stands before the word, its quote included. Words of other lengths are left out. False where the words are too
  /// many, their members too long, or the words too alike.
  bool fill(std::string_view lead, const Rule& rule);

  /// Null for what is none of the words.
  [[gnu::always_inline]] const Word* find(const char* text, std::size_t length) const {
    if (length - shortest > longest - shortest) return nullptr;
    const Letters letters = letters_of(text, length);
    const Word& word = words_[places_[place_of(letters)]];
    return word.length == length && word.letters == letters ? &word : nullptr;
  }

 private:
  static constexpr std::size_t shortest = 4;
  static constexpr std::size_t longest = 16;
  static constexpr std::size_t most_words = 16;

  /// Four loads that overlap, the same whatever the length: the first and the last four bytes, and four at `step` from both ends.
  [[gnu::always_inline]] static Letters letters_of(const char* text, std::size_t length) {
    const std::size_t step = length / 8 * 4;
    const char* const last = text + length - 4;
    return {load<std::uint32_t>(text) | std::uint64_t{load<std::uint32_t>(text + step)} << 32,
            load<std::uint32_t>(last) | std::uint64_t{load<std::uint32_t>(last - step)} << 32};
  }
  [[gnu::always_inline]] std::size_t place_of(const Letters& letters) const {
    return (letters.low ^ (letters.high << 7 | letters.high >> 57)) * factor_ >> 58;
  }
  bool add(std::string_view lead, std::string_view taken, std::string_view meant);
  bool place_words();

  std::uint64_t factor_ = 0;
  std::array<std::uint8_t, 64> places_{};  // in words_; of no word: its last, which is none
  std::array<Word, most_words + 1> words_;
  std::uint8_t count_ = 0;
};

}  // namespace trainstat
