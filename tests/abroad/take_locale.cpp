// Preloaded into a test: the process lives in the locale of its environment, as a desktop program does. Python, PHP and a plain
// main() take up little or nothing of it by themselves, so without this a test in another locale would prove nothing.

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <locale>

namespace {

[[gnu::constructor]] void take_locale() {
  try {
    std::locale::global(std::locale(""));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "take_locale: %s\n", failure.what());
    std::abort();
  }
  if (std::strcmp(std::localeconv()->decimal_point, ",") != 0) {
    std::fputs("take_locale: the locale does not write its decimals behind a comma\n", stderr);
    std::abort();
  }
}

}  // namespace
