// Values of Arrow's that become text for a cell: decimals, and times that stand on no clock.
#pragma once

#include <cstdint>
#include <string_view>

namespace trainstat {

/// Room for what the writers below write, but decimals.
constexpr std::size_t time_room = 40;

/// Room for a decimal of that scale.
std::size_t decimal_room(std::int32_t scale);

/// A two's complement integer of `width` bytes, 32 at most and little endian, with so many of its figures behind the point:
/// `-12.50`. A negative scale adds zeros.
std::string_view write_decimal(const char* integer, std::uint32_t width, std::int32_t scale, char* to);

/// Days since 1970-01-01 as `YYYY-MM-DD`. Outside the years 1 to 9999 it is a text of that shape that is no date.
std::string_view write_date(std::int64_t days, char* to);

/// Seconds since 1970-01-01 00:00:00 on whatever clock, as `YYYY-MM-DD hh:mm:ss`, and likewise.
std::string_view write_reading(std::int64_t seconds, char* to);

/// `PT1.5S`, exactly; a negative one gets a sign, which no column takes.
std::string_view write_span(std::int64_t count, std::int64_t per_second, char* to);

}  // namespace trainstat
