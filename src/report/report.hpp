// One report: rows go in, one document comes out, in memory or in a file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "base/value.hpp"
#include "formats/layout.hpp"
#include "ingest/arrow_stream.hpp"
#include "ingest/row_taker.hpp"
#include "json/envelope_writer.hpp"
#include "json/problems_writer.hpp"
#include "json/row_writer.hpp"
#include "report/options.hpp"
#include "sink/buffer.hpp"
#include "sink/replacement_file.hpp"

namespace trainstat {

/// Every member may throw bad_alloc; the report then holds the rows taken so far, none of them by half.
class Report final : private RowTaker {
 public:
  /// `options` is one JSON object, null for the defaults.
  static Status open(std::string_view format, std::string_view options, std::unique_ptr<Report>& report);

  Status append(Row row);
  Status append_batch(std::string_view bytes);
  Status append_stream(OwnedArrow<ArrowArrayStream>& stream);
  Status append_array(const ArrowSchema* schema, const ArrowArray* array, std::int64_t first, std::int64_t count);

  /// Appends the rows of a document that a report like this one built.
  Status append_part(std::string_view document, std::uint64_t rows);

  /// Rows taken so far.
  std::uint64_t accepted() const { return accepted_; }

  /// Ends the rows. `document` is the part that had not been read before, until the report's end; empty for a file.
  Status build(std::string_view& document);

  /// Takes up to `capacity` bytes.
  Status read(char* to, std::size_t capacity, std::size_t& length);

  /// Takes all that is ready where it lies, until the next call.
  Status take_ready(std::string_view& ready);

  // Valid until the next call of either.
  std::string_view problems();
  std::string_view description();

  const Layout& layout() const { return layout_; }

  /// Memory for the cells of a row, kept between calls.
  std::vector<Value>& cells() { return cells_; }

 private:
  Report(const Format& format, Options options);

  Status take(Row row) override;
  const char* take_in_place(PackedRow row, PackedTexts texts) override;
  Status refuse_rest(const Message& message) override;

  Status append_to_file(Row row);
  Status check_usable() const;
  Status check_open() const;
  bool is_full() const { return accepted_ == layout_.format().envelope.maximum_rows; }
  Status too_many_rows() const;
  template <class Write>
  bool keep_row(Write write);
  void begin_row();
  bool must_flush() const;
  Status find_rows(std::string_view document, std::uint64_t count, std::string_view& rows) const;
  Status refuse(Status status);
  Status flush();
  Status fail(Status status);
  Status finish();
  /// What build handed out stays where it is: from then on only the reader moves.
  std::string_view unread() const { return buffer_.view().substr(is_finished_ ? read_after_build_ : 0); }
  void mark_read(std::size_t length);
  bool is_file() const { return options_.file.has_value(); }

  Options options_;
  Layout layout_;
  EnvelopeText envelope_;
  Buffer buffer_;
  RowWriter writer_;
  ReplacementFile file_;

  std::uint64_t accepted_ = 0;
  std::uint64_t refused_ = 0;
  std::vector<Problem> problems_;
  bool is_finished_ = false;
  std::optional<Status> failure_;  // of the file, for good
  std::size_t read_after_build_ = 0;

  std::vector<Value> cells_;
  Buffer aside_;
};

}  // namespace trainstat
