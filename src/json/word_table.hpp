// The words of one choice, each with the member that is written for it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "formats/column.hpp"
#include "json/text_block.hpp"

namespace trainstat {

/// A perfect hash of a few short words, found when the report opens.
class WordTable {
 public:
  struct Word {
    TextBlock text{};  // spaces behind it
    std::uint32_t length = 0;
    std::uint32_t size = 0;  // of the member
    char member[64] = {};    // `,"user_status":"active"`
  };

  /// `lead` is what stands before the word, its quote included. False where the words are too many, too long or too alike.
  bool fill(std::string_view lead, const Rule& rule);

  /// Null for what is none of the words.
  const Word* find(const char* text, std::size_t length) const {
    if (length > sizeof(TextBlock)) return nullptr;
    const TextBlock block = length < sizeof(TextBlock) ? load_short(text, length) : load_block(text);
    const Word& word = words_[places_[place_of(block)]];
    return word.length == length && is_zero(block ^ word.text) ? &word : nullptr;
  }

 private:
  static constexpr std::size_t most_words = 16;

  std::size_t place_of(TextBlock block) const {
    using Halves = std::uint64_t __attribute__((vector_size(16)));
    const auto halves = reinterpret_cast<Halves>(block);
    return (halves[0] ^ (halves[1] << 7)) * factor_ >> 58;
  }
  bool add(std::string_view lead, std::string_view taken, std::string_view meant);
  bool place_words();

  std::uint64_t factor_ = 0;
  std::array<std::uint8_t, 64> places_{};  // in words_; of no word: its last, which is none
  std::array<Word, most_words + 1> words_;
  std::uint8_t count_ = 0;
};

}  // namespace trainstat
