// Hosts that have told the processor to trap, to keep flags or to take the least numbers for zero.
#include <gtest/gtest.h>

#include <cfenv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "abi/arrow.hpp"
#include "abi/handle.hpp"
#include "abi/packing.hpp"
#include "abi/serializing.hpp"

#ifdef __SSE2__
#include <xmmintrin.h>
#endif

namespace {

using host::ArrowData;
using host::Handle;

constexpr std::size_t attempts = 1;
constexpr std::size_t progress = 5;
constexpr std::size_t score = 8;

double by_bits(std::uint64_t bits) {
  double number = 0;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

const std::vector<double>& numbers() {
  static const std::vector<double> all = {0.0,
                                          -0.0,
                                          1.0,
                                          33.333,
                                          33.335,
                                          99.999,
                                          100.0,
                                          1e-3,
                                          1e-300,
                                          5e-324,
                                          -5e-324,
                                          -2e-310,
                                          1e300,
                                          9007199254740992.0,
                                          9007199254740994.0,
                                          9007199254740991.5 / 2,
                                          HUGE_VAL,
                                          -HUGE_VAL,
                                          by_bits(0x7FF8000000000000),
                                          by_bits(0xFFF8000000000000),
                                          by_bits(0x7FF0000000000001)};
  return all;
}

/// Every number in every column that takes such, as cells and packed: the problems and the rows.
std::string written() {
  Handle report("eloomi.participants", R"({"on_refused":"skip"})");
  for (const std::size_t column : {attempts, progress, score}) {
    for (const double number : numbers()) {
      host::Row row(13);
      row[3] = host::integer(1);
      row[12] = host::integer(2);
      row[column] = host::number(number);
      report.append(row);
      report.append_batch(host::pack({&row, 1}));
    }
  }
  std::string document = report.problems();
  return document + report.built();
}

/// The same as PHP serializes them, as text.
const std::vector<std::string>& serialized() {
  static const std::vector<std::string> batches = [] {
    std::vector<std::string> made;
    for (const char* const key : {"attempts", "progress", "score"}) {
      for (const double number : numbers()) {
        const host::KeyedRow row = {
            {"course_id", host::integer(1)}, {"user_id", host::integer(2)}, {key, host::number(number)}};
        made.push_back(host::serialize({&row, 1}));
      }
    }
    return made;
  }();
  return batches;
}
std::string written_from(const std::vector<std::string>& batches) {
  Handle report("eloomi.participants", R"({"on_refused":"skip"})");
  for (const std::string& batch : batches) report.append_batch(batch);
  std::string document = report.problems();
  return document + report.built();
}

/// The same from columns of an array.
std::string written_from(host::Producer& producer) {
  Handle report("eloomi.participants", R"({"on_refused":"skip"})");
  report.append_stream(producer.open());
  std::string document = report.problems();
  return document + report.built();
}

/// Of the binary numbers of a type that Arrow knows by this letter.
template <class Figure>
ArrowData table_of(const char* letter, const std::vector<Figure>& bits) {
  const std::vector<std::optional<Figure>> figures(bits.begin(), bits.end());
  const std::vector<std::optional<std::int64_t>> ids(bits.size(), 5);
  ArrowData column = host::figures<Figure>(letter, "score", figures);
  ArrowData again = host::figures<Figure>(letter, "progress", figures);
  return host::table({host::figures<std::int64_t>("l", "course_id", ids), host::figures<std::int64_t>("l", "user_id", ids),
                      std::move(column), std::move(again)});
}

ArrowData doubles() {
  std::vector<std::uint64_t> bits;
  for (const double number : numbers()) {
    bits.emplace_back();
    std::memcpy(&bits.back(), &number, sizeof number);
  }
  return table_of<std::uint64_t>("g", bits);
}
/// Nothing, one, 33.3, the least, the largest of the least, the largest; infinity, no number, one that traps; and their negatives.
ArrowData singles() {
  return table_of<std::uint32_t>("f", {0x00000000, 0x3F800000, 0x42053333, 0x00000001, 0x007FFFFF, 0x7F7FFFFF, 0x7F800000,
                                       0x7FC00000, 0x7F800001, 0x80000000, 0xBF800000, 0x80000001, 0x807FFFFF, 0xFF800001});
}
ArrowData halves() {
  return table_of<std::uint16_t>("e", {0x0000, 0x3C00, 0x0001, 0x03FF, 0x7BFF, 0x7C00, 0x7E00, 0x7C01, 0x8000, 0x8001, 0xFC01});
}

/// Ends the process: with 0 where the same is written although the processor traps, and leaves no flag of these.
template <class Write>
[[noreturn]] void exit_as_trapped(int traps, const std::string& expected, Write write) {
  std::feclearexcept(FE_ALL_EXCEPT);
  feenableexcept(traps);
  const std::string found = write();
  fedisableexcept(FE_ALL_EXCEPT);
  std::_Exit(found == expected && std::fetestexcept(traps) == 0 ? 0 : 1);
}

TEST(FloatingPoint, TrapsAreNotSprungByCells) {
  EXPECT_EXIT(exit_as_trapped(FE_ALL_EXCEPT, written(), written), testing::ExitedWithCode(0), "");
}

TEST(FloatingPoint, TrapsAreNotSprungByColumns) {
  for (ArrowData (*const make)() : {doubles, singles, halves}) {
    host::Producer usual({make()});
    host::Producer producer({make()});
    const std::string expected = written_from(usual);
    EXPECT_EXIT(exit_as_trapped(FE_ALL_EXCEPT, expected, [&] { return written_from(producer); }), testing::ExitedWithCode(0),
                "");
  }
}

// To read a number from text is inexact; nothing else of it may be seen.
TEST(FloatingPoint, TrapsAreNotSprungByNumbersInTexts) {
  const std::string expected = written_from(serialized());
  EXPECT_EXIT(exit_as_trapped(FE_ALL_EXCEPT & ~FE_INEXACT, expected, [] { return written_from(serialized()); }),
              testing::ExitedWithCode(0), "");
}

#ifdef __SSE2__
TEST(FloatingPoint, NumbersThatAreNearlyZeroAreNotZero) {
  constexpr unsigned denormals_are_zero = 0x8040;  // and results too
  const std::string expected = written();
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | denormals_are_zero);
  const std::string found = written();
  _mm_setcsr(before);
  EXPECT_EQ(found, expected);
  for (ArrowData (*const make)() : {doubles, singles, halves}) {
    host::Producer usual({make()});
    host::Producer producer({make()});
    const std::string of_columns = written_from(usual);
    _mm_setcsr(before | denormals_are_zero);
    const std::string found_in_columns = written_from(producer);
    _mm_setcsr(before);
    EXPECT_EQ(found_in_columns, of_columns);
  }
}
#endif

TEST(FloatingPoint, RoundingIsTheFormatsOwn) {
  const std::string expected = written();
  const std::string expected_from_text = written_from(serialized());
  for (const int direction : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    std::fesetround(direction);
    const std::string found = written();
    const std::string found_from_text = written_from(serialized());
    std::fesetround(FE_TONEAREST);
    EXPECT_EQ(found, expected);
    EXPECT_EQ(found_from_text, expected_from_text);
  }
}

}  // namespace
