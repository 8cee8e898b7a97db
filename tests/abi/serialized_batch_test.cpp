// Rows as PHP's serialize() writes them, honest and lying, held where memory ends.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "abi/changed_batch.hpp"
#include "abi/guarded_page.hpp"
#include "abi/handle.hpp"
#include "abi/memory_of_process.hpp"
#include "abi/serializing.hpp"
#include "abi/told_serialized.hpp"

namespace {

using host::Handle;
using host::KeyedRow;

const std::vector<std::string> keys = {"code", "field", "message"};
constexpr char other_bytes[] = "\x01 \"-.0159:;ENRabdis{}\x7f\x80\xff";  // and NUL
const KeyedRow good = {{"code", host::integer(1)}, {"field", host::text("f")}, {"message", host::text("m")}};
constexpr char good_member[] = R"({"code":1,"field":"f","message":"m"})";

std::string serialized(const std::vector<KeyedRow>& rows) { return host::serialize(rows); }

/// Rows with every kind of cell, some of them refused, their keys in some orders.
std::string mixed_batch() {
  return serialized({
      good,
      {{"field", host::text("\xd0\xb8\xf0\x9f\x98\x80")}, {"message", host::text("")}, {"code", host::boolean(true)}},
      {{"field", host::text("a\"b\\")}, {"message", host::text("\x01/")}, {"code", host::number(4.0)}},
      {{"field", host::null()}, {"message", host::foreign()}, {"code", host::text("-15")}},
      {{"code", host::integer(std::numeric_limits<int64_t>::min())},
       {"kode", host::null()},
       {"8", host::boolean(false)},
       {"message", host::text("m")},
       {"field", host::text("f")}},
      {},
      good,
      good,
  });
}

TEST(SerializedBatch, IsTheOneDrawnInTheHeader) {
  const std::string drawn = R"(a:1:{i:0;a:3:{s:4:"code";i:7;s:5:"field";N;s:7:"message";s:2:"ab";}})";
  EXPECT_EQ(serialized({{{"code", host::integer(7)}, {"field", host::null()}, {"message", host::text("ab")}}}), drawn);
  Handle report("ekvio.errors");
  EXPECT_EQ(report.append_batch(drawn), TS_ROW_REFUSED);
  EXPECT_EQ(report.error.column, 1);
}

TEST(SerializedBatch, CountsTheRowsTakenBeforeARefusal) {
  Handle report("ekvio.errors");
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_batch(serialized({good, good, {{"code", host::integer(1)}}, good}), accepted), TS_ROW_REFUSED);
  EXPECT_EQ(accepted, 2U);
  EXPECT_EQ(report.error.row, 2);
  EXPECT_EQ(nlohmann::json::parse(report.built())["errors"].size(), 2U);
}

TEST(SerializedBatch, TakesKeysInAnyOrderRowByRow) {
  const KeyedRow turned = {good[2], good[0], good[1]};
  const KeyedRow other_turn = {good[1], good[2], good[0]};
  Handle report("ekvio.errors");
  EXPECT_EQ(report.append_batch(serialized({turned, turned, good, other_turn, good, turned})), TS_OK);
  std::string members = good_member;
  for (int more = 1; more < 6; ++more) members += std::string(",") + good_member;
  EXPECT_EQ(report.built(), "{\"errors\":[" + members + "]}");
}

TEST(SerializedBatch, LeavesOutOfARowWhatOnlyTheRowBeforeHad) {
  Handle report("eloomi.participants");
  const KeyedRow much = {{"course_id", host::integer(1)}, {"user_id", host::integer(2)}, {"attempts", host::integer(3)}};
  EXPECT_EQ(report.append_batch(serialized({much, {much[0], much[1]}, {much[1], much[0]}, much})), TS_OK);
  const auto rows = nlohmann::json::parse(report.built())["data"];
  EXPECT_EQ(rows[0]["attempts"], 3);
  EXPECT_EQ(rows[1]["attempts"], 0);
  EXPECT_EQ(rows[2]["attempts"], 0);
  EXPECT_EQ(rows[3]["attempts"], 3);
}

TEST(SerializedBatch, NamesTheFirstKeyThatNoColumnHas) {
  for (const auto& [key, other] : {std::pair("kode", "8"), std::pair("8", "kode")}) {
    Handle report("ekvio.errors", R"({"on_refused":"skip"})");
    const KeyedRow surplus = {good[0], {key, host::null()}, good[1], {other, host::integer(1)}, good[2]};
    EXPECT_EQ(report.append_batch(serialized({good, surplus, surplus, good})), TS_OK);
    const auto problems = nlohmann::json::parse(report.problems());
    EXPECT_EQ(problems["accepted"], 2);
    for (const auto& problem : problems["problems"]) {
      EXPECT_TRUE(problem["message"].get<std::string>().starts_with(std::string("no column is named ") + key)) << problem;
    }
  }
}

TEST(SerializedBatch, CountsTheLastOfAKeyThatStandsTwice) {
  Handle report("ekvio.errors");
  const KeyedRow twice = {{"code", host::null()}, good[1], good[2], good[0]};
  EXPECT_EQ(report.append_batch(serialized({twice, twice})), TS_OK);
}

TEST(SerializedBatch, OfNoRowsIsFine) {
  Handle report("ekvio.errors");
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_batch("a:0:{}", accepted), TS_OK);
  EXPECT_EQ(accepted, 0U);
}

