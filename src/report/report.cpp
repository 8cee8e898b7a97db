#include "report/report.hpp"

#include <algorithm>
#include <cstring>

#include "ingest/packed_batch.hpp"
#include "ingest/serialized_batch.hpp"
#include "json/describe.hpp"

namespace trainstat {
namespace {

constexpr std::size_t most_problems = 1000;
constexpr std::size_t file_block = 256 * 1024;

/// Takes back what was written behind the buffer's end of its beginning, unless told that it may stay.
class Undo {
 public:
  explicit Undo(Buffer& buffer) : buffer_(buffer), size_(buffer.size()) {}
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() {
    if (is_armed_) buffer_.truncate(size_);
  }
  void disarm() { is_armed_ = false; }

 private:
  Buffer& buffer_;
  std::size_t size_;
  bool is_armed_ = true;
};

}  // namespace

Report::Report(const Format& format, Options options)
    : options_(std::move(options)),
      layout_(format, options_.forms, options_.extended_mode),
      envelope_(write_envelope(format.envelope, options_.closing, options_.html_safe)),
      writer_(layout_, options_.zone, buffer_, options_.html_safe) {
  buffer_.append(envelope_.head);
}

Status Report::open(std::string_view format_name, std::string_view options_text, std::unique_ptr<Report>& report) {
  const Format* format = nullptr;
  if (Status status = find_format(format_name, format); !status.is_ok()) return status;
  Options options;
  if (Status status = Options::read(*format, options_text, options); !status.is_ok()) return status;
  std::unique_ptr<Report> opened(new Report(*format, std::move(options)));
  if (opened->is_file()) {
    if (Status status = opened->file_.open(*opened->options_.file); !status.is_ok()) return status;
  }
  report = std::move(opened);
  return Status::ok();
}

Status Report::check_usable() const {
  if (is_file() && !file_.is_own()) {
    return Status::failure(Code::forked, "a report on a file belongs to the process that opened it");
  }
  if (failure_) return *failure_;
  return Status::ok();
}

Status Report::append(Row row) { return is_file() || failure_ ? append_to_file(row) : take(row); }

Status Report::append_to_file(Row row) {
  if (Status status = check_usable(); !status.is_ok()) return status;
  return take(row);
}

Status Report::check_open() const {
  if (Status status = check_usable(); !status.is_ok()) return status;
  if (is_finished_) return Status::failure(Code::report_finished, "the report is built and takes no more rows");
  return Status::ok();
}

Status Report::append_batch(std::string_view bytes) {
  if (Status status = check_open(); !status.is_ok()) return status;
  if (is_serialized_batch(bytes)) return take_serialized_batch(bytes, layout_.columns(), cells_, *this);
  return take_packed_batch(bytes, layout_.columns().size(), cells_, *this);
}

Status Report::append_stream(OwnedArrow<ArrowArrayStream>& stream) {
  if (Status status = check_open(); !status.is_ok()) return status;
  return take_arrow_stream(stream, layout_.columns(), *this);
}

Status Report::append_array(const ArrowSchema* schema, const ArrowArray* array, std::int64_t first, std::int64_t count) {
  if (Status status = check_open(); !status.is_ok()) return status;
  return take_arrow_array(schema, array, first, count, layout_.columns(), *this);
}

Status Report::append_part(std::string_view document, std::uint64_t count) {
  if (Status status = check_open(); !status.is_ok()) return status;
  std::string_view rows;
  if (Status status = find_rows(document, count, rows); !status.is_ok() || count == 0) return status;
  const bool goes_straight = is_file() && rows.size() >= file_block;
  Undo undo(buffer_);
  begin_row();
  if (!goes_straight) buffer_.append(rows);
  undo.disarm();
  accepted_ += count;
  if (goes_straight || must_flush()) {
    if (Status status = flush(); !status.is_ok()) return status;
  }
  if (!goes_straight) return Status::ok();
  Status status = file_.write(rows);
  return status.is_ok() ? status : fail(std::move(status));
}

Status Report::find_rows(std::string_view document, std::uint64_t count, std::string_view& rows) const {
  const auto& [head, tail] = envelope_;
  if (document.size() < head.size() + tail.size() || !document.starts_with(head) || !document.ends_with(tail)) {
    return Status::failure(Code::part_refused, "the part does not begin and end as the report's own document does");
  }
  rows = document.substr(head.size(), document.size() - head.size() - tail.size());
  const Format& format = layout_.format();
  const std::uint64_t most = format.envelope.maximum_rows;
  if (most != Envelope::unlimited && count > most - accepted_) {
    return Status::failure(Code::part_refused, "{} takes {}", format.name, most == 0 ? "no rows" : "one row");
  }
  return writer_.check_written(rows, count);
}

Status Report::take(Row row) {
  if (is_finished_) return Status::failure(Code::report_finished, "the report is built and takes no more rows");
  if (is_full()) return refuse(too_many_rows());
  if (!keep_row([&] { return writer_.write(row); })) [[unlikely]]
    return refuse(writer_.refusal());
  return must_flush() ? flush() : Status::ok();
}

const char* Report::take_in_place(PackedRow row, PackedTexts texts) {
  if (is_full() || must_flush()) return nullptr;
  const char* end = nullptr;
  keep_row([&] { return (end = writer_.write_in_place(row, texts)) != nullptr; });
  return end;
}

template <class Write>
bool Report::keep_row(Write write) {
  Undo undo(buffer_);
  begin_row();
  if (!write()) return false;
  undo.disarm();
  ++accepted_;
  return true;
}

void Report::begin_row() {
  if (accepted_ > 0) buffer_.put(',');
}

bool Report::must_flush() const { return is_file() && buffer_.size() >= file_block; }

Status Report::too_many_rows() const {
  return Status::failure(Code::row_refused, "{} takes {}", layout_.format().name, accepted_ == 0 ? "no rows" : "one row");
}

Status Report::refuse(Status status) {
  status.row = static_cast<std::int64_t>(accepted_ + refused_);
  if (problems_.size() < most_problems) problems_.push_back({status.row, status.column, status.message});
  ++refused_;
  if (options_.skips_refused && status.code == Code::row_refused) return Status::ok();
  return status;
}

Status Report::refuse_rest(const Message& message) {
  Status status;
  status.code = Code::batch_malformed;
  status.message = message;
  return refuse(std::move(status));
}

Status Report::flush() {
  Status status = file_.write(buffer_.view());
  if (!status.is_ok()) return fail(std::move(status));
  buffer_.consume(buffer_.size());
  return status;
}

Status Report::fail(Status status) {
  failure_ = status;
  return status;
}

Status Report::build(std::string_view& document) {
  if (Status status = check_usable(); !status.is_ok()) return status;
  if (!is_finished_) {
    if (Status status = finish(); !status.is_ok()) return status;
  }
  document = is_file() ? std::string_view("") : buffer_.view();
  return Status::ok();
}

Status Report::finish() {
  const Format& format = layout_.format();
  if (accepted_ < format.envelope.minimum_rows) {
    const bool one = format.envelope.maximum_rows == 1;
    return Status::failure(Code::row_count, "{} needs {}", format.name, one ? "one row" : "at least one row");
  }
  Undo undo(buffer_);
  buffer_.append(envelope_.tail);
  buffer_.terminate();
  undo.disarm();
  if (is_file()) {
    if (Status status = flush(); !status.is_ok()) return status;
    if (Status status = file_.publish(); !status.is_ok()) return fail(std::move(status));
  }
  is_finished_ = true;
  return Status::ok();
}

Status Report::read(char* to, std::size_t capacity, std::size_t& length) {
  if (is_file()) return Status::failure(Code::file_report, "a report on a file is not read");
  const std::string_view ready = unread();
  length = std::min(capacity, ready.size());
  if (length > 0) std::memcpy(to, ready.data(), length);
  mark_read(length);
  return Status::ok();
}

Status Report::take_ready(std::string_view& ready) {
  if (is_file()) return Status::failure(Code::file_report, "a report on a file is not read");
  buffer_.terminate();
  ready = unread();
  mark_read(ready.size());
  return Status::ok();
}

void Report::mark_read(std::size_t length) {
  if (is_finished_) {
    read_after_build_ += length;
  } else {
    buffer_.consume(length);
  }
}

std::string_view Report::problems() {
  aside_.truncate(0);
  write_problems(accepted_, refused_, problems_, layout_.columns(), aside_);
  aside_.terminate();
  return aside_.view();
}

std::string_view Report::description() {
  aside_.truncate(0);
  describe_format(layout_.format(), layout_.columns(), aside_);
  aside_.terminate();
  return aside_.view();
}

}  // namespace trainstat
