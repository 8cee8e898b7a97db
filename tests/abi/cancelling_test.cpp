// A host that cancels its threads (pthread_cancel) in the middle of our calls.
#include <gtest/gtest.h>
#include <pthread.h>
#include <trainstat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace {

/// Writes reports to a file, which passes many points at which a thread may be cancelled, until it is.
void* write_for_ever(void* options) {
  const std::string format = "eloomi.participants";
  const auto& text = *static_cast<const std::string*>(options);
  for (;;) {
    ts_report* report = nullptr;
    if (ts_report_open(format.data(), format.size(), text.data(), text.size(), &report, nullptr) == TS_OK) {
      const char* json = nullptr;
      size_t length = 0;
      ts_report_build(report, &json, &length, nullptr);
      ts_report_close(report);
    }
    pthread_testcancel();
  }
}

TEST(Cancelling, AThreadInTheMiddleOfACallLeavesTheHostAlive) {
  const std::string path = testing::TempDir() + "trainstat-cancelled-" + std::to_string(::getpid()) + ".json";
  std::string options = R"({"file":")" + path + "\"}";
  for (unsigned round = 0; round < 50; ++round) {
    pthread_t thread{};
    ASSERT_EQ(pthread_create(&thread, nullptr, &write_for_ever, &options), 0);
    ::usleep(200 + 37 * round);
    ASSERT_EQ(pthread_cancel(thread), 0);
    void* outcome = nullptr;
    ASSERT_EQ(pthread_join(thread, &outcome), 0);
    EXPECT_EQ(outcome, PTHREAD_CANCELED);
  }
  std::filesystem::remove(path);
}

}  // namespace
