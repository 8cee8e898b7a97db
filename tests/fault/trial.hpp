// One run through every call of the C ABI, under memory that fails at one place.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "abi/handle.hpp"
#include "abi/sample.hpp"
#include "fault/failing_memory.hpp"

namespace fault {

/// Keeps a transcript of what the calls answered and handed out. A call that runs out of memory is made again once there is memory,
/// or else ends the run: either way the report is closed, and nothing may be left.
class Trial {
 public:
  struct GivenUp {};

  /// Rows into a batch.
  using Pack = std::function<std::string(std::span<const host::Row>)>;

  explicit Trial(bool gives_up) : gives_up_(gives_up) {}

  const std::string& transcript() const { return transcript_; }
  ts_error* error() { return &error_; }

  template <class Call>
  int32_t call(const char* what, Call&& body) {
    int32_t status = watched(body);
    if (status == TS_NO_MEMORY) {
      run_out();
      status = watched(body);
    }
    note(what, status);
    return status;
  }

  /// A call that hands out text.
  template <class Call>
  void ask(const char* what, Call&& body) {
    const char* text = nullptr;
    size_t length = 0;
    if (call(what, [&] { return body(&text, &length); }) == TS_OK) transcript_.append(text, length).append("\n");
  }

  void append_batch(ts_report* report, std::span<const host::Row> rows, const Pack& pack) {
    while (!rows.empty()) {
      const std::string bytes = pack(rows);
      const std::int64_t before = rows_of(report);
      uint64_t accepted = 0;
      const int32_t status = watched([&] { return ts_batch_append(report, bytes.data(), bytes.size(), &accepted, &error_); });
      if (status == TS_NO_MEMORY) {
        run_out();
      } else {
        note("batch", status);
        if (status == TS_OK) return;
      }
      rows = rows.subspan(static_cast<std::size_t>(rows_of(report) - before));
    }
  }

  /// Appends rows by a call that, given how many of them were taken in already, appends the others.
  template <class Append>
  void append_rest(const char* what, ts_report* report, Append&& append) {
    const std::int64_t before = rows_of(report);
    while (true) {
      const std::int64_t done = rows_of(report) - before;
      const int32_t status = append(done, [this](auto&& body) { return this->watched(body); });
      if (status != TS_NO_MEMORY) return note(what, status);
      run_out();
    }
  }

  void run_sample(const host::Sample& sample, const std::string& options, const Pack& pack = nullptr) {
    ts_report* report = nullptr;
    try {
      call("open", [&] {
        return ts_report_open(sample.format.data(), sample.format.size(), options.empty() ? nullptr : options.data(),
                              options.size(), &report, &error_);
      });
      if (report != nullptr) use(report, sample, pack);
    } catch (const GivenUp&) {
    }
    const memory::Watch watch;
    ts_report_close(report);
  }

  /// A part three times over, with what is none in between.
  void run_parts(std::string_view format, std::string_view options, std::string_view part, uint64_t rows) {
    ts_report* report = nullptr;
    try {
      call("open",
           [&] { return ts_report_open(format.data(), format.size(), options.data(), options.size(), &report, &error_); });
      for (int times = 0; times < 3; ++times) {
        call("part", [&] { return ts_part_append(report, part.data(), part.size(), rows, &error_); });
        call("no part", [&] { return ts_part_append(report, part.data(), part.size(), rows + 1, &error_); });
        call("half a part", [&] { return ts_part_append(report, part.data(), part.size() / 2, rows, &error_); });
        ask("problems", [&](auto... out) { return ts_report_problems(report, out..., &error_); });
      }
      ask("build", [&](auto... out) { return ts_report_build(report, out..., &error_); });
    } catch (const GivenUp&) {
    }
    const memory::Watch watch;
    ts_report_close(report);
  }

 private:
  template <class Call>
  int32_t watched(Call&& body) {
    const memory::Watch watch;
    return body();
  }

  void run_out() {
    EXPECT_EQ(error_.status, TS_NO_MEMORY);
    EXPECT_STREQ(error_.message, "out of memory");
    if (gives_up_) throw GivenUp();
    EXPECT_TRUE(memory::give_back()) << "TS_NO_MEMORY, and there was memory";
  }

  void note(const char* what, int32_t status) {
    transcript_ += std::string(what) + " " + std::to_string(status) + "\n";
    if (status != TS_OK) transcript_ += std::string(error_.message) + "\n";
  }

  /// Rows taken and refused so far, asked while no memory fails.
  static std::int64_t rows_of(ts_report* report) {
    const char* json = nullptr;
    size_t length = 0;
    if (ts_report_problems(report, &json, &length, nullptr) != TS_OK) return 0;
    const std::string text(json, length);
    const auto figure = [&](const std::string& key) { return std::stoll(text.substr(text.find(key) + key.size())); };
    return figure("\"accepted\":") + figure("\"refused\":");
  }

  void use(ts_report* report, const host::Sample& sample, const Pack& pack) {
    ask("describe", [&](auto... out) { return ts_report_describe(report, out..., &error_); });
    if (pack) append_batch(report, sample.rows, pack);
    for (const host::Row& row : sample.rows) {
      call("append", [&] { return ts_row_append(report, row.data(), row.size(), &error_); });
      read(report, 50);
      ask("problems", [&](auto... out) { return ts_report_problems(report, out..., &error_); });
    }
    ask("build", [&](auto... out) { return ts_report_build(report, out..., &error_); });
    ask("build again", [&](auto... out) { return ts_report_build(report, out..., &error_); });
    read(report, 1000);
    ask("problems", [&](auto... out) { return ts_report_problems(report, out..., &error_); });
  }

  void read(ts_report* report, std::size_t capacity) {
    std::string buffer(capacity, '\0');
    size_t length = 0;
    call("read", [&] { return ts_report_read(report, buffer.data(), buffer.size(), &length, &error_); });
    transcript_.append(buffer, 0, length).append("\n");
  }

  bool gives_up_;
  ts_error error_{};
  std::string transcript_;
};

}  // namespace fault
