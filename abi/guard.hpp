// The firewall: nothing but a status crosses into C.
#pragma once

#include <trainstat.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>

#include "base/no_cancellation.hpp"
#include "base/status.hpp"

namespace trainstat::abi {

/// Fills the caller's error, which may be null, and gives the number to return.
inline std::int32_t report_to(ts_error* error, const Status& status) noexcept {
  const auto code = static_cast<std::int32_t>(status.code);
  if (error == nullptr || status.is_ok()) return code;
  error->status = code;
  error->column = status.column;
  error->row = status.row;
  error->detail = status.detail;
  static_assert(sizeof error->message == Message::capacity + 1);
  const std::string_view message = status.message.view();
  std::memcpy(error->message, message.data(), message.size());
  error->message[message.size()] = '\0';
  return code;
}

/// For calls that meet no point at which a thread may be cancelled, but where they write to a file, which sees to it itself.
struct CancelledNowhere {};

/// Runs the body, everything it does included, and turns whatever leaves it into a status.
template <class Protection = NoCancellation, class Body>
[[gnu::always_inline]] inline std::int32_t guard(ts_error* error, Body&& body) noexcept {
  [[maybe_unused]] const Protection protection;
  try {
    return report_to(error, body());
  } catch (const std::bad_alloc&) {
    return report_to(error, Status::failure(Code::no_memory, "out of memory"));
  } catch (const std::exception& failure) {
    return report_to(error, Status::failure(Code::internal, "{}", failure.what()));
  } catch (...) {
    return report_to(error, Status::failure(Code::internal, "unknown failure"));
  }
}

inline Status missing(const char* what) {
  return Status::failure(Code::invalid_argument, "{} is NULL or longer than memory", what);
}

}  // namespace trainstat::abi
