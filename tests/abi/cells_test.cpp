// Cells that lie about themselves, and texts that end where memory does.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "abi/guarded_page.hpp"
#include "abi/handle.hpp"
#include "abi/sample.hpp"

namespace {

using host::GuardedPage;
using host::Handle;
using host::Row;

TEST(Cells, OfUnknownKindAreRefusedAsForeign) {
  for (const int32_t kind :
       {-1, 7, 8, 255, 256, 65538, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()}) {
    Handle report("ekvio.errors");
    ts_value cell = host::integer(5);
    cell.kind = kind;
    EXPECT_EQ(report.append({cell, host::text("f"), host::text("m")}), TS_ROW_REFUSED) << kind;
    EXPECT_EQ(report.error.column, 0);
    EXPECT_STREQ(report.error.message, "code must be an integer");
  }
}

TEST(Cells, OfZeroedMemoryAreAbsent) {
  Handle report("ekvio.errors");
  EXPECT_EQ(report.append(Row(3)), TS_ROW_REFUSED);
  EXPECT_STREQ(report.error.message, "code is required");
}

TEST(Cells, WithTextThatCannotBeAreRefused) {
  Handle report("ekvio.errors");
  ts_value nowhere = host::text({});
  nowhere.value.text = nullptr;
  nowhere.length = 5;
  EXPECT_EQ(report.append({host::integer(1), nowhere, host::text("m")}), TS_ROW_REFUSED);
  EXPECT_EQ(report.error.column, 1);
  ts_value endless = host::text("abc");
  endless.length = std::numeric_limits<size_t>::max();
  EXPECT_EQ(report.append({host::integer(1), endless, host::text("m")}), TS_ROW_REFUSED);
  EXPECT_EQ(report.error.column, 1);
}

TEST(Cells, OfNoTextAreTheEmptyText) {
  Handle report("ekvio.errors");
  ts_value nothing = host::text({});
  nothing.value.text = nullptr;
  EXPECT_EQ(report.append({host::integer(1), nothing, host::text("m")}), TS_OK);
  EXPECT_EQ(report.built(), R"({"errors":[{"code":1,"field":"","message":"m"}]})");
}

TEST(Cells, ReservedMembersAreNotLookedAt) {
  Handle report("ekvio.errors");
  ts_value code = host::integer(1);
  code.reserved = -1;
  code.length = std::numeric_limits<size_t>::max();
  EXPECT_EQ(report.append({code, host::text("f"), host::text("m")}), TS_OK);
}

TEST(Cells, MoreThanTheColumnsAreNotRead) {
  // The cells end where memory does; only the ones up to one past the last column may be looked at.
  const Row row = {host::integer(1), host::text("f"), host::text("m"), host::integer(1)};
  GuardedPage page;
  const std::string_view bytes(reinterpret_cast<const char*>(row.data()), row.size() * sizeof(ts_value));
  const auto* const cells = reinterpret_cast<const ts_value*>(page.hold(bytes).data());
  Handle report("ekvio.errors");
  EXPECT_EQ(ts_row_append(report.raw(), cells, std::numeric_limits<size_t>::max(), &report.error), TS_ROW_REFUSED);
  EXPECT_STREQ(report.error.message, "a row has at most 3 cells");
}

/// Texts that make each kind's reader go on to the very end.
std::vector<std::string> endings() {
  return {"",
          "1",
          "+",
          "-",
          ".",
          ":",
          "P",
          "PT1",
          "PT0.",
          "+1:2:3",
          "\xd0",
          "\xe2\x82",
          "\xf0\x9f\x98",
          "\xed\xa0",
          "\xc3\xa9",
          "2024-02-29",
          "2024-02-29T10:20:30+0",
          "2024-02-29 10:20:30",
          "T",
          "Z",
          "Unknow",
          "complete",
          "\"",
          "\\",
          "\x1f",
          "<",
          "\xe2\x80"};
}

TEST(Texts, AtTheEndOfMemoryAreReadNoFurther) {
  GuardedPage page;
  const host::Sample& statistic = host::sample("statistic");
  const host::Sample& participants = host::sample("participants");
  for (std::size_t length = 0; length <= 200; ++length) {
    for (const std::string& ending : endings()) {
      if (ending.size() > length) continue;
      const bool is_figure = !ending.empty() && ending.find_first_not_of("0123456789.+-:PTZ ") == std::string::npos;
      const std::string_view held = page.hold(std::string(length - ending.size(), is_figure ? '0' : 'a') + ending);
      for (const host::Sample* sample : {&statistic, &participants}) {
        Handle report(sample->format, R"({"html_safe":true})");
        for (std::size_t column = 0; column < 13; ++column) {
          Row row = sample->rows[0];
          row.resize(13);
          row[column] = host::text(held);
          const int32_t status = report.append(row);
          ASSERT_TRUE(status == TS_OK || status == TS_ROW_REFUSED);
        }
        Row row = sample->rows[0];
        row.resize(sample == &statistic ? 35 : 13);
        row.push_back(host::foreign(held));
        ASSERT_EQ(report.append(row), TS_ROW_REFUSED);
      }
      ts_report* report = nullptr;
      ts_error error;
      ASSERT_EQ(ts_report_open(held.data(), held.size(), nullptr, 0, &report, &error), TS_UNKNOWN_FORMAT);
      const char* json = nullptr;
      size_t size = 0;
      ASSERT_EQ(ts_format_describe(held.data(), held.size(), &json, &size, &error), TS_UNKNOWN_FORMAT);
    }
  }
}

TEST(Texts, OfOptionsAtTheEndOfMemoryAreReadNoFurther) {
  GuardedPage page;
  const std::string options =
      R"( {"forms":[8,9],"timezone":"Europe/Berlin","on_refused":"skip","html_safe":true,"file":null,"message":{"a":[1e5,"\u00e9\ud83d\ude00"]}} )";
  for (std::size_t length = 1; length < options.size(); ++length) {
    const std::string_view held = page.hold(std::string_view(options).substr(0, length));
    Handle report;
    ASSERT_EQ(report.open("ekvio.trainings_statistic", held), TS_BAD_OPTION) << held;
    for (const char byte : {'\0', '\xff', '{', '"', '\\'}) {
      std::string changed(held);
      changed.back() = byte;
      report.open("ekvio.trainings_statistic", page.hold(changed));
      report.close();
    }
  }
}

TEST(Texts, OfEveryKindAtTheEndOfMemoryAreTakenWhole) {
  GuardedPage page;
  Handle report("ekvio.errors");
  std::string expected = "{\"errors\":[";
  for (std::size_t length = 0; length <= 200; ++length) {
    const std::string letters(length, 'x');
    ASSERT_EQ(report.append({host::integer(0), host::text("f"), host::text(page.hold(letters))}), TS_OK);
    expected += std::string(length > 0 ? "," : "") + R"({"code":0,"field":"f","message":")" + letters + "\"}";
  }
  EXPECT_EQ(report.built(), expected + "]}");
}

}  // namespace
