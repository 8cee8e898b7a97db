#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/binary64.hpp"
#include "check/check.hpp"

namespace trainstat {
namespace {

/// `-?[0-9]+(\.[0-9]+)?` taken apart.
struct Decimal {
  bool negative = false;
  std::string_view whole;     // without leading zeros, so empty for zero
  std::string_view fraction;  // without trailing zeros

  bool is_zero() const { return whole.empty() && fraction.empty(); }
};

bool all_figures(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

bool read_decimal(std::string_view text, Decimal& decimal) {
  decimal.negative = text.starts_with('-');
  if (decimal.negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  decimal.whole = text.substr(0, point);
  decimal.fraction = {};
  if (!all_figures(decimal.whole)) return false;
  if (point != std::string_view::npos) {
    decimal.fraction = text.substr(point + 1);
    if (!all_figures(decimal.fraction)) return false;
    decimal.fraction = decimal.fraction.substr(0, decimal.fraction.find_last_not_of('0') + 1);
  }
  decimal.whole.remove_prefix(std::min(decimal.whole.find_first_not_of('0'), decimal.whole.size()));
  return true;
}

/// The digits of integers and of binary numbers in plain notation.
class PlainDigits {
 public:
  std::string_view of(std::int64_t integer) {
    return {text_.data(),
            static_cast<std::size_t>(std::to_chars(text_.data(), text_.data() + text_.size(), integer).ptr - text_.data())};
  }

  /// The shortest decimal that reads back as `number`, written without an exponent. `number` must be finite.
  std::string_view of(double number) {
    // Scientific first: its digits are the shortest, where those of fixed notation would go on exactly for large numbers.
    std::array<char, 32> scientific;
    const char* const end =
        std::to_chars(scientific.data(), scientific.data() + scientific.size(), number, std::chars_format::scientific).ptr;
    const char* const mark = std::find(static_cast<const char*>(scientific.data()), end, 'e');
    int exponent = 0;
    std::from_chars(mark + (mark[1] == '+' ? 2 : 1), end, exponent);
    std::array<char, 20> digits;
    std::size_t count = 0;
    for (const char* at = scientific.data(); at != mark; ++at) {
      if (*at >= '0' && *at <= '9') digits[count++] = *at;
    }
    char* to = text_.data();
    if (std::signbit(number)) *to++ = '-';
    if (exponent < 0) {
      *to++ = '0';
      *to++ = '.';
      to = std::fill_n(to, -exponent - 1, '0');
      to = std::copy_n(digits.data(), count, to);
    } else {
      const auto whole = static_cast<std::size_t>(exponent) + 1;
      to = std::copy_n(digits.data(), std::min(whole, count), to);
      if (whole > count) to = std::fill_n(to, whole - count, '0');
      if (whole < count) {
        *to++ = '.';
        to = std::copy(digits.data() + whole, digits.data() + count, to);
      }
    }
    return {text_.data(), static_cast<std::size_t>(to - text_.data())};
  }

 private:
  std::array<char, 352> text_;  // more than any binary64 needs: a sign, 308 places and 17 digits
};

bool within(const Rule& rule, const Decimal& decimal) {
  if (rule.minimum == Rule::lowest && rule.maximum == Rule::highest) return true;
  std::int64_t size = 0;
  if (!decimal.whole.empty()) {
    const auto result = std::from_chars(decimal.whole.data(), decimal.whole.data() + decimal.whole.size(), size);
    if (result.ec != std::errc()) return false;
  }
  const std::int64_t value = decimal.negative ? -size : size;
  if (decimal.fraction.empty()) return value >= rule.minimum && value <= rule.maximum;
  return decimal.negative ? value > rule.minimum && value <= rule.maximum : value >= rule.minimum && value < rule.maximum;
}

constexpr std::size_t places = 2;

/// Rounds half away from zero to two places, into `to`: `-12.50`.
void write_rounded(const Decimal& decimal, std::string& to) {
  to.assign(1, '0');  // room for a carry
  to.append(decimal.whole.empty() ? "0" : decimal.whole);
  to.append(decimal.fraction.substr(0, places));
  if (decimal.fraction.size() < places) to.append(places - decimal.fraction.size(), '0');
  if (decimal.fraction.size() > places && decimal.fraction[places] >= '5') {
    std::size_t at = to.size() - 1;
    while (to[at] == '9') to[at--] = '0';
    ++to[at];
  }
  to.insert(to.size() - places, 1, '.');
  to.erase(0, std::min(to.find_first_not_of('0'), to.find('.') - 1));
  if (decimal.negative && to != "0.00") to.insert(0, 1, '-');
}

}  // namespace

Fault check_decimal(const Column& column, const Value& value, Cell& cell) {
  PlainDigits digits;
  std::string_view text;
  switch (value.kind) {
    case Value::Kind::integer:
      text = digits.of(value.integer);
      break;
    case Value::Kind::number:
      if (!Binary64(value.number).is_finite()) return Fault::type;
      text = digits.of(Binary64(value.number).but_not_denormal());
      break;
    case Value::Kind::text:
      text = value.text();
      break;
    case Value::Kind::absent:
    case Value::Kind::null:
    case Value::Kind::boolean:
    case Value::Kind::foreign:
      return Fault::type;
  }
  Decimal decimal;
  if (!read_decimal(text, decimal)) return Fault::type;
  if (decimal.is_zero()) decimal.negative = false;
  if (!within(column.rule, decimal)) return Fault::range;
  write_rounded(decimal, cell.scratch);
  if (column.kind == Kind::decimal_text) {
    cell.be_scratch(Cell::Form::text);
    return Fault::none;
  }
  // A JSON number carries no idle zeros: 33.3, 100.
  const std::size_t last = cell.scratch.find_last_not_of('0');
  cell.scratch.resize(cell.scratch[last] == '.' ? last : last + 1);
  cell.be_scratch(Cell::Form::number);
  return Fault::none;
}

}  // namespace trainstat
