#include "sink/signal_block.hpp"

#include <gtest/gtest.h>

namespace {

bool is_waiting(int signal) {
  sigset_t waiting;
  sigpending(&waiting);
  return sigismember(&waiting, signal) == 1;
}

TEST(SignalBlock, SwallowsTheSignalThatComesWhileItLives) {
  {
    const trainstat::SignalBlock block;
    ASSERT_EQ(raise(SIGXFSZ), 0);
    ASSERT_EQ(raise(SIGPIPE), 0);
  }
  EXPECT_FALSE(is_waiting(SIGXFSZ));
  EXPECT_FALSE(is_waiting(SIGPIPE));
}

TEST(SignalBlock, LeavesASignalThatWasWaitingBefore) {
  sigset_t pipe;
  sigset_t before;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &pipe, &before), 0);
  raise(SIGPIPE);
  { const trainstat::SignalBlock block; }
  EXPECT_TRUE(is_waiting(SIGPIPE));
  constexpr timespec at_once{};
  EXPECT_EQ(sigtimedwait(&pipe, nullptr, &at_once), SIGPIPE);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
