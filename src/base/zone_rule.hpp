// POSIX TZ texts such as `CET-1CEST,M3.5.0,M10.5.0/3`, as TZif files close with.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/zone.hpp"

namespace trainstat {

/// None where the text is none, or has daylight time without rules.
std::optional<ZoneRule> read_zone_rule(std::string_view text);

/// The day's begin plus its time, in local seconds since 1970 of a year.
std::int64_t local_seconds_of(const ZoneRule::Day& day, int year);

}  // namespace trainstat
