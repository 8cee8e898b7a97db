#include "base/calendar.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <string>

namespace {

using trainstat::CivilTime;

TEST(Calendar, AgreesWithTheSystemOnEveryDayOfTheYearsOneToNineThousandNineHundredNinetyNine) {
  constexpr std::int64_t first = -62135596800;
  for (std::int64_t seconds = first + 12345; seconds < 253402300800; seconds += 86399) {
    const auto moment = static_cast<std::time_t>(seconds);
    std::tm figures{};
    ASSERT_NE(::gmtime_r(&moment, &figures), nullptr);
    const auto time = trainstat::civil_from_seconds(seconds);
    ASSERT_TRUE(time);
    ASSERT_EQ(time->year, figures.tm_year + 1900);
    ASSERT_EQ(time->month, figures.tm_mon + 1);
    ASSERT_EQ(time->day, figures.tm_mday);
    ASSERT_EQ(time->hour * 3600 + time->minute * 60 + time->second,
              figures.tm_hour * 3600 + figures.tm_min * 60 + figures.tm_sec);
    ASSERT_TRUE(time->is_real());
  }
}

TEST(Calendar, EndsWithTheYearNineThousandNineHundredNinetyNine) {
  EXPECT_FALSE(trainstat::civil_from_seconds(-62135596801));
  EXPECT_TRUE(trainstat::civil_from_seconds(-62135596800));
  EXPECT_TRUE(trainstat::civil_from_seconds(253402300799));
  EXPECT_FALSE(trainstat::civil_from_seconds(253402300800));
}

TEST(Calendar, WritesWhatItReads) {
  constexpr std::string_view pattern = "YYYY-MM-DD hh:mm:ss";
  CivilTime time;
  ASSERT_TRUE(trainstat::read_civil("0987-06-05 04:03:02", pattern, time));
  std::string text(pattern.size(), ' ');
  EXPECT_EQ(trainstat::write_civil(text.data(), pattern, time), text.data() + text.size());
  EXPECT_EQ(text, "0987-06-05 04:03:02");
}

TEST(Calendar, ReadsOnlyTheShapeAsked) {
  CivilTime time;
  for (const std::string_view text : {"2019-02-3", "2019-02-300", "2019/02/03", "2019-O2-03", " 019-02-03", "+019-02-03"}) {
    EXPECT_FALSE(trainstat::read_civil(text, "YYYY-MM-DD", time)) << text;
  }
}

}  // namespace
