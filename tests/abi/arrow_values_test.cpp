// What becomes of each type of Arrow's: the cells that ts_stream_append says, from wherever in an array they stand.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "abi/arrow.hpp"
#include "abi/handle.hpp"

namespace {

using host::ArrowData;
using host::Handle;
using host::Row;

enum : std::size_t {  // columns of eloomi.participants
  assigned_at,
  attempts,
  completed_at,
  course_id,
  deadline,
  progress,
  renewal_at,
  required,
  score,
  started_at,
  status,
  time_spent,
  user_id
};

constexpr char participants[] = "eloomi.participants";
constexpr char in_berlin[] = R"({"timezone":"Europe/Berlin","extended_mode":true,"on_refused":"skip"})";

/// The column and the ids that a row cannot do without.
ArrowData with_ids(ArrowData column) {
  std::vector<std::optional<int64_t>> ids(static_cast<std::size_t>(column.length), 5);
  ArrowData course = host::figures<int64_t>("l", "course_id", ids);
  ArrowData user = host::figures<int64_t>("l", "user_id", ids);
  std::vector<ArrowData> columns = {user, std::move(column), course};
  columns.push_back(host::texts("u", "status", host::Texts(ids.size(), "started")));
  std::erase_if(columns, [&](const ArrowData& one) { return &one != &columns[1] && one.name == columns[1].name; });
  return host::table(std::move(columns), static_cast<int64_t>(ids.size()));
}

struct Answer {
  std::string document;
  std::string problems;
  bool operator==(const Answer&) const = default;
};

Answer answer_of(Handle& report) {
  Answer answer;
  answer.problems = report.problems();
  answer.document = report.built();
  return answer;
}

Answer streamed(std::vector<ArrowData> tables) {
  Handle report(participants, in_berlin);
  host::Producer producer(std::move(tables));
  EXPECT_EQ(report.append_stream(producer.open()), TS_OK) << report.error.message;
  EXPECT_EQ(producer.returned, producer.given);
  return answer_of(report);
}

/// The same cells, one by one.
Answer appended(std::size_t column, const std::vector<ts_value>& cells) {
  Handle report(participants, in_berlin);
  for (const ts_value& cell : cells) {
    Row row(user_id + 1, host::absent());
    row[user_id] = row[course_id] = host::integer(5);
    row[status] = host::text("started");
    row[column] = cell;
    EXPECT_EQ(report.append(row), TS_OK);
  }
  return answer_of(report);
}

std::ostream& operator<<(std::ostream& out, const Answer& answer) { return out << answer.document << '\n' << answer.problems; }

/// The column gives these cells, as it stands, behind others in its buffers, in a slice of a table, in pieces and in two tables.
void expect_cells(const ArrowData& column, std::size_t place, const std::vector<ts_value>& cells) {
  const Answer expected = appended(place, cells);
  EXPECT_EQ(streamed({with_ids(column)}), expected) << column.format;
  for (const int64_t offset : {1, 7, 8, 63, 64, 65}) {
    EXPECT_EQ(streamed({with_ids(host::sliced(column, offset))}), expected) << column.format << " from " << offset;
    EXPECT_EQ(streamed({host::sliced(with_ids(column), offset)}), expected) << column.format << " of a slice from " << offset;
    EXPECT_EQ(streamed({host::sliced(with_ids(host::sliced(column, 3)), offset)}), expected) << column.format;
  }
  std::vector<ts_value> twice = cells;
  twice.insert(twice.end(), cells.begin(), cells.end());
  EXPECT_EQ(streamed({with_ids(column), with_ids(host::sliced(column, 9))}), appended(place, twice)) << column.format;
}

template <class Figure>
void expect_integers(const char* format) {
  using Limits = std::numeric_limits<Figure>;
  const std::vector<std::optional<Figure>> values = {Figure{0}, Figure{1}, std::nullopt, Limits::max(), Limits::min()};
  std::vector<ts_value> cells;
  for (const auto& value : values) {
    const bool fits = !value || std::in_range<int64_t>(*value);
    cells.push_back(!value ? host::null() : fits ? host::integer(static_cast<int64_t>(*value)) : host::foreign());
  }
  expect_cells(host::figures<Figure>(format, "attempts", values), attempts, cells);
}

TEST(ArrowValues, OfIntegersAreIntegers) {
  expect_integers<int8_t>("c");
  expect_integers<int16_t>("s");
  expect_integers<int32_t>("i");
  expect_integers<int64_t>("l");
  expect_integers<uint8_t>("C");
  expect_integers<uint16_t>("S");
  expect_integers<uint32_t>("I");
  expect_integers<uint64_t>("L");
}

TEST(ArrowValues, OfFloatsAreNumbers) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  expect_cells(host::figures<double>("g", "score", {33.335, -0.0, std::nullopt, nan, 1e300}), score,
               {host::number(33.335), host::number(-0.0), host::null(), host::number(nan), host::number(1e300)});
  expect_cells(host::figures<float>("f", "score", {33.335F, std::nullopt, -1e30F}), score,
               {host::number(static_cast<double>(33.335F)), host::null(), host::number(static_cast<double>(-1e30F))});
  // One, the smallest, the largest, a third, infinity, no number.
  expect_cells(host::figures<uint16_t>("e", "score", {0x3c00, 0x0001, 0xfbff, 0x3555, 0x7c00, 0x7e00, std::nullopt, 0x8000}),
               score,
               {host::number(1), host::number(std::ldexp(1, -24)), host::number(-65504), host::number(0.333251953125),
                host::number(HUGE_VAL), host::number(nan), host::null(), host::number(-0.0)});
}

