// A report of the C ABI that closes itself.
#pragma once

#include <trainstat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "abi/cells.hpp"

namespace host {

/// Calls pass their status through and fill `error`; what they hand out is copied.
class Handle {
 public:
  Handle() = default;
  explicit Handle(std::string_view format, std::string_view options = {}) { open(format, options); }
  Handle(Handle&& other) noexcept : error(other.error), raw_(std::exchange(other.raw_, nullptr)) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() { close(); }

  /// No text: the defaults.
  int32_t open(std::string_view format, std::string_view options = {}) {
    return ts_report_open(format.data(), format.size(), options.empty() ? nullptr : options.data(), options.size(), &raw_,
                          &error);
  }
  void close() { ts_report_close(std::exchange(raw_, nullptr)); }
  /// Forgets the report without closing it.
  ts_report* release() { return std::exchange(raw_, nullptr); }
  ts_report* raw() const { return raw_; }

  int32_t append(const Row& row) { return ts_row_append(raw_, row.data(), row.size(), &error); }

  int32_t append_batch(std::string_view bytes, uint64_t& accepted) {
    return ts_batch_append(raw_, bytes.data(), bytes.size(), &accepted, &error);
  }
  int32_t append_batch(std::string_view bytes) { return ts_batch_append(raw_, bytes.data(), bytes.size(), nullptr, &error); }

  int32_t append_stream(ArrowArrayStream* stream, uint64_t& accepted) {
    return ts_stream_append(raw_, stream, &accepted, &error);
  }
  int32_t append_stream(ArrowArrayStream* stream) { return ts_stream_append(raw_, stream, nullptr, &error); }

  int32_t append_part(std::string_view document, uint64_t rows) {
    return ts_part_append(raw_, document.data(), document.size(), rows, &error);
  }

  /// Adds what is ready to `document`, up to `capacity` bytes.
  int32_t read(std::size_t capacity, std::string& document) {
    std::string buffer(capacity, '\0');
    size_t length = 0;
    const int32_t status = ts_report_read(raw_, buffer.data(), capacity, &length, &error);
    document.append(buffer, 0, length);
    return status;
  }
  int32_t describe(std::string& json) { return ask(ts_report_describe, json); }
  int32_t problems(std::string& json) { return ask(ts_report_problems, json); }
  int32_t build(std::string& document) { return ask(ts_report_build, document); }

  /// The document's part that was not read; empty where the build fails.
  std::string built() {
    std::string document;
    build(document);
    return document;
  }
  std::string problems() {
    std::string json;
    problems(json);
    return json;
  }

  ts_error error{};

 private:
  int32_t ask(int32_t (*function)(ts_report*, const char**, size_t*, ts_error*), std::string& text) {
    const char* json = nullptr;
    size_t length = 0;
    const int32_t status = function(raw_, &json, &length, &error);
    text.assign(json == nullptr ? "" : json, length);
    return status;
  }

  ts_report* raw_ = nullptr;
};

}  // namespace host
