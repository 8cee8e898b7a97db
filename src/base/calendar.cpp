#include "base/calendar.hpp"

#include <array>
#include <chrono>

namespace trainstat {
namespace {

constexpr std::int64_t seconds_of(std::chrono::sys_days day) {
  return std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count();
}

constexpr std::string_view letters = "YMDhms";

}  // namespace

bool CivilTime::is_real() const {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  return year >= 1 && year <= 9999 && date.ok() && hour <= 23 && minute <= 59 && second <= 59;
}

std::optional<CivilTime> civil_from_seconds(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::int64_t first = seconds_of(sys_days{year{1} / January / 1});
  constexpr std::int64_t end = seconds_of(sys_days{year{10000} / January / 1});
  if (seconds < first || seconds >= end) return std::nullopt;
  const sys_seconds moment{std::chrono::seconds{seconds}};
  const sys_days midnight = floor<days>(moment);
  const year_month_day date{midnight};
  const auto rest = static_cast<int>((moment - midnight).count());
  return CivilTime{static_cast<int>(date.year()),
                   static_cast<int>(static_cast<unsigned>(date.month())),
                   static_cast<int>(static_cast<unsigned>(date.day())),
                   rest / 3600,
                   rest / 60 % 60,
                   rest % 60};
}

bool read_civil(std::string_view text, std::string_view pattern, CivilTime& time) {
  if (text.size() != pattern.size()) return false;
  std::array<int, letters.size()> figures{};
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::size_t letter = letters.find(pattern[i]);
    if (letter == std::string_view::npos) {
      if (text[i] != pattern[i]) return false;
    } else {
      if (text[i] < '0' || text[i] > '9') return false;
      figures[letter] = figures[letter] * 10 + (text[i] - '0');
    }
  }
  time = {figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]};
  return true;
}

char* write_civil(char* to, std::string_view pattern, const CivilTime& time) {
  std::array<int, letters.size()> figures{time.year, time.month, time.day, time.hour, time.minute, time.second};
  char* const end = to + pattern.size();
  for (std::size_t i = pattern.size(); i-- > 0;) {
    const std::size_t letter = letters.find(pattern[i]);
    if (letter == std::string_view::npos) {
      to[i] = pattern[i];
    } else {
      to[i] = static_cast<char>('0' + figures[letter] % 10);
      figures[letter] /= 10;
    }
  }
  return end;
}

}  // namespace trainstat
