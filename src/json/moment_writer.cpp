#include "json/moment_writer.hpp"

#include <algorithm>

#include "base/calendar.hpp"

namespace trainstat {

bool MomentWriter::find(std::int64_t seconds) {
  constexpr std::int64_t margin = 2 * 86400;  // more than any offset
  constexpr std::int64_t first = margin;
  constexpr std::int64_t last = 4102444800 - margin;  // 2100-01-01
  if (seconds < first || seconds >= last) return false;
  const Zone::Stretch found = zone_.stretch_at(seconds);
  if (found.offset % 60 != 0) return false;
  const std::int32_t minutes = found.offset / 60;
  const std::int32_t size = minutes < 0 ? -minutes : minutes;
  Stretch& stretch = stretches_[place_of(seconds)];
  stretch = {std::max(found.begin, first), std::min(found.end, last), found.offset, {}};
  stretch.text[0] = minutes < 0 ? '-' : '+';
  CivilTime clock;
  clock.hour = size / 60;
  clock.minute = size % 60;
  write_civil(stretch.text + 1, "hh:mm\"", clock);
  return true;
}

}  // namespace trainstat
