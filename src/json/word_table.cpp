#include "json/word_table.hpp"

#include <algorithm>
#include <cstring>

namespace trainstat {
namespace {

bool needs_no_escape(std::string_view word) {
  return std::ranges::all_of(
      word, [](char letter) { return letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\' && letter != '<'; });
}

}  // namespace

bool WordTable::fill(std::string_view lead, const Rule& rule) {
  for (const std::string_view word : rule.words) {
    if (!add(lead, word, word)) return false;
  }
  for (const OtherWord& other : rule.other_words) {
    if (!add(lead, other.taken, other.meant)) return false;
  }
  words_.back().length = ~0U;  // the length of no text
  constexpr int most_tries = 1000;
  constexpr std::uint64_t step = 0x9E3779B97F4A7C15U;  // the golden ratio of 2^64
  factor_ = step;
  for (int tries = 0; tries < most_tries; ++tries, factor_ += 2 * step) {
    if (place_words()) return true;
  }
  return false;
}

bool WordTable::add(std::string_view lead, std::string_view taken, std::string_view meant) {
  if (taken.size() < shortest || taken.size() > longest) return true;
  const std::size_t size = lead.size() + meant.size() + 1;
  if (count_ == most_words || size > sizeof Word::member || !needs_no_escape(meant)) return false;
  Word& word = words_[count_++];
  char* to = word.member;
  for (const std::string_view part : {lead, meant, std::string_view("\"")}) {
    std::memcpy(to, part.data(), part.size());
    to += part.size();
  }
  word.letters = letters_of(taken.data(), taken.size());
  word.length = static_cast<std::uint32_t>(taken.size());
  word.size = static_cast<std::uint32_t>(size);
  return true;
}

bool WordTable::place_words() {
  places_.fill(most_words);
  for (std::uint8_t word = 0; word < count_; ++word) {
    std::uint8_t& place = places_[place_of(words_[word].letters)];
    if (place != most_words) return false;
    place = word;
  }
  return true;
}

}  // namespace trainstat
