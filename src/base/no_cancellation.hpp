// Threads that a host cancels, kept from ending in the middle of our work.
#pragma once

#include <pthread.h>

namespace trainstat {

/// A cancelled thread is unwound by force, which no function of ours lets through: while this lives there is none.
class NoCancellation {
 public:
  NoCancellation() { ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  NoCancellation(const NoCancellation&) = delete;
  NoCancellation& operator=(const NoCancellation&) = delete;
  ~NoCancellation() { ::pthread_setcancelstate(before_, nullptr); }

 private:
  int before_ = PTHREAD_CANCEL_ENABLE;
};

}  // namespace trainstat
