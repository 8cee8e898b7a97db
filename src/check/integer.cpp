#include <charconv>

#include "base/binary64.hpp"
#include "check/check.hpp"

namespace trainstat {
namespace {

/// Beyond 2^53 a binary number no longer names one integer.
bool whole_of(Binary64 number, std::int64_t& integer) {
  constexpr std::int64_t largest = std::int64_t{1} << 53U;
  constexpr std::uint64_t limit = Binary64(static_cast<double>(largest)).magnitude();
  const std::uint64_t size = number.magnitude();
  if (size == 0 || size == limit) {
    integer = size == 0 ? 0 : largest;
  } else {
    if (size < Binary64(1.0).magnitude() || size > limit) return false;
    const std::uint64_t whole = number.figures() >> number.places();
    if (whole << number.places() != number.figures()) return false;
    integer = static_cast<std::int64_t>(whole);
  }
  if (number.is_negative()) integer = -integer;
  return true;
}

bool integer_of(const Value& value, std::int64_t& integer) {
  switch (value.kind) {
    case Value::Kind::integer:
      integer = value.integer;
      return true;
    case Value::Kind::boolean:
      integer = value.integer;
      return integer == 0 || integer == 1;
    case Value::Kind::number:
      return whole_of(Binary64(value.number), integer);
    case Value::Kind::text:
      return read_integer(value.text(), integer);
    case Value::Kind::absent:
    case Value::Kind::null:
    case Value::Kind::foreign:
      return false;
  }
  return false;
}

}  // namespace

bool read_integer(std::string_view text, std::int64_t& integer) {
  const std::string_view figures = text.starts_with('-') ? text.substr(1) : text;
  if (figures.empty() || figures.front() < '0' || figures.front() > '9') return false;
  if (figures.front() == '0' && figures.size() > 1) return false;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, integer);
  return problem == std::errc() && stop == end;
}

Fault check_integer(const Column& column, const Value& value, Cell& cell) {
  std::int64_t integer = 0;
  if (!integer_of(value, integer)) return Fault::type;
  if (integer < column.rule.minimum || integer > column.rule.maximum) return Fault::range;
  cell.be_integer(integer);
  return Fault::none;
}

}  // namespace trainstat
