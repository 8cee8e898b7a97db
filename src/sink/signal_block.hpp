// Signals that a failed write sends, kept from ending the host.
#pragma once

#include <csignal>
#include <ctime>
#include <initializer_list>

namespace trainstat {

/// While it lives, SIGXFSZ and SIGPIPE of this thread's writes are errors and no more. One that was already waiting stays so.
class SignalBlock {
 public:
  SignalBlock() {
    sigemptyset(&signals_);
    for (const int signal : {SIGXFSZ, SIGPIPE}) sigaddset(&signals_, signal);
    sigpending(&waiting_);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  SignalBlock(const SignalBlock&) = delete;
  SignalBlock& operator=(const SignalBlock&) = delete;

  ~SignalBlock() {
    sigset_t ours;
    sigemptyset(&ours);
    bool any = false;
    for (const int signal : {SIGXFSZ, SIGPIPE}) {
      if (sigismember(&waiting_, signal) == 0) {
        sigaddset(&ours, signal);
        any = true;
      }
    }
    constexpr timespec at_once{};
    while (any && sigtimedwait(&ours, nullptr, &at_once) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t signals_{};
  sigset_t waiting_{};
  sigset_t before_{};
};

}  // namespace trainstat
