#include <algorithm>
#include <limits>
#include <vector>

#include "check/check.hpp"

namespace trainstat {
namespace {

constexpr std::uint64_t most_seconds = std::numeric_limits<std::int64_t>::max();

/// Adds up whole seconds and fractions of any length, exactly.
class Sum {
 public:
  /// Adds figures, which may be any number of them, times `unit` seconds.
  void add(std::string_view figures, std::uint64_t unit) {
    std::uint64_t size = 0;
    for (const char figure : figures) {
      if (__builtin_mul_overflow(size, 10U, &size) ||
          __builtin_add_overflow(size, static_cast<std::uint64_t>(figure - '0'), &size)) {
        overflown_ = true;
        return;
      }
    }
    if (__builtin_mul_overflow(size, unit, &size)) overflown_ = true;
    add_whole(size);
  }

  /// Adds the figures behind a decimal point.
  void add_fraction(std::string_view figures) {
    figures = figures.substr(0, figures.find_last_not_of('0') + 1);
    if (places_.size() < figures.size()) places_.resize(figures.size());
    for (std::size_t i = 0; i < figures.size(); ++i) places_[i] += static_cast<std::uint64_t>(figures[i] - '0');
  }

  /// The sum rounded half up; false beyond int64.
  bool rounded(std::int64_t& seconds) {
    std::uint64_t carry = 0;
    for (std::size_t i = places_.size(); i-- > 0;) {
      places_[i] += carry;
      carry = places_[i] / 10;
      places_[i] %= 10;
    }
    add_whole(carry);
    if (!places_.empty() && places_[0] >= 5) add_whole(1);
    if (overflown_ || whole_ > most_seconds) return false;
    seconds = static_cast<std::int64_t>(whole_);
    return true;
  }

 private:
  void add_whole(std::uint64_t seconds) { overflown_ = __builtin_add_overflow(whole_, seconds, &whole_) || overflown_; }

  std::uint64_t whole_ = 0;
  bool overflown_ = false;
  std::vector<std::uint64_t> places_;  // tenths, hundredths, ... summed place by place, carried at the end
};

/// Reads the pieces that the forms below are made of.
class Figures {
 public:
  explicit Figures(std::string_view text) : rest_(text) {}

  std::string_view take() {
    const auto end = std::ranges::find_if(rest_, [](char letter) { return letter < '0' || letter > '9'; });
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    const std::string_view figures = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return figures;
  }
  bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool below_sixty(std::string_view figures) { return figures.size() == 1 || (figures.size() == 2 && figures.front() <= '5'); }

/// `[0-9]+` or, with SCORM 1.2, `[0-9]+:[0-5]?[0-9]:[0-5]?[0-9](\.[0-9]+)?`
bool add_plain(std::string_view text, Sum& sum) {
  Figures figures(text);
  const std::string_view first = figures.take();
  if (first.empty()) return false;
  if (figures.at_end()) {
    sum.add(first, 1);
    return true;
  }
  if (!figures.take(':')) return false;
  const std::string_view minutes = figures.take();
  if (!below_sixty(minutes) || !figures.take(':')) return false;
  const std::string_view seconds = figures.take();
  if (!below_sixty(seconds)) return false;
  if (figures.take('.')) {
    const std::string_view fraction = figures.take();
    if (fraction.empty()) return false;
    sum.add_fraction(fraction);
  }
  sum.add(first, 3600);
  sum.add(minutes, 60);
  sum.add(seconds, 1);
  return figures.at_end();
}

/// ISO 8601 `P[nD][T[nH][nM][n[.n]S]]`, as SCORM 2004 writes it, with at least one figure, and one after a T.
bool add_iso(std::string_view text, Sum& sum) {
  Figures figures(text);
  if (!figures.take('P')) return false;
  std::string_view count = figures.take();
  if (!count.empty()) {
    if (!figures.take('D')) return false;
    sum.add(count, 86400);
    if (figures.at_end()) return true;
  }
  if (!figures.take('T')) return false;
  struct Unit {
    char letter;
    std::uint64_t seconds;
  };
  constexpr Unit units[] = {{'H', 3600}, {'M', 60}, {'S', 1}};
  constexpr std::size_t seconds_unit = 2;
  std::size_t next = 0;
  do {
    count = figures.take();
    if (count.empty()) return false;
    if (figures.take('.')) {
      const std::string_view fraction = figures.take();
      if (fraction.empty()) return false;
      sum.add_fraction(fraction);
      next = std::max(next, seconds_unit);  // nothing else is broken
    }
    while (next < std::size(units) && !figures.take(units[next].letter)) ++next;
    if (next == std::size(units)) return false;
    sum.add(count, units[next++].seconds);
  } while (!figures.at_end());
  return true;
}

}  // namespace

Fault check_duration(const Column& column, const Value& value, Cell& cell) {
  std::int64_t seconds = 0;
  if (value.kind == Value::Kind::integer) {
    seconds = value.integer;
  } else if (value.kind == Value::Kind::text) {
    Sum sum;
    std::string_view rest = value.text();
    bool more = true;
    while (more) {
      const std::size_t plus = rest.find('+');
      const std::string_view part = rest.substr(0, plus);
      if (!(part.starts_with('P') ? add_iso(part, sum) : add_plain(part, sum))) return Fault::type;
      more = plus != std::string_view::npos;
      if (more) rest.remove_prefix(plus + 1);
    }
    if (!sum.rounded(seconds)) return Fault::overflow;
  } else {
    return Fault::type;
  }
  if (seconds < column.rule.minimum || seconds > column.rule.maximum) return Fault::range;
  cell.be_integer(seconds);
  return Fault::none;
}

}  // namespace trainstat
