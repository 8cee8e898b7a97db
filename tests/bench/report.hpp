// A report of a library that was loaded, as a C host uses it: whatever fails ends the program.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "bench/library.hpp"
#include "bench/rows.hpp"

namespace bench {

class Report {
 public:
  explicit Report(const Library& library, std::string_view name = format, std::string_view given = options)
      : library_(library) {
    check(library.report_open(name.data(), name.size(), given.data(), given.size(), &raw_, &error_));
  }
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;
  ~Report() { library_.report_close(raw_); }

  void append(std::span<const ts_value> row) { check(library_.row_append(raw_, row.data(), row.size(), &error_)); }
  void append_batch(std::string_view bytes) {
    check(library_.batch_append(raw_, bytes.data(), bytes.size(), nullptr, &error_));
  }
  /// What is ready, up to the size of `room`.
  std::string_view read(std::vector<char>& room) {
    std::size_t length = 0;
    check(library_.report_read(raw_, room.data(), room.size(), &length, &error_));
    return {room.data(), length};
  }
  /// All that is ready, where it lies.
  std::string_view take() {
    const char* json = nullptr;
    std::size_t length = 0;
    check(library_.report_take(raw_, &json, &length, &error_));
    return {json, length};
  }
  std::string_view build() {
    const char* json = nullptr;
    std::size_t length = 0;
    check(library_.report_build(raw_, &json, &length, &error_));
    return {json, length};
  }

 private:
  void check(int32_t status) const {
    if (status != TS_OK) fail(error_.message);
  }

  const Library& library_;
  ts_report* raw_ = nullptr;
  ts_error error_{};
};

}  // namespace bench
