// Packed batches, honest and lying, held where memory ends.
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
#include "abi/packing.hpp"
#include "abi/told_batch.hpp"

namespace {

using host::GuardedPage;
using host::Handle;
using host::Row;

const Row good = {host::integer(1), host::text("f"), host::text("m")};
constexpr char good_member[] = R"({"code":1,"field":"f","message":"m"})";

/// Rows with every kind of cell, some of them refused.
std::string mixed_batch() {
  const std::vector<Row> rows = {
      good,
      {host::boolean(true), host::text("\xd0\xb8\xf0\x9f\x98\x80"), host::text("")},
      {host::number(4.0), host::text("a\"b\\"), host::text("\x01/"), host::absent()},
      {host::text("-15"), host::null(), host::foreign()},
      {host::integer(std::numeric_limits<int64_t>::min()), host::text("f"), host::text("m"), host::foreign("kode")},
      {host::absent()},
      {},
      good,
  };
  return host::pack(rows);
}

TEST(Batch, IsTheOneDrawnInTheHeader) {
  const std::string drawn(
      "TSB1\x01\0\0\0"
      "\x03\0\0\0\x02\x01\x04\x07\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0"
      "ab",
      33);
  const Row row = {host::integer(7), host::null(), host::text("ab")};
  EXPECT_EQ(host::pack(std::span(&row, 1)), drawn);
  Handle report("ekvio.errors");
  EXPECT_EQ(report.append_batch(drawn), TS_ROW_REFUSED);
  EXPECT_EQ(report.error.column, 1);
}

TEST(Batch, CountsTheRowsTakenBeforeARefusal) {
  Handle report("ekvio.errors");
  const std::vector<Row> rows = {good, good, {host::integer(1)}, good};
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_batch(host::pack(rows), accepted), TS_ROW_REFUSED);
  EXPECT_EQ(accepted, 2U);
  EXPECT_EQ(report.error.row, 2);
  EXPECT_EQ(report.append_batch(host::pack(rows), accepted), TS_ROW_REFUSED);
  EXPECT_EQ(accepted, 2U);
  EXPECT_EQ(report.error.row, 5);
  EXPECT_EQ(nlohmann::json::parse(report.built())["errors"].size(), 4U);
}

TEST(Batch, OfNoRowsIsFine) {
  Handle report("ekvio.errors");
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_batch(host::pack({}), accepted), TS_OK);
  EXPECT_EQ(accepted, 0U);
}

TEST(Batch, ThatIsMalformedIsRefusedFromItsRowOn) {
  for (const char* options : {"", R"({"on_refused":"skip"})"}) {
    Handle report("ekvio.errors", options);
    std::string batch = host::pack(std::vector<Row>{good, good, good});
    batch.resize(batch.size() - 1);
    uint64_t accepted = 9;
    EXPECT_EQ(report.append_batch(batch, accepted), TS_BATCH_MALFORMED);
    EXPECT_EQ(accepted, 2U);
    EXPECT_EQ(report.error.row, 2);
    EXPECT_EQ(report.error.column, -1);
    EXPECT_EQ(report.append(good), TS_OK);
    EXPECT_EQ(report.built(), std::string("{\"errors\":[") + good_member + "," + good_member + "," + good_member + "]}");
  }
}

TEST(Batch, CutAnywhereIsMalformedAndKeepsTheRowsBeforeTheCut) {
  GuardedPage page;
  const std::string batch = host::pack(std::vector<Row>{good, good, good});
  const std::size_t row_size = (batch.size() - 8) / 3;
  for (std::size_t length = 0; length < batch.size(); ++length) {
    for (const char* options : {"", R"({"on_refused":"skip"})"}) {
      Handle report("ekvio.errors", options);
      uint64_t accepted = 9;
      ASSERT_EQ(report.append_batch(page.hold(std::string_view(batch).substr(0, length)), accepted), TS_BATCH_MALFORMED)
          << length;
      const std::size_t whole = length < 8 ? 0 : (length - 8) / row_size;
      ASSERT_EQ(accepted, whole) << length;
      ASSERT_EQ(report.error.row, static_cast<int64_t>(whole)) << length;
    }
  }
}

TEST(Batch, WithBytesBehindItsLastRowIsMalformed) {
  Handle report("ekvio.errors");
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_batch(host::pack(std::span(&good, 1)) + '\0', accepted), TS_BATCH_MALFORMED);
  EXPECT_EQ(accepted, 1U);
  EXPECT_EQ(report.error.row, 1);
}

