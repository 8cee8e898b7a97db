// Cells that rows write in a short way: it must agree with the long one, which check_cell() and RapidJSON are.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "formats/format.hpp"
#include "formats/layout.hpp"
#include "json/json_writer.hpp"
#include "json/row_writer.hpp"

namespace {

using trainstat::Kind;
using trainstat::Layout;
using trainstat::Value;

Value text_of(const std::string& text) { return Value::of(std::string_view(text)); }

/// Writes rows in which only one column varies.
class Varied {
 public:
  Varied(std::string_view format_name, std::string_view key, const std::string& zone = "+00:00", bool extended = true)
      : zone_(*trainstat::Zone::named(zone)) {
    const trainstat::Format* format = nullptr;
    EXPECT_TRUE(trainstat::find_format(format_name, format).is_ok());
    layout_ = std::make_unique<Layout>(*format, std::span<const std::int32_t>(), extended);
    writer_ = std::make_unique<trainstat::RowWriter>(*layout_, zone_, buffer_, false);
    for (const trainstat::Column& column : layout_->columns()) {
      if (column.key == key) place_ = row_.size();
      row_.push_back(column.kind == Kind::text     ? Value::of(std::string_view("x"))
                     : column.kind == Kind::choice ? Value::of(column.rule.words.front())
                                                   : Value::of(std::int64_t{1}));
    }
  }

  /// Of the column, as the row has it: `"key":value`, or that it is refused.
  std::string written(Value value) {
    row_[place_] = value;
    std::string row = "refused";
    if (writer_->write(row_)) {
      row = buffer_.view();
      const std::size_t begin = row.find('"' + std::string(column().key) + "\":");
      row = begin == std::string::npos ? "left out" : row.substr(begin, row.find_first_of(",}", begin) - begin);
    } else if (writer_->refusal().column != static_cast<std::int32_t>(place_)) {
      row = "another column is refused";
    }
    buffer_.truncate(0);
    return row;
  }

  std::string by_the_long_way(Value value) {
    if (check_cell(column(), value, zone_, cell_) != trainstat::Fault::none) return "refused";
    trainstat::Buffer buffer;
    trainstat::JsonWriter json(buffer, false);
    json.begin_object();
    json.key(column().key);
    write_cell(json, column(), cell_);
    return std::string(buffer.view().substr(1));
  }

 private:
  const trainstat::Column& column() const { return layout_->columns()[place_]; }

  trainstat::Zone zone_;
  trainstat::Buffer buffer_;
  trainstat::Cell cell_;
  std::unique_ptr<Layout> layout_;
  std::unique_ptr<trainstat::RowWriter> writer_;
  std::vector<Value> row_;
  std::size_t place_ = 0;
};

struct MomentCase {
  const char* format;
  const char* key;
  const char* example;
};
constexpr MomentCase moments[] = {{"ekvio.trainings_statistic", "start_time", "2020-12-01T15:52:01+03:00"},
                                  {"eloomi.participants", "started_at", "2020-12-01 15:52:01"},
                                  {"eloomi.participants", "deadline", "2020-12-01"}};

TEST(UsualCells, AreTheSameMomentsFromSecondsInTheLongWay) {
  std::mt19937_64 random(11);  // NOLINT: the same moments at each run
  for (const char* const zone :
       {"+00:00", "-18:00", "+05:30", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "Africa/Monrovia"}) {
    for (const MomentCase& moment : moments) {
      Varied varied(moment.format, moment.key, zone);
      std::vector<std::int64_t> tried = {
          0,      -1,        1,          86399,      86400,      253402300799, 253402300800, 172799,   63593069,
          172800, 951782400, 4107542400, 4102271999, 4102272000, 253402365600, 4102444800,   63593070, 9223372036854775807};
      for (int more = 0; more < 7000; ++more) {
        const std::int64_t span = more % 2 == 0 ? 2'000'000'000 : 260'000'000'000;
        tried.push_back(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(span)) -
                        (more % 5 == 0 ? span / 2 : 0));
      }
      for (const std::int64_t seconds : tried) {
        ASSERT_EQ(varied.written(Value::of(seconds)), varied.by_the_long_way(Value::of(seconds))) << zone << ' ' << seconds;
      }
    }
  }
}

