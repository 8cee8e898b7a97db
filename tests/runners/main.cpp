// Takes the environment's locale, as a host may have: the vectors must hold in every one.
#include <gtest/gtest.h>

#include <clocale>
#include <locale>

int main(int count, char** texts) {
  if (std::setlocale(LC_ALL, "") != nullptr) std::locale::global(std::locale(""));
  testing::InitGoogleTest(&count, texts);
  return RUN_ALL_TESTS();
}
