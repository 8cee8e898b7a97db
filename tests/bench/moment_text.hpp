// Moments in UTC as text, worked out by hand for the peers: the C library's ways are slower.
#pragma once

#include <cstdint>
#include <string_view>

namespace bench {

/// `2020-12-01T15:52:01+00:00`.
class MomentText {
 public:
  static constexpr std::size_t size_of_date = 10;
  static constexpr std::size_t size_of_local = 19;

  /// Days and seconds to the calendar (Howard Hinnant's civil_from_days). `between` the date and the time.
  explicit MomentText(std::int64_t seconds, char between = 'T') {
    const std::int64_t days = seconds / 86400 + 719468;
    const std::int64_t era = days / 146097;
    const std::int64_t day_of_era = days - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted = (5 * day_of_year + 2) / 153;
    const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    text_[size_of_date] = between;
    put(0, 4, year_of_era + era * 400 + (month <= 2 ? 1 : 0));
    put(5, 2, month);
    put(8, 2, day_of_year - (153 * shifted + 2) / 5 + 1);
    put(11, 2, seconds / 3600 % 24);
    put(14, 2, seconds / 60 % 60);
    put(17, 2, seconds % 60);
  }

  std::string_view view() const { return {text_, sizeof text_ - 1}; }

 private:
  void put(int place, int figures, std::int64_t figure) {
    for (int at = place + figures - 1; at >= place; --at, figure /= 10) text_[at] = static_cast<char>('0' + figure % 10);
  }

  char text_[26] = {'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0', '0',
                    ':', '0', '0', ':', '0', '0', '+', '0', '0', ':', '0', '0', '\0'};
};

}  // namespace bench