TEST(UsualCells, AreTheSameMomentsFromTextInTheLongWay) {
  for (const MomentCase& moment : moments) {
    Varied varied(moment.format, moment.key);
    const std::string example = moment.example;
    const auto expect_the_same = [&](std::string text) {
      text.resize(std::min(text.size(), example.size()));
      ASSERT_EQ(varied.written(text_of(text)), varied.by_the_long_way(text_of(text))) << text;
    };
    ASSERT_EQ(varied.written(text_of(example)), '"' + std::string(moment.key) + "\":\"" + example + '"');
    for (std::size_t at = 0; at < example.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string other = example;
        other[at] = static_cast<char>(byte);
        expect_the_same(other);
      }
      expect_the_same(example.substr(0, at));
      const std::string longer = example + example.substr(0, at + 1);
      ASSERT_EQ(varied.written(text_of(longer)), "refused") << longer;
    }
    const char between = example.size() > 10 ? example[10] : ' ';
    for (const int year : {0, 1, 4, 100, 400, 1900, 1999, 2000, 2019, 2020, 2100, 9999}) {
      for (int month = 0; month < 20; ++month) {
        for (int day = 0; day < 40; ++day)
          expect_the_same(fmt::format("{:04}-{:02}-{:02}{}00:00:00+00:00", year, month, day, between));
      }
    }
    if (between == ' ' && example.size() == 10) continue;
    for (int first = 0; first < 100; ++first) {
      for (int second = 0; second < 100; ++second) {
        for (const char sign : {'+', ',', '-'}) {
          expect_the_same(fmt::format("2020-02-29{}{:02}:{:02}:59{}18:00", between, first, second, sign));
          expect_the_same(fmt::format("2020-02-29{}23:{:02}:{:02}{}00:00", between, first, second, sign));
          expect_the_same(fmt::format("2020-02-29{}23:59:59{}{:02}:{:02}", between, sign, first, second));
        }
      }
    }
  }
}

TEST(UsualCells, AreTheSameDecimalsInTheLongWay) {
  std::mt19937_64 random(12);  // NOLINT: the same numbers at each run
  const auto below = [&](std::uint64_t limit) { return random() % limit; };
  for (const char* const key : {"progress", "score"}) {  // 0 to 100 without idle zeros; any, with two places
    Varied varied("eloomi.participants", key);
    const auto expect_the_same = [&](Value value, const std::string& what) {
      ASSERT_EQ(varied.written(value), varied.by_the_long_way(value)) << key << ' ' << what;
    };
    const auto expect_number = [&](double number) { expect_the_same(Value::of(number), fmt::format("{:.17g}", number)); };
    const auto expect_text = [&](const std::string& text) { expect_the_same(text_of(text), text); };
    for (int hundredths = 0; hundredths <= 10100; ++hundredths) {
      const double half = (hundredths + 0.5) / 100;
      for (const double number :
           {hundredths / 100.0, half, std::nextafter(half, 0), std::nextafter(half, 1e9), half + 1e-7, half - 1e-7}) {
        expect_number(number);
      }
      for (const char* const tail : {"", "0", "000", "5", "49999999", "50000000", "499999999"}) {
        expect_text(fmt::format("{}.{:02}{}", hundredths / 100, hundredths % 100, tail));
      }
      expect_text(fmt::format("00{}", hundredths));
      expect_the_same(Value::of(std::int64_t{hundredths}), fmt::format("integer {}", hundredths));
    }
    for (const double number :
         {-0.0, -0.001, -1.0, 100.00000000000001, 999999.99, 999999.994, 999999.995, 999999.996, 1e6, 1e15, 1e-300, 5e-324,
          std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
      expect_number(number);
      expect_number(-number);
    }
    for (int more = 0; more < 100000; ++more) {
      double number = 0;
      const std::uint64_t bits = random();
      std::memcpy(&number, &bits, sizeof number);
      expect_number(number);
      expect_number(static_cast<double>(below(1'000'000'000)) / (more % 2 == 0 ? 1e4 : 1e7));
    }
    for (const char* const text : {"",          "-0",         "-0.00",      "-1.005",       "+1",           ".",
                                   ".5",        "5.",         "1.2.3",      "1e2",          "0x1",          " 1",
                                   "1 ",        "1,5",        "100.0",      "100.00000000", "100.00000001", "999999",
                                   "999999.99", "999999.994", "999999.995", "1000000",      "1234567.891",  "0000001.5"}) {
      expect_text(text);
    }
    for (std::size_t at = 0; at < 5; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string other = "33.33";
        other[at] = static_cast<char>(byte);
        expect_text(other);
      }
    }
    for (const std::int64_t integer :
         {std::int64_t{-1}, std::int64_t{999999}, std::int64_t{1000000}, std::int64_t{INT64_MAX}, std::int64_t{INT64_MIN}}) {
      expect_the_same(Value::of(integer), fmt::format("integer {}", integer));
    }
  }
}

TEST(UsualCells, ThatAreNotWrittenAreCheckedAllTheSame) {
  Varied renewal("eloomi.participants", "renewal_at", "+00:00", false);  // nullable
  Varied status("eloomi.participants", "status", "+00:00", false);       // required where it is written
  for (const Value& value : {Value(), Value::of(Value::Kind::null), Value::of(std::int64_t{1})})
    EXPECT_EQ(renewal.written(value), "left out");
  EXPECT_EQ(renewal.written(text_of("tomorrow")), "refused");
  for (const Value& value : {Value(), Value::of(std::string_view("started"))}) EXPECT_EQ(status.written(value), "left out");
  EXPECT_EQ(status.written(Value::of(Value::Kind::null)), "refused");
  EXPECT_EQ(status.written(text_of("begun")), "refused");
}

}  // namespace
