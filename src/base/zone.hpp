// Offsets from UTC: a fixed one, or a zone's history and rules from the system's tz database.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/zone_rule.hpp"

namespace trainstat {

/// `+hh:mm` or `-hh:mm` within +-18:00 -> seconds east of UTC.
enum class OffsetText { ok, misshapen, out_of_range };
OffsetText read_offset(std::string_view text, std::int32_t& seconds);

/// One thread at a time: the last stretch of constant offset asked for is remembered.
class Zone {
 public:
  /// UTC.
  Zone() = default;

  /// An offset such as `+03:00`, or a name of the system's tz database such as `Europe/Moscow`. None where it is neither; a name
  /// that leads out of the database is none.
  static std::optional<Zone> named(std::string_view name);

  /// The bytes of a TZif file, version 1 to 4. None where they are not one, or count leap seconds.
  static std::optional<Zone> from_tzif(std::string_view bytes);

  /// Seconds east of UTC at a moment in Unix seconds, which must lie in the years 0 to 10000.
  std::int32_t offset_at(std::int64_t seconds) const {
    if (seconds < stretch_.begin || seconds >= stretch_.end) stretch_ = stretch_at(seconds);
    return stretch_.offset;
  }

  /// A stretch of constant offset: begin <= t < end.
  struct Stretch {
    std::int64_t begin = std::numeric_limits<std::int64_t>::min();
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
    std::int32_t offset = 0;
  };

  /// The one around a moment, for those who remember it themselves.
  Stretch stretch_at(std::int64_t seconds) const;

 private:
  struct Transition {
    std::int64_t at = 0;
    std::int32_t offset = 0;
  };

  Stretch ruled_stretch_at(std::int64_t seconds, std::int64_t from) const;

  std::int32_t first_offset_ = 0;  // before the first transition
  std::vector<Transition> transitions_;
  std::optional<ZoneRule> rule_;
  mutable Stretch stretch_;
};

}  // namespace trainstat
