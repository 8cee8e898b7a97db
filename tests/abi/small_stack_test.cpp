// Hosts call from threads with little stack (musl's have 128 KiB): a row takes as much of it as another, however many cells it has.
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "abi/handle.hpp"
#include "abi/packing.hpp"

namespace {

using host::Handle;
using host::Row;

/// How much of a thread's stack a call takes.
std::size_t stack_of(std::function<void()> call) {
  constexpr std::size_t size = std::size_t{8} << 20;
  constexpr std::size_t page = 4096;
  constexpr char untouched = '\x5A';
  std::vector<char> memory(size + page, untouched);
  char* const stack = memory.data() + (page - reinterpret_cast<std::uintptr_t>(memory.data()) % page);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  EXPECT_EQ(pthread_attr_setstack(&attributes, stack, size), 0);
  pthread_t thread{};
  const auto run = [](void* what) -> void* {
    (*static_cast<std::function<void()>*>(what))();
    return nullptr;
  };
  EXPECT_EQ(pthread_create(&thread, &attributes, run, &call), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  const std::span<const char> all(stack, size);
  return static_cast<std::size_t>(all.end() - std::ranges::find_if(all, [](char byte) { return byte != untouched; }));
}

/// The stack that a row with so many answers takes, as cells and packed.
std::size_t stack_of_row(std::size_t answers, ts_value answer) {
  std::string options = R"({"html_safe":true,"forms":[)";
  for (std::size_t form = 1; form <= answers; ++form) options += std::to_string(form) + (form < answers ? "," : "]}");
  Handle report("ekvio.trainings_statistic", options);
  using host::integer;
  using host::text;
  Row row(35);
  for (ts_value& cell : row) cell = integer(1);
  row[2] = row[4] = row[8] = text("name");
  row[3] = text("active");
  row[19] = text("passed");
  for (std::size_t group = 27; group < 35; ++group) row[group] = text("group");
  row.resize(35 + answers, answer);
  const std::string batch = host::pack(std::span(&row, 1));
  return stack_of([&] {
    EXPECT_EQ(report.append(row), TS_OK) << report.error.message;
    EXPECT_EQ(report.append_batch(batch), TS_OK) << report.error.message;
  });
}

constexpr std::size_t many = 5000;
constexpr std::size_t few = 10;
constexpr std::size_t slack = 16384;  // for what the dynamic linker does in a first call

TEST(SmallStack, IsEnoughForManyUsualCells) {
  EXPECT_LE(stack_of_row(many, host::text("answer")), stack_of_row(few, host::text("answer")) + slack);
}

TEST(SmallStack, IsEnoughForManyAbsentCells) {
  EXPECT_LE(stack_of_row(many, host::absent()), stack_of_row(few, host::absent()) + slack);
}

TEST(SmallStack, IsEnoughForManyTextsThatGoTheLongWay) {
  EXPECT_LE(stack_of_row(many, host::text("a<b")), stack_of_row(few, host::text("a<b")) + slack);
}

}  // namespace
