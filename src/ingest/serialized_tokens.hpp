// What PHP's serialize() writes of plain cells and their keys.
#pragma once

#include <cfenv>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/value.hpp"

namespace trainstat {

/// Every reader answers the place behind what it read, or null where something else stands there, or nothing more.
class SerializedTokens {
 public:
  explicit SerializedTokens(std::string_view bytes) : end_(bytes.data() + bytes.size()) {}

  const char* end() const { return end_; }
  std::size_t left(const char* at) const { return static_cast<std::size_t>(end_ - at); }

  template <std::size_t size>
  const char* skip(const char* at, const char (&expected)[size]) const {
    return left(at) >= size - 1 && std::memcmp(at, expected, size - 1) == 0 ? at + (size - 1) : nullptr;
  }

  /// Of an array, up to its first key.
  const char* read_head(const char* at, std::uint64_t& count) const {
    at = skip(at, "a:");
    if (at != nullptr) at = read_figures(at, count);
    return at == nullptr ? nullptr : skip(at, ":{");
  }

  /// A text, or an integer by its figures.
  const char* read_key(const char* at, std::string_view& key) const {
    const bool is_text = left(at) > 0 && *at == 's';
    Value value;
    const char* const behind = read_value(at, value);
    if (behind == nullptr || (!is_text && value.kind != Value::Kind::integer)) return nullptr;
    key = is_text ? value.text() : std::string_view(at + 2, static_cast<std::size_t>(behind - at - 3));
    return behind;
  }

  /// Texts are left where they stand.
  [[gnu::always_inline]] const char* read_value(const char* at, Value& value) const {
    if (left(at) < 3) return nullptr;
    const char sort = *at;
    if (sort == 'N') {
      value.kind = Value::Kind::null;
      return skip(at, "N;");
    }
    if (at[1] != ':') return nullptr;
    if (sort == 'i') {
      value.kind = Value::Kind::integer;
      at = read_integer(at + 2, value.integer);
      return at == nullptr ? nullptr : skip(at, ";");
    }
    if (sort == 's') {
      std::uint64_t length = 0;
      at = read_figures(at + 2, length);
      if (at != nullptr) at = skip(at, ":\"");
      if (at == nullptr || length > left(at)) return nullptr;
      value.kind = Value::Kind::text;
      value.data = at;
      value.length = length;
      return skip(at + length, "\";");
    }
    return read_rare(at, value);
  }

 private:
  /// Up to eighteen: no length and no count has more.
  [[gnu::always_inline]] const char* read_figures(const char* at, std::uint64_t& number) const {
    constexpr std::size_t most = 18;
    const char* const begin = at;
    const char* const stop = left(at) < most ? end_ : at + most;
    for (number = 0; at < stop; ++at) {
      const auto figure = static_cast<unsigned char>(*at - '0');
      if (figure > 9) break;
      number = number * 10 + figure;
    }
    return at == begin ? nullptr : at;
  }

  [[gnu::always_inline]] const char* read_integer(const char* at, std::int64_t& number) const {
    std::uint64_t size = 0;
    const char* const behind = read_figures(at, size);
    if (behind == nullptr || behind == end_ || *behind != ';') return read_any(at, number);  // with a sign, or very long
    number = static_cast<std::int64_t>(size);
    return behind;
  }

  template <class Figure>
  const char* read_any(const char* at, Figure& number) const {
    const auto [stop, problem] = std::from_chars(at, end_, number);
    return problem == std::errc() ? stop : nullptr;
  }

  /// The nearest number, however the host rounds: from_chars() follows that.
  const char* read_number(const char* at, double& number) const {
    const int rounding = std::fegetround();
    if (rounding == FE_TONEAREST) return read_any(at, number);
    std::fesetround(FE_TONEAREST);
    at = read_any(at, number);
    std::fesetround(rounding);
    return at;
  }

  [[gnu::noinline]] const char* read_rare(const char* at, Value& value) const {
    switch (*at) {
      case 'b':
        value.kind = Value::Kind::boolean;
        value.integer = at[2] == '1' ? 1 : 0;
        return value.integer == 1 ? skip(at, "b:1;") : skip(at, "b:0;");
      case 'd':
        value.kind = Value::Kind::number;
        at = read_number(at + 2, value.number);
        return at == nullptr ? nullptr : skip(at, ";");
      case 'a':
        value = Value::of(Value::Kind::foreign, "");
        return skip(at, "a:0:{}");
      default:
        return nullptr;
    }
  }

  const char* end_;
};

}  // namespace trainstat