TEST(ArrowValues, OfBooleansAreBooleans) {
  std::vector<std::optional<bool>> values;
  std::vector<ts_value> cells;
  for (int i = 0; i < 200; ++i) {
    values.push_back(i % 7 == 3 ? std::nullopt : std::optional(i % 3 == 0));
    cells.push_back(values.back() ? host::boolean(*values.back()) : host::null());
  }
  expect_cells(host::booleans("required", values), required, cells);
}

TEST(ArrowValues, OfTextsAreTexts) {
  const host::Texts values = {"completed",
                              "",
                              std::nullopt,
                              "started",
                              "a text of more than twelve bytes",
                              "twelve bytes",
                              "not_started",
                              "\xff\xfe",
                              "another text that is rather long, in another buffer"};
  std::vector<ts_value> cells;
  for (const auto& value : values) cells.push_back(value ? host::text(*value) : host::null());
  for (const char* format : {"u", "U", "vu"}) expect_cells(host::texts(format, "status", values), status, cells);
}

TEST(ArrowValues, OfNothingButNullsAreNull) {
  expect_cells(host::nulls("deadline", 70), deadline, std::vector<ts_value>(70, host::null()));
  ArrowData old = host::nulls("deadline", 70);  // as some producers have it
  old.buffers = {std::nullopt};
  expect_cells(old, deadline, std::vector<ts_value>(70, host::null()));
  ArrowData without_values = host::texts("u", "deadline", host::Texts(70, std::nullopt));
  without_values.buffers.back() = std::nullopt;
  expect_cells(without_values, deadline, std::vector<ts_value>(70, host::null()));
}

TEST(ArrowValues, OfManyRowsAreFoundWhereNullsStandInAnyPattern) {
  std::vector<std::optional<int32_t>> values;
  std::vector<ts_value> cells;
  uint32_t pattern = 1;
  for (int32_t i = 0; i < 1000; ++i) {
    pattern = pattern * 1664525 + 1013904223;
    values.push_back(pattern >> 30 == 0 ? std::nullopt : std::optional(i));
    cells.push_back(values.back() ? host::integer(i) : host::null());
  }
  ArrowData column = host::figures<int32_t>("i", "time_spent", values);
  expect_cells(column, time_spent, cells);
  column.null_count = -1;
  expect_cells(column, time_spent, cells);
}

TEST(ArrowValues, WithoutABitmapHaveNoNulls) {
  for (const int64_t count : {0, -1}) {
    ArrowData column = host::figures<int32_t>("i", "attempts", {1, 2});
    ASSERT_FALSE(column.buffers[0]);
    column.null_count = count;
    expect_cells(column, attempts, {host::integer(1), host::integer(2)});
  }
}

/// Of `width` bytes.
ArrowData decimals(std::string format, std::string name, std::size_t width, const std::vector<std::optional<int64_t>>& values) {
  ArrowData data{std::move(format), std::move(name), 0, 0, 0, {}, {}, {}};
  std::string bytes;
  for (const auto& value : values) {
    std::string figure = host::bytes_of<int64_t>({value.value_or(77)});
    figure.resize(std::max(width, figure.size()), value.value_or(0) < 0 ? '\xff' : '\0');
    bytes += figure.substr(0, width);
  }
  data.buffers = {bytes};
  host::mark_nulls(data, values);
  return data;
}

