#include "sink/buffer.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace {

using trainstat::Buffer;

TEST(Buffer, HoldsWhatAPlainStringWouldHold) {
  Buffer buffer;
  std::string model;
  std::mt19937 random(3);
  for (int i = 0; i < 20000; ++i) {
    const std::string bytes(random() % 300, static_cast<char>('a' + i % 26));
    switch (random() % 4) {
      case 0:
        buffer.append(bytes);
        model += bytes;
        break;
      case 1:
        for (const char byte : bytes) buffer.put(byte);
        model += bytes;
        break;
      case 2: {
        const std::size_t count = random() % (model.size() + 1);
        buffer.consume(count);
        model.erase(0, count);
        break;
      }
      default: {
        const std::size_t size = model.size() - std::min<std::size_t>(model.size(), random() % 100);
        buffer.truncate(size);
        model.resize(size);
        break;
      }
    }
    ASSERT_EQ(buffer.view(), model);
  }
}

TEST(Buffer, TerminatesWithoutCountingTheNul) {
  Buffer buffer;
  buffer.append("abc");
  buffer.terminate();
  EXPECT_EQ(buffer.size(), 3U);
  EXPECT_STREQ(buffer.view().data(), "abc");
}

TEST(Buffer, RefusesMoreThanMemoryCanHold) {
  Buffer buffer;
  buffer.append("abc");
  const std::string_view impossible("x", static_cast<std::size_t>(-1) / 2 + 1);
  EXPECT_THROW(buffer.append(impossible), std::bad_alloc);
  EXPECT_EQ(buffer.view(), "abc");
}

}  // namespace
