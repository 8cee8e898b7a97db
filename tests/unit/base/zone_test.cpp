#include "base/zone.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "base/zone_rule.hpp"

namespace {

using trainstat::Zone;

std::string file_of(const std::string& name) {
  std::ifstream stream("/usr/share/zoneinfo/" + name, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

/// A TZif file of version 2 with one type at offset 0 and this footer.
std::string with_footer(const std::string& footer) {
  std::string block = "TZif2" + std::string(15 + 4 * 4, '\0') + std::string("\0\0\0\1\0\0\0\4", 8);
  const std::string type = std::string(6, '\0') + std::string("UTC\0", 4);
  return block + type + block + type + "\n" + footer + "\n";
}

constexpr std::int64_t january_2050 = 2524608000;
constexpr std::int64_t july_2050 = 2540246400;

TEST(Zone, KnowsTheRulesBehindTheLastTransition) {
  const auto berlin = Zone::named("Europe/Berlin");
  ASSERT_TRUE(berlin);
  EXPECT_EQ(berlin->offset_at(july_2050), 7200);
  EXPECT_EQ(berlin->offset_at(january_2050), 3600);
  EXPECT_EQ(berlin->offset_at(july_2050 + std::int64_t{86400} * 146097 * 10), 7200);
}

TEST(Zone, KeepsItsAnswersWhateverWasAskedBefore) {
  const auto asked_on = Zone::named("America/New_York");
  ASSERT_TRUE(asked_on);
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> moments(-5000000000, 9000000000);
  for (int i = 0; i < 5000; ++i) {
    const std::int64_t moment = moments(random);
    ASSERT_EQ(asked_on->offset_at(moment), Zone::named("America/New_York")->offset_at(moment)) << moment;
  }
}

TEST(Zone, TakesNoNameThatLeavesTheDatabaseOrIsAMachinesOwn) {
  for (const std::string_view name : {"",
                                      "/",
                                      "/etc/localtime",
                                      "../zoneinfo/Europe/Berlin",
                                      "Europe/../Europe/Berlin",
                                      "Europe//Berlin",
                                      "Europe/",
                                      "Europe",
                                      "./Europe/Berlin",
                                      "localtime",
                                      "posixrules",
                                      "right/Europe/Berlin",
                                      "Europe/Berlin\n",
                                      "tzdata.zi",
                                      "+3:00",
                                      "+18:01",
                                      "+03:60",
                                      "03:00",
                                      "+03:00 ",
                                      "Z"}) {
    EXPECT_FALSE(Zone::named(name)) << name;
  }
  EXPECT_FALSE(Zone::named(std::string_view("Europe/Berlin\0", 14)));
  EXPECT_FALSE(Zone::named(std::string(5000, 'A')));
}

TEST(Zone, RefusesEveryCutOffFile) {
  const std::string bytes = file_of("Europe/Berlin");
  ASSERT_TRUE(Zone::from_tzif(bytes));
  for (std::size_t length = 0; length + 1 < bytes.size(); ++length) {
    EXPECT_FALSE(Zone::from_tzif(std::string_view(bytes).substr(0, length))) << length;
  }
}

TEST(Zone, AnswersWithinADayForAnyFileThatItTakes) {
  const std::string bytes = file_of("Africa/Casablanca");
  ASSERT_FALSE(bytes.empty());
  std::mt19937_64 random(11);
  for (int i = 0; i < 20000; ++i) {
    std::string changed = bytes;
    for (int times = 0; times < 3; ++times) changed[random() % changed.size()] = static_cast<char>(random());
    const auto zone = Zone::from_tzif(changed);
    if (!zone) continue;
    for (const std::int64_t moment : {std::int64_t{-62135596800}, std::int64_t{0}, july_2050, std::int64_t{253402300799}}) {
      EXPECT_LE(std::abs(zone->offset_at(moment)), 26 * 3600);
    }
  }
}

TEST(Zone, RefusesFilesThatCountLeapSeconds) {
  const std::string bytes = file_of("right/Europe/Berlin");
  if (bytes.empty()) GTEST_SKIP() << "this system's database has no leap-second zones";
  EXPECT_FALSE(Zone::from_tzif(bytes));
}

TEST(ZoneRule, HasDaylightTimeAllYearWhereTheRuleSaysSo) {
  const auto zone = Zone::from_tzif(with_footer("EST5EDT,0/0,J365/25"));
  ASSERT_TRUE(zone);
  for (std::int64_t moment = january_2050; moment < january_2050 + 366 * 86400; moment += 3600) {
    ASSERT_EQ(zone->offset_at(moment), -4 * 3600) << moment;
  }
}

TEST(ZoneRule, ChangesAtTheSecondTheRuleNames) {
  struct Change {
    std::string footer;
    std::int64_t at;
    std::int32_t before;
    std::int32_t after;
  };
  const Change changes[] = {
      {"CET-1CEST,M3.5.0,M10.5.0/3", 2531955600, 3600, 7200},  // 2050-03-27 01:00 UTC
      {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2548251000, 37800, 39600},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", 2531955600, 0, 3600},            // winter time is the daylight time
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2531955600, -7200, -3600},  // a time before midnight
      {"XXX3", january_2050, -10800, -10800},
  };
  for (const Change& change : changes) {
    const auto zone = Zone::from_tzif(with_footer(change.footer));
    ASSERT_TRUE(zone) << change.footer;
    EXPECT_EQ(zone->offset_at(change.at - 1), change.before) << change.footer;
    EXPECT_EQ(zone->offset_at(change.at), change.after) << change.footer;
  }
}

TEST(ZoneRule, ReadsJulianDaysWithoutLeapDays) {
  using Day = trainstat::ZoneRule::Day;
  const Day sixtieth{Day::Kind::julian, 0, 0, 60, 0};
  EXPECT_EQ(trainstat::local_seconds_of(sixtieth, 2048), 2466633600);  // 2048-03-01
  EXPECT_EQ(trainstat::local_seconds_of(sixtieth, 2049), 2498169600);  // 2049-03-01
}

TEST(ZoneRule, RefusesTextsThatAreNone) {
  for (const std::string_view text : {"", "E", "EST", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,", "EST25",
                                      "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
                                      "EST5EDT,J0,J1", "EST5EDT,366,1", "<EST5", "EST5EDT,M3.2.0,M11.1.0x", "EST5:60"}) {
    EXPECT_FALSE(trainstat::read_zone_rule(text)) << text;
  }
}

}  // namespace