TEST(ArrowValues, OfDecimalsAreTheirText) {
  struct Width {
    const char* bits;
    std::size_t bytes;
  };
  const std::vector<std::optional<int64_t>> values = {3330, -5, std::nullopt, 0, -123456, 99};
  const auto of = [&](const std::vector<const char*>& spelled) {
    std::vector<ts_value> cells;
    for (const char* text : spelled) cells.push_back(text == nullptr ? host::null() : host::text(text));
    return cells;
  };
  for (const Width width : {Width{",32", 4}, Width{",64", 8}, Width{"", 16}, Width{",128", 16}, Width{",256", 32}}) {
    const auto column = [&](const char* figures) {
      return decimals(std::string("d:") + figures + width.bits, "score", width.bytes, values);
    };
    expect_cells(column("9,0"), score, of({"3330", "-5", nullptr, "0", "-123456", "99"}));
    expect_cells(column("9,2"), score, of({"33.30", "-0.05", nullptr, "0.00", "-1234.56", "0.99"}));
    expect_cells(column("9,4"), score, of({"0.3330", "-0.0005", nullptr, "0.0000", "-12.3456", "0.0099"}));
    expect_cells(column("9,9"), score,
                 of({"0.000003330", "-0.000000005", nullptr, "0.000000000", "-0.000123456", "0.000000099"}));
    expect_cells(column("9,-3"), score, of({"3330000", "-5000", nullptr, "0", "-123456000", "99000"}));
  }
}

TEST(ArrowValues, OfTheWidestDecimalsAreTheirText) {
  // -1 and -2^255.
  const std::string most(32, '\xff');
  std::string least(32, '\0');
  least[31] = '\x80';
  ArrowData column{"d:76,0,256", "score", 1, 0, 0, {std::nullopt, least}, {}, {}};
  expect_cells(column, score, {host::text("-57896044618658097711785492504343953926634992332820282019728792003956564819968")});
  column.format = "d:76,76,256";
  expect_cells(column, score, {host::text("-5.7896044618658097711785492504343953926634992332820282019728792003956564819968")});
  column.buffers[1] = most;
  expect_cells(column, score, {host::text("-0.0000000000000000000000000000000000000000000000000000000000000000000000000001")});
  column.format = "d:38,0";
  column.buffers[1] = std::string(15, '\xff') + '\x7f';
  expect_cells(column, score, {host::text("170141183460469231731687303715884105727")});
}

TEST(ArrowValues, OfTimestampsWithAZoneAreUnixSecondsCutDownwards) {
  const auto column = [](const char* format, const std::vector<std::optional<int64_t>>& values) {
    return host::figures<int64_t>(format, "assigned_at", values);
  };
  const std::vector<ts_value> cells = {host::integer(1549628015), host::null(), host::integer(0), host::integer(-1),
                                       host::integer(-2)};
  expect_cells(column("tss:UTC", {1549628015, std::nullopt, 0, -1, -2}), assigned_at, cells);
  expect_cells(column("tsm:Asia/Tokyo", {1549628015999, std::nullopt, 999, -1, -1001}), assigned_at, cells);
  expect_cells(column("tsu:+03:00", {1549628015000001, std::nullopt, 1, -1000000, -1000001}), assigned_at, cells);
  expect_cells(column("tsn:UTC", {1549628015999999999, std::nullopt, 0, -999999999, -2000000000}), assigned_at, cells);
  const int64_t least = std::numeric_limits<int64_t>::min();
  expect_cells(column("tsn:UTC", {least}), assigned_at, {host::integer(-9223372037)});
  expect_cells(column("tss:UTC", {least}), assigned_at, {host::integer(least)});
  // The day is the one in the report's zone.
  expect_cells(host::figures<int64_t>("tsm:UTC", "deadline", {1720047600000}), deadline, {host::integer(1720047600)});
}

TEST(ArrowValues, OfTimestampsWithoutAZoneStandAsTheyAre) {
  const auto column = [](const char* format, const std::vector<std::optional<int64_t>>& values) {
    return host::figures<int64_t>(format, "completed_at", values);
  };
  const std::vector<ts_value> cells = {host::text("2019-02-08 12:13:35"), host::null(), host::text("1969-12-31 23:59:59")};
  expect_cells(column("tss:", {1549628015, std::nullopt, -1}), completed_at, cells);
  expect_cells(column("tsm:", {1549628015999, std::nullopt, -1}), completed_at, cells);
  expect_cells(column("tsu:", {1549628015999999, std::nullopt, -999999}), completed_at, cells);
  expect_cells(column("tsn:", {1549628015000000000, std::nullopt, -1}), completed_at, cells);
  // Years 1 and 9999, and what is beyond them.
  expect_cells(column("tss:", {-62135596800, 253402300799, -62135596801, 253402300800, std::numeric_limits<int64_t>::min()}),
               completed_at,
               {host::text("0001-01-01 00:00:00"), host::text("9999-12-31 23:59:59"), host::text("0000-12-31 23:59:59"),
                host::text("0000-12-31 23:59:59"), host::text("0000-12-31 23:59:59")});
}

