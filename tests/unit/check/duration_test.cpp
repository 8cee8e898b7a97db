#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "check/check.hpp"
#include "guarded_text.hpp"

namespace {

using namespace trainstat;

constexpr Column column{"total_time", Kind::duration, Presence::required, table::none, table::at_least(0), "Time."};

Fault check(std::string_view text, std::int64_t& seconds) {
  Cell cell;
  const Fault fault = check_duration(column, Value::of(text), cell);
  seconds = cell.integer;
  return fault;
}

TEST(Duration, AddsUpAMillionPartsExactly) {
  std::string text = "0:00:00.1";
  for (int i = 1; i < 1000000; ++i) text += i % 2 == 0 ? "+0:0:0.1" : "+PT0.1S";
  std::int64_t seconds = 0;
  EXPECT_EQ(check(text, seconds), Fault::none);
  EXPECT_EQ(seconds, 100000);
}

TEST(Duration, RoundsOnTheLastFigureOfALongFraction) {
  const std::string nines(100000, '9');
  std::int64_t seconds = 0;
  EXPECT_EQ(check("PT0.4" + nines + "S", seconds), Fault::none);
  EXPECT_EQ(seconds, 0);
  EXPECT_EQ(check("PT0.4" + nines + "S+PT0." + std::string(100000, '0') + "1S", seconds), Fault::none);
  EXPECT_EQ(seconds, 1);
}

TEST(Duration, ReadsNothingBehindTheText) {
  constexpr std::string_view whole = "P1DT2H3M4.5S+10:20:30.5+7";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const GuardedText guarded(whole.substr(0, length));
    std::int64_t seconds = 0;
    const Fault fault = check(guarded.text(), seconds);
    EXPECT_TRUE(fault == Fault::none || fault == Fault::type) << length;
  }
}

}  // namespace
