// Binary numbers by their bits: a host may have let the processor trap at what is no number, may watch its flags, or have it take the
// least numbers for zero. So the library computes with none.
#pragma once

#include <bit>
#include <cstdint>

namespace trainstat {

class Binary64 {
 public:
  explicit constexpr Binary64(double number) : Binary64(std::bit_cast<std::uint64_t>(number)) {}
  explicit constexpr Binary64(std::uint64_t bits) : bits_(bits) {}

  constexpr bool is_negative() const { return bits_ != magnitude(); }
  constexpr bool is_finite() const { return magnitude() < first_infinite; }
  /// Without the sign. Magnitudes are ordered as numbers are.
  constexpr std::uint64_t magnitude() const { return bits_ & (sign - 1); }

  /// The magnitude is figures / 2^places, for numbers from 2^-10 to below 2^53: then there are 0 to 62 places.
  constexpr std::uint64_t figures() const { return (bits_ & (first_normal - 1)) | first_normal; }
  constexpr unsigned places() const { return static_cast<unsigned>(1075 - (magnitude() >> 52U)); }

  /// The number; for one that is nearly zero, the least that is never taken for zero.
  constexpr double but_not_denormal() const {
    const bool is_denormal = magnitude() != 0 && magnitude() < first_normal;
    return std::bit_cast<double>(is_denormal ? (bits_ & sign) | first_normal : bits_);
  }

 private:
  static constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
  static constexpr std::uint64_t first_normal = std::uint64_t{1} << 52U;
  static constexpr std::uint64_t first_infinite = std::uint64_t{0x7FF} << 52U;

  std::uint64_t bits_;
};

}  // namespace trainstat