TEST(SerializedBatch, CutAnywhereIsMalformedAndKeepsTheRowsBeforeTheCut) {
  host::GuardedPage page;
  const std::string batch = serialized({good, good, good});
  const std::size_t head_size = serialized({}).size() - 1;
  const std::size_t row_size = (batch.size() - head_size - 1) / 3;
  for (std::size_t length = 2; length < batch.size(); ++length) {
    for (const char* options : {"", R"({"on_refused":"skip"})"}) {
      Handle report("ekvio.errors", options);
      uint64_t accepted = 9;
      ASSERT_EQ(report.append_batch(page.hold(std::string_view(batch).substr(0, length)), accepted), TS_BATCH_MALFORMED)
          << length;
      const std::size_t whole = length < head_size ? 0 : (length - head_size) / row_size;
      ASSERT_EQ(accepted, whole) << length;
      ASSERT_EQ(report.error.row, static_cast<int64_t>(whole)) << length;
    }
  }
}

TEST(SerializedBatch, WithWhatNoPlainRowHasIsMalformed) {
  const std::string head = R"(a:2:{i:0;a:3:{s:4:"code";i:1;s:5:"field";s:1:"f";s:7:"message";s:1:"m";}i:1;)";
  for (const char* row : {R"(a:1:{s:4:"code";O:8:"stdClass":0:{}})", R"(a:1:{s:4:"code";a:1:{i:0;i:1;}})",
                          R"(a:1:{s:4:"code";E:6:"A:Case";})", R"(a:2:{s:4:"code";i:1;s:5:"field";R:2;})",
                          R"(a:1:{s:4:"code";i:9223372036854775808;})", R"(a:1:{s:4:"code";i:;})", R"(a:1:{s:4:"code";b:2;})",
                          R"(a:1:{s:4:"code";d:;})", R"(a:1:{d:1;i:1;})", R"(a:1:{N;i:1;})", "i:5;", "N;", "a:-1:{}"}) {
    Handle report("ekvio.errors");
    uint64_t accepted = 9;
    EXPECT_EQ(report.append_batch(head + row + "}", accepted), TS_BATCH_MALFORMED) << row;
    EXPECT_EQ(accepted, 1U) << row;
    EXPECT_EQ(report.error.row, 1) << row;
  }
}

TEST(SerializedBatch, WithBytesBehindItsLastRowIsMalformed) {
  for (const std::string& batch : {serialized({good}) + ' ', serialized({good}) + "}", "a:0:" + serialized({good}).substr(4)}) {
    Handle report("ekvio.errors");
    EXPECT_EQ(report.append_batch(batch), TS_BATCH_MALFORMED) << batch;
  }
}

TEST(SerializedBatch, ThatLiesOfItsSizesCostsNoMemory) {
  std::string wide = "a:1:{i:0;a:1000000:{";
  for (int key = 0; key < 1000000; ++key) wide += "i:5;N;";
  wide += "}}";
  host::GuardedPage page;
  const long before = host::memory_of_process("VmPeak");
  for (const char* figures : {"2", "2147483647", "4294967295", "999999999999999999", "18446744073709551615"}) {
    for (const std::string& lie : {"a:" + std::string(figures) + ":{i:0;a:1:{s:4:\"code\";i:1;}}",
                                   "a:1:{i:0;a:" + std::string(figures) + ":{s:4:\"code\";i:1;}}",
                                   "a:1:{i:0;a:1:{s:" + std::string(figures) + ":\"code\";i:1;}}",
                                   "a:1:{i:0;a:1:{s:4:\"code\";s:" + std::string(figures) + ":\"1\";}}"}) {
      for (const char* options : {"", R"({"on_refused":"skip"})"}) {
        Handle report("ekvio.errors", options);
        const int32_t status = report.append_batch(page.hold(lie));
        EXPECT_TRUE(status == TS_BATCH_MALFORMED || status == TS_ROW_REFUSED) << lie << status;
      }
    }
  }
  Handle report("ekvio.errors");
  EXPECT_EQ(report.append_batch(wide), TS_ROW_REFUSED);
  EXPECT_LT(host::memory_of_process("VmPeak") - before, 4096);
}

TEST(SerializedBatch, WithAnyByteChangedIsWhatItTells) {
  host::GuardedPage page;
  const std::string batch = mixed_batch();
  for (std::size_t place = 2; place < batch.size(); ++place) {
    for (const char value : other_bytes) {
      std::string changed = batch;
      changed[place] = value;
      const std::string_view held = page.hold(changed);
      for (const char* options : {"", R"({"on_refused":"skip"})"}) {
        ASSERT_NO_FATAL_FAILURE(host::expect_as_told(held, host::SerializedTeller(held, keys).tell(), options))
            << place << changed;
      }
    }
  }
}

TEST(SerializedBatch, ChangedAtRandomIsWhatItTells) {
  host::GuardedPage page;
  const std::string batch = mixed_batch();
  std::mt19937_64 random(20261126);  // NOLINT: the same changes at each run
  for (int round = 0; round < host::rounds_of_changes; ++round) {
    const std::string changed = "a:" + host::changed_at_random(batch.substr(2), random);
    const std::string_view held = page.hold(changed);
    const host::ToldBatch tale = host::SerializedTeller(held, keys).tell();
    ASSERT_NO_FATAL_FAILURE(host::expect_as_told(held, tale, R"({"on_refused":"skip"})")) << "round " << round;
    if (round % 4 == 0) {
      ASSERT_NO_FATAL_FAILURE(host::expect_as_told(held, tale, "")) << "round " << round;
    }
  }
}

}  // namespace
