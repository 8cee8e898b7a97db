#include "json/row_writer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "formats/format.hpp"
#include "formats/layout.hpp"

namespace {

using trainstat::Buffer;
using trainstat::Layout;
using trainstat::RowWriter;
using trainstat::Value;
using trainstat::Zone;

/// A writer of one moment a row, in the column `start_time`.
class Moments {
 public:
  explicit Moments(const std::string& zone) : zone_(*Zone::named(zone)) {
    const trainstat::Format* format = nullptr;
    EXPECT_TRUE(trainstat::find_format("ekvio.trainings_statistic", format).is_ok());
    layout_ = std::make_unique<Layout>(*format, std::span<const std::int32_t>(), false);
    writer_ = std::make_unique<RowWriter>(*layout_, zone_, buffer_, false);
    row_.assign(layout_->columns().size(), Value::of(std::int64_t{1}));
    for (std::size_t column = 0; column < row_.size(); ++column) {
      using enum trainstat::Kind;
      const trainstat::Kind kind = layout_->columns()[column].kind;
      if (kind == text) row_[column] = Value::of(std::string_view("x"));
      if (kind == choice) row_[column] = Value::of(layout_->columns()[column].rule.words.front());
      if (layout_->columns()[column].key == "start_time") moment_ = column;
    }
  }

  std::string row(Value value) {
    row_[moment_] = value;
    const std::string written = writer_->write(row_) ? std::string(buffer_.view()) : writer_->refusal().message.c_str();
    buffer_.truncate(0);
    return written;
  }

 private:
  Zone zone_;
  Buffer buffer_;
  std::unique_ptr<Layout> layout_;
  std::unique_ptr<RowWriter> writer_;
  std::vector<Value> row_;
  std::size_t moment_ = 0;
};

// Seconds as an integer go the short way, as text the long one.
TEST(RowWriter, WritesTheSameMomentBothWays) {
  std::mt19937_64 random(11);  // NOLINT: the same moments at each run
  for (const char* const zone :
       {"+00:00", "-18:00", "+05:30", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "Africa/Monrovia"}) {
    Moments moments(zone);
    std::vector<std::int64_t> tried = {
        0,      -1,        1,          86399,      86400,      253402300799, 253402300800, 172799,
        172800, 951782400, 4107542400, 4102271999, 4102272000, 253402365600, 4102444800,   9223372036854775807};
    for (int more = 0; more < 20000; ++more) {
      const std::int64_t span = more % 2 == 0 ? 2'000'000'000 : 260'000'000'000;
      tried.push_back(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(span)) - (more % 5 == 0 ? span / 2 : 0));
    }
    for (const std::int64_t seconds : tried) {
      ASSERT_EQ(moments.row(Value::of(seconds)), moments.row(Value::of(std::string_view(std::to_string(seconds)))))
          << zone << ' ' << seconds;
    }
  }
}

/// What check_moment() and RapidJSON make of it, which the short way must not differ from.
std::string by_the_long_way(const std::string& text) {
  trainstat::Cell cell;
  const trainstat::Fault fault = trainstat::check_moment(Value::of(std::string_view(text)), Zone(), cell);
  return fault == trainstat::Fault::none ? "\"start_time\":\"" + std::string(cell.text) + '"' : "refused";
}

