#include "json/moment_writer.hpp"

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

}  // namespace trainstat
