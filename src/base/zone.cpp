#include "base/zone.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>

#include "base/calendar.hpp"
#include "base/descriptor.hpp"
#include "base/zone_rule.hpp"

namespace trainstat {
namespace {

constexpr std::int32_t most_offset = 18 * 3600;
constexpr std::size_t most_bytes = 1U << 20U;  // the largest file of the database has 4 KiB

/// Where systems keep the tz database, the most usual place first.
constexpr std::array<const char*, 4> databases = {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo",
                                                  "/etc/zoneinfo"};

/// Big-endian figures of a TZif file, read in order.
class TzifReader {
 public:
  explicit TzifReader(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::int64_t signed_of(std::size_t bytes) {
    const std::string_view taken = take(bytes);
    if (taken.empty()) return 0;
    std::uint64_t value = (static_cast<unsigned char>(taken[0]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (const char byte : taken) value = (value << 8U) | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
  }
  std::size_t count() {
    const std::int64_t value = signed_of(4);
    if (value < 0 || static_cast<std::uint64_t>(value) > most_bytes) failed_ = true;
    return failed_ ? 0 : static_cast<std::size_t>(value);
  }
  std::string_view rest() const { return rest_; }
  bool failed() const { return failed_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

struct TzifCounts {
  char version = '\0';
  std::size_t ut_indicators = 0;
  std::size_t standard_indicators = 0;
  std::size_t leap_seconds = 0;
  std::size_t transitions = 0;
  std::size_t types = 0;
  std::size_t letters = 0;

  std::size_t size(std::size_t time_size) const {
    return transitions * (time_size + 1) + types * 6 + letters + leap_seconds * (time_size + 4) + standard_indicators +
           ut_indicators;
  }
};

bool read_counts(TzifReader& reader, TzifCounts& counts) {
  if (reader.take(4) != "TZif") return false;
  const std::string_view head = reader.take(16);
  if (head.empty()) return false;
  counts.version = head[0];
  for (std::size_t* count : {&counts.ut_indicators, &counts.standard_indicators, &counts.leap_seconds, &counts.transitions,
                             &counts.types, &counts.letters}) {
    *count = reader.count();
  }
  return !reader.failed() && counts.types > 0;
}

/// Parts as in the database, each beginning with a capital, so that nothing climbs. What begins otherwise is a machine's own and
/// differs between machines: localtime, posixrules, the leap-second zones under right/.
bool is_zone_name(std::string_view name) {
  if (name.size() > 255) return false;
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part.empty() || part.front() < 'A' || part.front() > 'Z') return false;
    for (const char letter : part) {
      const char lower = static_cast<char>(letter | 0x20);
      const bool plain = (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' ||
                         letter == '+' || letter == '.';
      if (!plain) return false;
    }
    begin = end + 1;
  }
  return true;
}

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};
using ResolvedPath = std::unique_ptr<char, FreeText>;

/// What is no fault of the name's must not be told as one.
void throw_if_system_is_at_its_limits(int reason) {
  if (reason == ENOMEM) throw std::bad_alloc();
  if (reason == EMFILE || reason == ENFILE) throw std::runtime_error("no file descriptor is free to read the tz database");
}

/// The path without links; null where there is no such file.
ResolvedPath resolve(const std::string& path) {
  ResolvedPath resolved{::realpath(path.c_str(), nullptr)};
  if (!resolved) throw_if_system_is_at_its_limits(errno);
  return resolved;
}

/// The bytes of a zone's file; empty where there is none inside the database, links resolved.
std::string zone_bytes(const std::string& name) {
  for (const char* database : databases) {
    const ResolvedPath root = resolve(database);
    if (!root) continue;
    const ResolvedPath path = resolve(std::string(database) + '/' + name);
    if (!path || !std::string_view(path.get()).starts_with(std::string(root.get()) + '/')) continue;
    const Descriptor file = Descriptor::open_at(AT_FDCWD, path.get(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!file.is_open()) throw_if_system_is_at_its_limits(errno);
    struct stat facts {};
    if (!file.is_open() || ::fstat(file.raw(), &facts) != 0 || !S_ISREG(facts.st_mode)) continue;
    std::string bytes;
    std::array<char, 8192> block;
    while (bytes.size() <= most_bytes) {
      const ssize_t got = ::read(file.raw(), block.data(), block.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return got == 0 ? bytes : std::string();
      bytes.append(block.data(), static_cast<std::size_t>(got));
    }
  }
  return {};
}

}  // namespace

OffsetText read_offset(std::string_view text, std::int32_t& seconds) {
  CivilTime time;
  if (text.empty() || (text.front() != '+' && text.front() != '-') || !read_civil(text.substr(1), "hh:mm", time)) {
    return OffsetText::misshapen;
  }
  const std::int32_t size = time.hour * 3600 + time.minute * 60;
  if (time.minute > 59 || size > most_offset) return OffsetText::out_of_range;
  seconds = text.front() == '-' ? -size : size;
  return OffsetText::ok;
}

std::optional<Zone> Zone::named(std::string_view name) {
  Zone zone;
  if (read_offset(name, zone.first_offset_) == OffsetText::ok) {
    zone.stretch_.offset = zone.first_offset_;
    return zone;
  }
  if (!is_zone_name(name)) return std::nullopt;
  return from_tzif(zone_bytes(std::string(name)));
}

std::optional<Zone> Zone::from_tzif(std::string_view bytes) {
  TzifReader reader(bytes);
  TzifCounts counts;
  if (!read_counts(reader, counts)) return std::nullopt;
  std::size_t time_size = 4;
  if (counts.version >= '2') {  // the same again with 64-bit times
    time_size = 8;
    reader.take(counts.size(4));
    if (!read_counts(reader, counts)) return std::nullopt;
  }
  if (counts.leap_seconds != 0 || counts.size(time_size) > reader.rest().size()) return std::nullopt;

  Zone zone;
  zone.transitions_.resize(counts.transitions);
  for (Transition& transition : zone.transitions_) transition.at = reader.signed_of(time_size);
  const std::string_view type_of = reader.take(counts.transitions);
  std::vector<std::int32_t> offsets(counts.types);
  for (std::int32_t& offset : offsets) {
    offset = static_cast<std::int32_t>(reader.signed_of(4));
    reader.take(2);  // whether it is daylight time, and its abbreviation
    if (offset < -26 * 3600 || offset > 26 * 3600) return std::nullopt;
  }
  for (std::size_t i = 0; i < counts.transitions; ++i) {
    const auto type = static_cast<unsigned char>(type_of[i]);
    if (type >= offsets.size() || (i > 0 && zone.transitions_[i].at <= zone.transitions_[i - 1].at)) return std::nullopt;
    zone.transitions_[i].offset = offsets[type];
  }
  zone.first_offset_ = offsets[0];
  reader.take(counts.letters + counts.standard_indicators + counts.ut_indicators);
  if (time_size == 8) {
    std::string_view footer = reader.rest();
    if (footer.size() < 2 || footer.front() != '\n') return std::nullopt;
    footer.remove_prefix(1);
    const std::size_t end = footer.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    if (end > 0) {
      zone.rule_ = read_zone_rule(footer.substr(0, end));
      if (!zone.rule_) return std::nullopt;
    }
  }
  zone.stretch_.end = zone.stretch_.begin;  // nothing known yet
  return zone;
}

Zone::Stretch Zone::stretch_at(std::int64_t seconds) const {
  const auto next = std::upper_bound(transitions_.begin(), transitions_.end(), seconds,
                                     [](std::int64_t moment, const Transition& transition) { return moment < transition.at; });
  Stretch stretch;
  stretch.offset = first_offset_;
  if (next != transitions_.begin()) {
    stretch.begin = std::prev(next)->at;
    stretch.offset = std::prev(next)->offset;
  }
  if (next != transitions_.end()) {
    stretch.end = next->at;
  } else if (rule_) {
    return ruled_stretch_at(seconds, stretch.begin);
  }
  return stretch;
}

Zone::Stretch Zone::ruled_stretch_at(std::int64_t seconds, std::int64_t from) const {
  Stretch stretch;
  stretch.begin = from;
  stretch.offset = rule_->standard;
  if (!rule_->has_daylight) return stretch;

  // The changes of the years around, in order; where two fall together (daylight time all year) the later entry wins.
  constexpr std::int64_t mean_year = 31556952;
  const int year = 1970 + static_cast<int>(seconds / mean_year);
  constexpr int span = 2;
  std::array<Transition, static_cast<std::size_t>(2 * (2 * span + 1))> changes;
  std::size_t filled = 0;
  for (int y = year - span; y <= year + span; ++y) {
    const Transition begin{local_seconds_of(rule_->begin, y) - rule_->standard, rule_->daylight};
    const Transition end{local_seconds_of(rule_->end, y) - rule_->daylight, rule_->standard};
    changes[filled++] = begin.at <= end.at ? begin : end;
    changes[filled++] = begin.at <= end.at ? end : begin;
  }
  for (const Transition& change : changes) {
    if (change.at > seconds) {
      stretch.end = change.at;
      break;
    }
    stretch.begin = std::max(from, change.at);
    stretch.offset = change.offset;
  }
  return stretch;
}

}  // namespace trainstat