TEST(RowWriter, TakesTheSameMomentsAsTextAsTheLongWay) {
  Moments moments("+00:00");
  const auto expect_the_same = [&](const std::string& text) {
    const std::string written = moments.row(Value::of(std::string_view(text)));
    const std::string expected = by_the_long_way(text);
    const bool is_taken = written.find(expected) != std::string::npos;
    const bool is_refused = written.find("start_time must") == 0;
    ASSERT_TRUE(expected == "refused" ? is_refused : is_taken) << text << ": " << written << ", not " << expected;
  };
  const std::string moment = "2020-12-01T15:52:01+03:00";
  for (std::size_t at = 0; at < moment.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string other = moment;
      other[at] = static_cast<char>(byte);
      expect_the_same(other);
    }
    expect_the_same(moment.substr(0, at));
    expect_the_same(moment + moment.substr(0, at));
  }
  for (const int year : {0, 1, 4, 100, 400, 1900, 1999, 2000, 2019, 2020, 2100, 9999}) {
    for (int month = 0; month < 20; ++month) {
      for (int day = 0; day < 40; ++day) expect_the_same(fmt::format("{:04}-{:02}-{:02}T00:00:00+00:00", year, month, day));
    }
  }
  for (int first = 0; first < 100; ++first) {
    for (int second = 0; second < 100; ++second) {
      for (const char sign : {'+', ',', '-'}) {
        expect_the_same(fmt::format("2020-02-29T{:02}:{:02}:59{}18:00", first, second, sign));
        expect_the_same(fmt::format("2020-02-29T23:{:02}:{:02}{}00:00", first, second, sign));
        expect_the_same(fmt::format("2020-02-29T23:59:59{}{:02}:{:02}", sign, first, second));
      }
    }
  }
}

TEST(RowWriter, WritesTheSameChoiceForEveryWordAndRefusesEveryOther) {
  const trainstat::Format* format = nullptr;
  ASSERT_TRUE(trainstat::find_format("ekvio.integration_status", format).is_ok());
  const Layout layout(*format, {}, false);
  const Zone zone;
  Buffer buffer;
  RowWriter writer(layout, zone, buffer, false);
  for (const std::string word : {"progress", "fail"}) {
    ASSERT_TRUE(writer.write(std::vector{Value::of(std::string_view(word))}));
    EXPECT_EQ(buffer.view(), "{\"status\":\"" + word + "\"}");
    buffer.truncate(0);
    for (std::size_t at = 0; at < word.size(); ++at) {
      std::string other = word;
      other[at] = static_cast<char>(other[at] ^ 1);
      EXPECT_FALSE(writer.write(std::vector{Value::of(std::string_view(other))}));
      EXPECT_FALSE(writer.write(std::vector{Value::of(std::string_view(word).substr(0, at))}));
      buffer.truncate(0);
    }
    for (const std::string& other : {word + " ", word + std::string(1, '\0'), " " + word}) {
      EXPECT_FALSE(writer.write(std::vector{Value::of(std::string_view(other))}));
      buffer.truncate(0);
    }
  }
}

TEST(RowWriter, MakesRoomForTextsOfAnyLength) {
  const trainstat::Format* format = nullptr;
  ASSERT_TRUE(trainstat::find_format("ekvio.errors", format).is_ok());
  const Layout layout(*format, {}, false);
  const Zone zone;
  for (std::size_t length = 0; length < 20000; length = length * 9 / 8 + 1) {
    Buffer buffer;  // which has no room at first
    RowWriter writer(layout, zone, buffer, false);
    const std::string field(length, 'f');
    const std::string message(3 * length, 'm');
    ASSERT_TRUE(writer.write(
        std::vector{Value::of(std::int64_t{1}), Value::of(std::string_view(field)), Value::of(std::string_view(message))}));
    ASSERT_EQ(buffer.view(), "{\"code\":1,\"field\":\"" + field + "\",\"message\":\"" + message + "\"}");
  }
}

TEST(RowWriter, MakesNoRoomForATextThatIsRefused) {
  const trainstat::Format* format = nullptr;
  ASSERT_TRUE(trainstat::find_format("ekvio.errors", format).is_ok());
  const Layout layout(*format, {}, false);
  const Zone zone;
  Buffer buffer;
  RowWriter writer(layout, zone, buffer, false);
  const std::string text(std::size_t{1} << 20U, '\xFF');
  const std::vector<Value> row = {Value::of(std::int64_t{1}), Value::of(std::string_view(text)),
                                  Value::of(std::string_view(""))};
  ASSERT_FALSE(writer.write(row));
  EXPECT_EQ(writer.refusal().code, trainstat::Code::row_refused);
  EXPECT_LT(buffer.room_end() - buffer.room(0), 100000);
}

}  // namespace
