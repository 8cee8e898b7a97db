#include "ingest/arrow_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>

#include "base/calendar.hpp"

namespace trainstat {
namespace {

constexpr std::size_t most_figures = 78;  // of 256 bits
constexpr std::int64_t seconds_of_day = 86400;

std::string_view from(char* begin, char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

/// Two's complement of up to 256 bits.
class WideInteger {
 public:
  WideInteger(const char* bytes, std::uint32_t width) {
    std::memcpy(limbs_.data(), bytes, width);
    is_negative_ = (static_cast<unsigned char>(bytes[width - 1]) & 0x80U) != 0;
    if (!is_negative_) return;
    std::memset(reinterpret_cast<char*>(limbs_.data()) + width, 0xff, sizeof limbs_ - width);
    bool carry = true;
    for (std::uint64_t& limb : limbs_) {
      limb = ~limb + (carry ? 1U : 0U);
      carry = carry && limb == 0;
    }
  }

  bool is_negative() const { return is_negative_; }

  /// The figures of its size; one past the end.
  char* write(char* to) {
    // From the last to the first, as many at a time as a limb can hold.
    constexpr std::uint64_t divisor = 10'000'000'000'000'000'000U;
    constexpr std::ptrdiff_t figures_at_a_time = 19;
    std::array<std::uint64_t, 5> parts{};
    std::size_t count = 0;
    do {
      parts[count++] = divide(divisor);
    } while (!is_zero());
    to = std::to_chars(to, to + figures_at_a_time + 1, parts[--count]).ptr;
    while (count > 0) {
      std::array<char, figures_at_a_time + 1> part;
      const char* const end = std::to_chars(part.data(), part.data() + part.size(), parts[--count]).ptr;
      to = std::fill_n(to, figures_at_a_time - (end - part.data()), '0');
      to = std::copy(static_cast<const char*>(part.data()), end, to);
    }
    return to;
  }

 private:
  bool is_zero() const {
    return std::ranges::all_of(limbs_, [](std::uint64_t limb) { return limb == 0; });
  }
  /// Divides it, and gives the rest.
  std::uint64_t divide(std::uint64_t divisor) {
    __extension__ using Wide = unsigned __int128;
    std::uint64_t rest = 0;
    for (std::size_t i = limbs_.size(); i-- > 0;) {
      const Wide part = (static_cast<Wide>(rest) << 64U) | limbs_[i];
      limbs_[i] = static_cast<std::uint64_t>(part / divisor);
      rest = static_cast<std::uint64_t>(part % divisor);
    }
    return rest;
  }

  std::array<std::uint64_t, 4> limbs_{};
  bool is_negative_ = false;
};

}  // namespace

std::size_t decimal_room(std::int32_t scale) {
  return most_figures + 3 + static_cast<std::size_t>(scale < 0 ? -scale : scale);  // a sign, a zero, the point
}

std::string_view write_decimal(const char* integer, std::uint32_t width, std::int32_t scale, char* to) {
  WideInteger wide(integer, width);
  std::array<char, most_figures> figures;
  const auto count = static_cast<std::int32_t>(wide.write(figures.data()) - figures.data());
  char* at = to;
  if (wide.is_negative()) *at++ = '-';
  const std::int32_t whole = count - scale;
  if (scale <= 0) {
    at = std::copy_n(figures.data(), count, at);
    if (figures[0] != '0') at = std::fill_n(at, -scale, '0');
  } else if (whole > 0) {
    at = std::copy_n(figures.data(), whole, at);
    *at++ = '.';
    at = std::copy_n(figures.data() + whole, scale, at);
  } else {
    *at++ = '0';
    *at++ = '.';
    at = std::fill_n(at, -whole, '0');
    at = std::copy_n(figures.data(), count, at);
  }
  return from(to, at);
}

std::string_view write_date(std::int64_t days, char* to) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / seconds_of_day;
  const std::optional<CivilTime> time = days < -most || days > most ? std::nullopt : civil_from_seconds(days * seconds_of_day);
  return from(to, write_civil(to, "YYYY-MM-DD", time.value_or(CivilTime{0, 0, 0})));
}

std::string_view write_reading(std::int64_t seconds, char* to) {
  return from(to, write_civil(to, "YYYY-MM-DD hh:mm:ss", civil_from_seconds(seconds).value_or(CivilTime{0, 0, 0})));
}

std::string_view write_span(std::int64_t count, std::int64_t per_second, char* to) {
  std::uint64_t size = static_cast<std::uint64_t>(count);
  char* at = to;
  if (count < 0) {
    *at++ = '-';
    size = 0 - size;
  }
  *at++ = 'P';
  *at++ = 'T';
  const auto parts = static_cast<std::uint64_t>(per_second);
  at = std::to_chars(at, to + time_room, size / parts).ptr;
  if (std::uint64_t rest = size % parts; rest > 0) {
    *at++ = '.';
    for (std::uint64_t place = parts / 10; place > 0; place /= 10) {
      *at++ = static_cast<char>('0' + rest / place);
      rest %= place;
    }
  }
  *at++ = 'S';
  return from(to, at);
}

}  // namespace trainstat
