#include "base/zone_rule.hpp"

#include <chrono>

namespace trainstat {
namespace {

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool at_end() const { return rest_.empty(); }
  bool at(char expected) const { return !rest_.empty() && rest_.front() == expected; }

  /// An abbreviation: three letters or more, or anything in angle brackets. It is not kept: nothing writes it.
  bool skip_name() {
    std::size_t length = 0;
    if (take('<')) {
      while (length < rest_.size() && rest_[length] != '>') ++length;
      rest_.remove_prefix(length);
      return take('>') && length >= 3;
    }
    while (length < rest_.size() && ((rest_[length] | 0x20) >= 'a' && (rest_[length] | 0x20) <= 'z')) ++length;
    rest_.remove_prefix(length);
    return length >= 3;
  }

  bool number(int low, int high, int& value) {
    value = 0;
    std::size_t length = 0;
    for (; length < rest_.size() && length < 4 && rest_[length] >= '0' && rest_[length] <= '9'; ++length) {
      value = value * 10 + (rest_[length] - '0');
    }
    rest_.remove_prefix(length);
    return length > 0 && value >= low && value <= high;
  }

  /// [+-]h[h[h]][:mm[:ss]]
  bool seconds(int most_hours, std::int32_t& value) {
    const bool negative = at('-');
    if (negative || at('+')) rest_.remove_prefix(1);
    int hours = 0;
    int minutes = 0;
    int rest = 0;
    if (!number(0, most_hours, hours)) return false;
    if (take(':')) {
      if (!number(0, 59, minutes)) return false;
      if (take(':') && !number(0, 59, rest)) return false;
    }
    value = (negative ? -1 : 1) * (hours * 3600 + minutes * 60 + rest);
    return true;
  }

  bool day(ZoneRule::Day& day) {
    using Kind = ZoneRule::Day::Kind;
    if (take('J')) {
      day.kind = Kind::julian;
      if (!number(1, 365, day.day)) return false;
    } else if (take('M')) {
      day.kind = Kind::weekday;
      if (!number(1, 12, day.month) || !take('.') || !number(1, 5, day.week) || !take('.') || !number(0, 6, day.day))
        return false;
    } else {
      day.kind = Kind::ordinal;
      if (!number(0, 365, day.day)) return false;
    }
    day.time = 2 * 3600;
    return !take('/') || seconds(167, day.time);
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<ZoneRule> read_zone_rule(std::string_view text) {
  RuleReader reader(text);
  ZoneRule rule;
  if (!reader.skip_name() || !reader.seconds(24, rule.standard)) return std::nullopt;
  rule.standard = -rule.standard;  // POSIX counts west of Greenwich
  if (reader.at_end()) return rule;
  rule.has_daylight = true;
  if (!reader.skip_name()) return std::nullopt;
  rule.daylight = rule.standard + 3600;
  if (!reader.at(',')) {
    if (!reader.seconds(24, rule.daylight)) return std::nullopt;
    rule.daylight = -rule.daylight;
  }
  if (!reader.take(',') || !reader.day(rule.begin) || !reader.take(',') || !reader.day(rule.end)) return std::nullopt;
  if (!reader.at_end()) return std::nullopt;
  return rule;
}

std::int64_t local_seconds_of(const ZoneRule::Day& day, int year) {
  using namespace std::chrono;
  const sys_days january_first{std::chrono::year{year} / January / 1};
  sys_days date = january_first;
  switch (day.kind) {
    case ZoneRule::Day::Kind::julian: {
      const bool after_february = day.day >= 60 && std::chrono::year{year}.is_leap();
      date = january_first + days{day.day - 1 + (after_february ? 1 : 0)};
      break;
    }
    case ZoneRule::Day::Kind::ordinal:
      date = january_first + days{day.day};
      break;
    case ZoneRule::Day::Kind::weekday: {
      const year_month month{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(day.month)}};
      const weekday wanted{static_cast<unsigned>(day.day)};
      const sys_days first{month / 1};
      date = first + (wanted - weekday{first}) + weeks{day.week - 1};
      const sys_days last{month / std::chrono::last};
      while (date > last) date -= weeks{1};  // week 5 is the last one
      break;
    }
  }
  return duration_cast<std::chrono::seconds>(date.time_since_epoch()).count() + day.time;
}

}  // namespace trainstat
