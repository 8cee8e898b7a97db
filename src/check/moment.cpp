#include <array>

#include "base/calendar.hpp"
#include "check/check.hpp"

namespace trainstat {
namespace {

constexpr std::string_view moment_pattern = "YYYY-MM-DDThh:mm:ss";
constexpr std::string_view local_pattern = "YYYY-MM-DD hh:mm:ss";
constexpr std::string_view date_pattern = "YYYY-MM-DD";
constexpr std::string_view utc = "+00:00";

/// Years 0 to 10000, so that a zone may still move a moment into the years 1 to 9999.
constexpr std::int64_t earliest = -62167219200;
constexpr std::int64_t latest = 253433923200;

/// Unix seconds: an integer, or the text of one.
bool read_seconds(const Value& value, std::int64_t& seconds) {
  if (value.kind == Value::Kind::integer) {
    seconds = value.integer;
    return true;
  }
  return value.kind == Value::Kind::text && read_integer(value.text(), seconds);
}

bool on_clock(std::int64_t seconds, std::int32_t offset, CivilTime& time) {
  const std::optional<CivilTime> found = civil_from_seconds(seconds + offset);
  if (found) time = *found;
  return found.has_value();
}

void write_time(Cell& cell, std::string_view pattern, const CivilTime& time, std::string_view offset = {}) {
  std::array<char, 32> text;
  char* const end = write_civil(text.data(), pattern, time);
  cell.scratch.assign(text.data(), end);
  cell.scratch.append(offset);
  cell.be_scratch(Cell::Form::text);
}

/// What local moments and dates share: a clock reading, from Unix seconds or as it stands.
Fault check_reading(const Value& value, std::string_view pattern, const Zone& zone, Cell& cell) {
  CivilTime time;
  std::int64_t seconds = 0;
  if (read_seconds(value, seconds)) {
    if (seconds < earliest || seconds >= latest) return Fault::calendar;
    if (!on_clock(seconds, zone.offset_at(seconds), time)) return Fault::calendar;
  } else {
    if (value.kind != Value::Kind::text || !read_civil(value.text(), pattern, time)) return Fault::type;
    if (!time.is_real()) return Fault::calendar;
  }
  write_time(cell, pattern, time);
  return Fault::none;
}

}  // namespace

Fault check_moment(const Value& value, const Zone& zone, Cell& cell) {
  CivilTime time;
  std::int64_t seconds = 0;
  if (read_seconds(value, seconds)) {
    if (seconds < earliest || seconds >= latest) return Fault::calendar;
    // Offsets before standard time have seconds, which the format cannot carry: cut to minutes the text still names the moment.
    const std::int32_t minutes = zone.offset_at(seconds) / 60;
    if (!on_clock(seconds, minutes * 60, time)) return Fault::calendar;
    const std::int32_t size = minutes < 0 ? -minutes : minutes;
    std::array<char, 6> offset;
    CivilTime clock;
    clock.hour = size / 60;
    clock.minute = size % 60;
    offset[0] = minutes < 0 ? '-' : '+';
    write_civil(offset.data() + 1, "hh:mm", clock);
    write_time(cell, moment_pattern, time, {offset.data(), offset.size()});
    return Fault::none;
  }
  if (value.kind != Value::Kind::text || value.text().size() < moment_pattern.size()) return Fault::type;
  if (!read_civil(value.text().substr(0, moment_pattern.size()), moment_pattern, time)) return Fault::type;
  std::string_view offset = value.text().substr(moment_pattern.size());
  if (offset == "Z") offset = utc;
  std::int32_t east = 0;
  const OffsetText found = read_offset(offset, east);
  if (found == OffsetText::misshapen) return Fault::type;
  if (!time.is_real()) return Fault::calendar;
  if (found == OffsetText::out_of_range) return Fault::offset;
  write_time(cell, moment_pattern, time, offset);
  return Fault::none;
}

Fault check_local_moment(const Value& value, const Zone& zone, Cell& cell) {
  return check_reading(value, local_pattern, zone, cell);
}

Fault check_date(const Value& value, const Zone& zone, Cell& cell) { return check_reading(value, date_pattern, zone, cell); }

}  // namespace trainstat
