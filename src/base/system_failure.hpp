// What the system says when a call of its fails.
#pragma once

#include <cstring>
#include <string_view>

#include "base/status.hpp"

namespace trainstat {

/// `reason` is the errno, which becomes the detail.
inline Status system_failure(Code code, std::string_view what, int reason) {
#if defined(__GLIBC__)
  const char* const text = ::strerrordesc_np(reason);  // neither translated nor shared between threads
#else
  const char* const text = nullptr;
#endif
  Status status =
      text != nullptr ? Status::failure(code, "{}: {}", what, text) : Status::failure(code, "{}: error {}", what, reason);
  status.detail = reason;
  return status;
}

}  // namespace trainstat
