// Words of memory at any address.
#pragma once

#include <cstring>

namespace trainstat {

template <class Word>
[[gnu::always_inline]] inline Word load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

template <class Word>
[[gnu::always_inline]] inline void store(char* to, Word word) {
  std::memcpy(to, &word, sizeof word);
}

}  // namespace trainstat