TEST(ArrowValues, OfDatesAreDates) {
  const std::vector<ts_value> cells = {host::text("2024-02-29"), host::null(), host::text("1969-12-31"),
                                       host::text("0000-01-01"), host::text("0000-01-01")};
  expect_cells(
      host::figures<int32_t>("tdD", "deadline", {19782, std::nullopt, -1, 2932897, std::numeric_limits<int32_t>::min()}),
      deadline, cells);
  expect_cells(host::figures<int64_t>("tdm", "deadline",
                                      {19782 * int64_t{86400000} + 5, std::nullopt, -1, std::numeric_limits<int64_t>::max(),
                                       std::numeric_limits<int64_t>::min()}),
               deadline, cells);
}

TEST(ArrowValues, OfDurationsAreExact) {
  const auto column = [](const char* format, const std::vector<std::optional<int64_t>>& values) {
    return host::figures<int64_t>(format, "time_spent", values);
  };
  expect_cells(column("tDs", {90, std::nullopt, 0, -1}), time_spent,
               {host::text("PT90S"), host::null(), host::text("PT0S"), host::text("-PT1S")});
  expect_cells(column("tDm", {1500, 1499, -1500}), time_spent,
               {host::text("PT1.500S"), host::text("PT1.499S"), host::text("-PT1.5S")});
  expect_cells(column("tDu", {1499999, 1}), time_spent, {host::text("PT1.499999S"), host::text("PT0.000001S")});
  const int64_t least = std::numeric_limits<int64_t>::min();
  expect_cells(column("tDn", {499999999, 500000000, least}), time_spent,
               {host::text("PT0.499999999S"), host::text("PT0.500000000S"), host::text("-PT9223372036.854775808S")});
  expect_cells(column("tDs", {std::numeric_limits<int64_t>::max(), least}), time_spent,
               {host::integer(std::numeric_limits<int64_t>::max()), host::text("-PT9223372036854775808S")});
}

template <class Index>
void expect_words(const char* format, const ArrowData& words) {
  const std::vector<std::optional<Index>> indices = {Index{2}, Index{0}, std::nullopt, Index{1}, Index{2}};
  expect_cells(
      host::dictionary(host::figures<Index>(format, "status", indices), words), status,
      {host::text("completed"), host::text("a word that is none"), host::null(), host::null(), host::text("completed")});
}

TEST(ArrowValues, OfDictionariesAreTheOnesThatTheIndicesNames) {
  for (const char* format : {"u", "U", "vu"}) {
    const ArrowData words = host::texts(format, "", {"a word that is none", std::nullopt, "completed"});
    expect_words<int8_t>("c", words);
    expect_words<int16_t>("s", words);
    expect_words<int32_t>("i", words);
    expect_words<int64_t>("l", words);
    expect_words<uint8_t>("C", words);
    expect_words<uint16_t>("S", words);
    expect_words<uint32_t>("I", words);
    expect_words<uint64_t>("L", words);
    expect_words<int8_t>("c", host::sliced(words, 11));
  }
}

TEST(ArrowValues, OfADictionaryMayBeOfAnyType) {
  const auto of = [](const char* name, ArrowData values) {
    return host::dictionary(host::figures<int8_t>("c", name, {1, 0, std::nullopt, 1}), std::move(values));
  };
  expect_cells(of("attempts", host::figures<int64_t>("l", "", {7, 8})), attempts,
               {host::integer(8), host::integer(7), host::null(), host::integer(8)});
  expect_cells(of("deadline", host::figures<int32_t>("tdD", "", {0, 1})), deadline,
               {host::text("1970-01-02"), host::text("1970-01-01"), host::null(), host::text("1970-01-02")});
  expect_cells(of("score", decimals("d:9,1", "", 16, {5, 15})), score,
               {host::text("1.5"), host::text("0.5"), host::null(), host::text("1.5")});
  expect_cells(of("required", host::booleans("", {false, true})), required,
               {host::boolean(true), host::boolean(false), host::null(), host::boolean(true)});
}

}  // namespace
