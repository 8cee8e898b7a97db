#include "json/moment_writer.hpp"

#include <chrono>
#include <cstring>

#include "base/calendar.hpp"

namespace trainstat {

void MomentWriter::find(Stretch& stretch, std::int64_t seconds) const {
  const Zone::Stretch found = zone_.stretch_at(seconds);
  const std::int32_t minutes = found.offset / 60;  // as check_moment() cuts offsets that have seconds
  const std::int32_t size = minutes < 0 ? -minutes : minutes;
  stretch = {found.begin, found.end, std::int64_t{minutes} * 60, {}};
  stretch.text[0] = minutes < 0 ? '-' : '+';
  CivilTime clock;
  clock.hour = size / 60;
  clock.minute = size % 60;
  write_civil(stretch.text + 1, "hh:mm\"", clock);
}

void MomentWriter::find(Day& day, std::uint32_t number) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{number}}};
  const auto year = static_cast<std::uint32_t>(static_cast<int>(date.year()));
  char text[sizeof day.text + 1];
  put_two(text, year / 100, '\0');
  put_two(text + 2, year % 100, '-');
  put_two(text + 5, static_cast<unsigned>(date.month()), '-');
  put_two(text + 8, static_cast<unsigned>(date.day()), 'T');
  std::memcpy(day.text, text, sizeof day.text);
  day.number = number;
}

}  // namespace trainstat
