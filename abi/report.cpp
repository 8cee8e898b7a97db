#include "report/report.hpp"

#include "convert.hpp"
#include "guard.hpp"

using trainstat::Code;
using trainstat::Report;
using trainstat::Status;
using namespace trainstat::abi;

struct ts_report {
  std::unique_ptr<Report> report;
};

int32_t ts_report_open(const char* format, size_t format_length, const char* options, size_t options_length, ts_report** report,
                       ts_error* error) {
  return guard(error, [&] {
    std::string_view name;
    std::string_view texts;
    if (report == nullptr) return missing("report");
    if (!to_text(format, format_length, name)) return missing("format");
    if (!to_text(options, options_length, texts)) return missing("options");
    auto handle = std::make_unique<ts_report>();
    if (Status status = Report::open(name, texts, handle->report); !status.is_ok()) return status;
    *report = handle.release();
    return Status::ok();
  });
}

int32_t ts_report_describe(ts_report* report, const char** json, size_t* length, ts_error* error) {
  return guard(error, [&] {
    if (report == nullptr) return missing("report");
    if (json == nullptr || length == nullptr) return missing(json == nullptr ? "json" : "length");
    return hand_out(report->report->description(), json, length);
  });
}

int32_t ts_row_append(ts_report* report, const ts_value* cells, size_t count, ts_error* error) {
  return guard<CancelledNowhere>(error, [&] {
    if (report == nullptr) return missing("report");
    if (cells == nullptr && count > 0) return missing("cells");
    Report& target = *report->report;
    return target.append(to_row(cells, count));
  });
}

namespace {

/// Sets `accepted` on every way out: an exception in the middle keeps the rows before it.
class AcceptedCount {
 public:
  AcceptedCount(const Report& report, uint64_t* accepted) : report_(report), accepted_(accepted), before_(report.accepted()) {}
  AcceptedCount(const AcceptedCount&) = delete;
  AcceptedCount& operator=(const AcceptedCount&) = delete;
  ~AcceptedCount() {
    if (accepted_ != nullptr) *accepted_ = report_.accepted() - before_;
  }

 private:
  const Report& report_;
  uint64_t* accepted_;
  uint64_t before_;
};

}  // namespace

int32_t ts_batch_append(ts_report* report, const void* bytes, size_t length, uint64_t* accepted, ts_error* error) {
  if (accepted != nullptr) *accepted = 0;
  return guard(error, [&] {
    std::string_view batch;
    if (report == nullptr) return missing("report");
    if (!to_text(static_cast<const char*>(bytes), length, batch)) return missing("bytes");
    Report& target = *report->report;
    const AcceptedCount count(target, accepted);
    return target.append_batch(batch);
  });
}

int32_t ts_stream_append(ts_report* report, ArrowArrayStream* stream, uint64_t* accepted, ts_error* error) {
  if (accepted != nullptr) *accepted = 0;
  return guard(error, [&] {
    trainstat::OwnedArrow<ArrowArrayStream> taken(stream);  // released on every way out
    if (report == nullptr) return missing("report");
    if (stream == nullptr) return missing("stream");
    Report& target = *report->report;
    const AcceptedCount count(target, accepted);
    return target.append_stream(taken);
  });
}

int32_t ts_array_append(ts_report* report, const ArrowSchema* schema, const ArrowArray* array, int64_t first, int64_t count,
                        uint64_t* accepted, ts_error* error) {
  if (accepted != nullptr) *accepted = 0;
  return guard(error, [&] {
    if (report == nullptr) return missing("report");
    if (schema == nullptr) return missing("schema");
    Report& target = *report->report;
    const AcceptedCount counted(target, accepted);
    return target.append_array(schema, array, first, count);
  });
}

int32_t ts_part_append(ts_report* report, const char* document, size_t length, uint64_t rows, ts_error* error) {
  return guard(error, [&] {
    std::string_view part;
    if (report == nullptr) return missing("report");
    if (!to_text(document, length, part)) return missing("document");
    return report->report->append_part(part, rows);
  });
}

int32_t ts_report_read(ts_report* report, char* buffer, size_t capacity, size_t* length, ts_error* error) {
  return guard(error, [&] {
    if (report == nullptr) return missing("report");
    if (length == nullptr) return missing("length");
    if (buffer == nullptr && capacity > 0) return missing("buffer");
    return report->report->read(buffer, capacity, *length);
  });
}

int32_t ts_report_build(ts_report* report, const char** json, size_t* length, ts_error* error) {
  return guard(error, [&] {
    if (report == nullptr) return missing("report");
    if (json == nullptr || length == nullptr) return missing(json == nullptr ? "json" : "length");
    std::string_view document;
    if (Status status = report->report->build(document); !status.is_ok()) return status;
    return hand_out(document, json, length);
  });
}

int32_t ts_report_problems(ts_report* report, const char** json, size_t* length, ts_error* error) {
  return guard(error, [&] {
    if (report == nullptr) return missing("report");
    if (json == nullptr || length == nullptr) return missing(json == nullptr ? "json" : "length");
    return hand_out(report->report->problems(), json, length);
  });
}

void ts_report_close(ts_report* report) {
  const trainstat::NoCancellation no_cancellation;
  delete report;
}
