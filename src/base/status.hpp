// What a call came to: a code, the place it concerns, and a message for people.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace trainstat {

/// The numbers are the C ABI's (trainstat.h); abi/layout.cpp asserts that they agree.
enum class Code : std::int32_t {
  ok = 0,
  no_memory = 1,
  internal = 2,
  invalid_argument = 3,
  unknown_format = 4,
  bad_option = 5,
  row_refused = 6,
  batch_malformed = 7,
  row_count = 8,
  report_finished = 9,
  file_failed = 10,
  file_report = 11,
  forked = 12,
  task_running = 13,
  busy = 14,
  unknown_task = 15,
  task_damaged = 16,
  task_finished = 17,
  unsafe_directory = 18,
  stream_failed = 19,
  part_refused = 20,
};

/// Text of fixed capacity, so that an error needs no memory. What does not fit is cut, never inside a UTF-8 sequence.
class Message {
 public:
  static constexpr std::size_t capacity = 231;

  Message() { text_[0] = '\0'; }

  template <class... Values>
  explicit Message(fmt::format_string<Values...> format, Values&&... values) {
    write(format, fmt::make_format_args(values...));
  }

  const char* c_str() const { return text_; }
  std::string_view view() const { return text_; }

 private:
  /// Apart, so that what fmt is made of is compiled once.
  void write(fmt::string_view format, fmt::format_args values);

  char text_[capacity + 1];
};

struct [[nodiscard]] Status {
  Code code = Code::ok;
  std::int32_t column = -1;
  std::int64_t row = -1;
  std::int64_t detail = 0;
  Message message;

  static Status ok() { return {}; }

  template <class... Values>
  static Status failure(Code code, fmt::format_string<Values...> format, Values&&... values) {
    Status status;
    status.code = code;
    status.message = Message(format, std::forward<Values>(values)...);
    return status;
  }

  bool is_ok() const { return code == Code::ok; }
};

}  // namespace trainstat
