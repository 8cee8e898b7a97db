// Dates and times of day as figures. The proleptic Gregorian calendar, years 1 to 9999.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace trainstat {

/// A date and a time of day on some clock; which clock, its owner knows.
struct CivilTime {
  int year = 1;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;

  bool is_real() const;
};

/// Seconds since 1970-01-01 00:00:00 on the same clock -> figures; none outside the years 1 to 9999.
std::optional<CivilTime> civil_from_seconds(std::int64_t seconds);

/// Reads a pattern of figures: `Y`, `M`, `D`, `h`, `m`, `s` stand for one figure each, all else for itself. False where the text
/// does not have the shape; the figures read may still be no real date.
bool read_civil(std::string_view text, std::string_view pattern, CivilTime& time);

/// Writes `Y`, `M`, `D`, `h`, `m`, `s` of a pattern as one figure each, all else as itself; returns one past the end.
char* write_civil(char* to, std::string_view pattern, const CivilTime& time);

}  // namespace trainstat
