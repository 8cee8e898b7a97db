#include "base/nearest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace {

constexpr std::array<std::string_view, 4> names = {"user_id", "user_status", "login", "total_time"};

TEST(NearestName, FindsLettersChangedAddedLeftOutAndSwapped) {
  for (const std::string_view typed : {"user_ib", "user_idd", "userid", "usre_id", "User_id"}) {
    EXPECT_EQ(trainstat::nearest_name(typed, names), "user_id") << typed;
  }
}

TEST(NearestName, FindsNothingFarAway) {
  for (const std::string_view typed : {"", "zzz", "completely_different"}) {
    EXPECT_FALSE(trainstat::nearest_name(typed, names)) << typed;
  }
  EXPECT_FALSE(trainstat::nearest_name(std::string(1000, 'u'), names));
}

TEST(IsShowable, KeepsWhatIsNoLineOfTextOutOfMessages) {
  EXPECT_TRUE(trainstat::is_showable("\xD0\x98\xD0\xBC\xD1\x8F"));
  for (const std::string& name :
       {std::string(), std::string("a\nb"), std::string("a\0b", 3), std::string("\xFF"), std::string(65, 'a'),
        std::string("\x7F"), std::string("a\xC2\x85"), std::string("\xE2\x80\xAE"), std::string("\xE2\x81\xA6")}) {
    EXPECT_FALSE(trainstat::is_showable(name));
  }
}

}  // namespace