TEST(Batch, OfAnotherMagicIsMalformed) {
  for (std::size_t place = 0; place < 4; ++place) {
    std::string batch = host::pack(std::span(&good, 1));
    batch[place] = static_cast<char>(batch[place] ^ 0x20);
    EXPECT_EQ(Handle("ekvio.errors").append_batch(batch), TS_BATCH_MALFORMED) << place;
  }
}

/// A batch whose bytes at `place` say `figure`.
template <class Figure>
std::string with(std::string batch, std::size_t place, Figure figure) {
  std::string bytes;
  host::put_figure(bytes, figure);
  return batch.replace(place, bytes.size(), bytes);
}

TEST(Batch, ThatLiesOfItsSizesCostsNoMemory) {
  GuardedPage page;
  const std::string batch = host::pack(std::span(&good, 1));
  constexpr std::size_t rows_at = 4;
  constexpr std::size_t cells_at = 8;
  constexpr std::size_t first_length_at = 8 + 4 + 3 + 8;
  std::vector<std::string> lies;
  for (const uint32_t count : {2U, 0x7fffffffU, 0x80000000U, 0xffffffffU}) lies.push_back(with(batch, rows_at, count));
  for (const uint32_t count : {1U, 2U, 4U, 0x1fffffffU, 0x20000000U, 0x7fffffffU, 0x80000000U, 0xffffffffU}) {
    lies.push_back(with(batch, cells_at, count));
  }
  for (const uint64_t length : {uint64_t{3}, uint64_t{1} << 31U, uint64_t{1} << 32U, (uint64_t{1} << 63U) - 1,
                                uint64_t{1} << 63U, ~uint64_t{0}, ~uint64_t{0} - first_length_at}) {
    lies.push_back(with(batch, first_length_at, length));
    lies.push_back(with(batch, first_length_at + 8, length));
  }
  const long before = host::memory_of_process("VmPeak");
  for (const std::string& lie : lies) {
    for (const char* options : {"", R"({"on_refused":"skip"})"}) {
      Handle report("ekvio.errors", options);
      const int32_t status = report.append_batch(page.hold(lie));
      EXPECT_TRUE(status == TS_BATCH_MALFORMED || status == TS_ROW_REFUSED) << status;
    }
  }
  EXPECT_LT(host::memory_of_process("VmPeak") - before, 4096);
}

TEST(Batch, OfManyCellsKeepsNoneOfThem) {
  // A million cells in one row: the row is too wide, and nothing of that width is kept.
  std::string batch = "TSB1";
  host::put_figure(batch, uint32_t{1});
  host::put_figure(batch, uint32_t{4000000});
  batch.append(4000000, '\0');
  const long before = host::memory_of_process("VmPeak");
  Handle report("ekvio.errors");
  EXPECT_EQ(report.append_batch(batch), TS_ROW_REFUSED);
  EXPECT_STREQ(report.error.message, "a row has at most 3 cells");
  EXPECT_LT(host::memory_of_process("VmPeak") - before, 4096);
}

TEST(Batch, WithAnyByteChangedIsWhatItTells) {
  GuardedPage page;
  const std::string batch = mixed_batch();
  for (std::size_t place = 0; place < batch.size(); ++place) {
    for (const int value : {0, 1, 2, 3, 4, 5, 6, 7, 8, 0x20, 0x22, 0x7f, 0x80, 0xc3, 0xff}) {
      std::string changed = batch;
      changed[place] = static_cast<char>(value);
      const std::string_view held = page.hold(changed);
      for (const char* options : {"", R"({"on_refused":"skip"})"})
        ASSERT_NO_FATAL_FAILURE(host::expect_as_told(held, host::tell(held), options)) << place;
    }
  }
}

TEST(Batch, ChangedAtRandomIsWhatItTells) {
  GuardedPage page;
  const std::string batch = mixed_batch();
  std::mt19937_64 random(20240703);  // NOLINT: the same changes at each run
  for (int round = 0; round < host::rounds_of_changes; ++round) {
    const std::string changed = host::changed_at_random(batch, random);
    const std::string_view held = page.hold(changed);
    const host::ToldBatch tale = host::tell(held);
    ASSERT_NO_FATAL_FAILURE(host::expect_as_told(held, tale, R"({"on_refused":"skip"})")) << "round " << round;
    if (round % 4 == 0) {
      ASSERT_NO_FATAL_FAILURE(host::expect_as_told(held, tale, "")) << "round " << round;
    }
  }
}

}  // namespace
