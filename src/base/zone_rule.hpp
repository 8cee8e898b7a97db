// POSIX TZ texts such as `CET-1CEST,M3.5.0,M10.5.0/3`, as TZif files close with.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace trainstat {

/// The rules behind a zone's last transition: the POSIX TZ text that closes a TZif file (RFC 8536, 3.3).
struct ZoneRule {
  struct Day {
    enum class Kind { julian, ordinal, weekday };  // Jn without Feb 29, n from 0, Mm.w.d
    Kind kind = Kind::ordinal;
    int month = 0;
    int week = 0;
    int day = 0;
    std::int32_t time = 0;  // seconds after 00:00 local, may be negative or beyond a day
  };
  std::int32_t standard = 0;
  std::int32_t daylight = 0;
  bool has_daylight = false;
  Day begin;  // of daylight time
  Day end;
};

/// None where the text is none, or has daylight time without rules.
std::optional<ZoneRule> read_zone_rule(std::string_view text);

/// The day's begin plus its time, in local seconds since 1970 of a year.
std::int64_t local_seconds_of(const ZoneRule::Day& day, int year);

}  // namespace trainstat
