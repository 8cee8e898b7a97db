#include "json/plain_integer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace {

std::string written(std::int64_t integer) {
  char text[24];
  if (integer >= 0 && integer < 1000) return {text, trainstat::put_short_integer(text, static_cast<std::size_t>(integer))};
  return {text, trainstat::has_six_figures(integer) ? trainstat::put_six_figures(text, integer)
                                                    : trainstat::put_long_integer(text, integer)};
}

TEST(PlainInteger, OfSixFiguresMayHaveFewer) {
  char text[24];
  for (std::int64_t integer = 0; integer < 1000; ++integer) {
    ASSERT_EQ(std::string(text, trainstat::put_six_figures(text, integer)), std::to_string(integer));
  }
}

TEST(PlainInteger, IsAsTheStandardLibraryWritesIt) {
  for (std::int64_t integer = -1100; integer < 1'100'000; ++integer) ASSERT_EQ(written(integer), std::to_string(integer));
  for (std::int64_t power = 1; power < std::numeric_limits<std::int64_t>::max() / 10; power *= 10) {
    for (const std::int64_t integer : {power - 1, power, power + 1, -power, 7 * power}) {
      EXPECT_EQ(written(integer), std::to_string(integer));
    }
  }
  for (const std::int64_t integer : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(written(integer), std::to_string(integer));
  }
}

}  // namespace
