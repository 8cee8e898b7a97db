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

TEST(Buffer, KeepsItsBytesWhileItGrowsLong) {
  Buffer buffer;
  std::string model;
  for (std::size_t size = 1; model.size() < (40U << 20U); size = size * 3 / 2 + 1) {
    const std::string bytes(size, static_cast<char>('a' + size % 26));
    buffer.append(bytes);
    model += bytes;
    ASSERT_TRUE(buffer.view() == model) << size;
    buffer.consume(size / 8);
    model.erase(0, size / 8);
    ASSERT_TRUE(buffer.view() == model) << size;
  }
}

TEST(Buffer, TerminatesWithoutCountingTheNul) {
  Buffer buffer;
  buffer.append("abc");
  buffer.terminate();
  EXPECT_EQ(buffer.size(), 3U);
  EXPECT_STREQ(buffer.view().data(), "abc");
}

TEST(Buffer, RefusesMoreThanMemoryCanHoldAndStaysAsItWas) {
  const std::size_t half = static_cast<std::size_t>(-1) / 2;
  for (const std::size_t size : {3U, 5U << 20U}) {
    const std::string bytes(size, 'x');
    Buffer buffer;
    buffer.append(bytes);
    for (const std::size_t impossible : {half + 1, half - size, half / 4}) {
      EXPECT_THROW(buffer.append({"x", impossible}), std::bad_alloc);
      EXPECT_TRUE(buffer.view() == bytes) << size;
    }
  }
}

}  // namespace
