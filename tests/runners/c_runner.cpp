// The vectors through every way into the C ABI.
#include <trainstat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <sstream>

#include "abi/serializing.hpp"
#include "arrow_rows.hpp"
#include "ways.hpp"

namespace {

using vectors::Case;
using vectors::Cell;
using vectors::Outcome;

struct CloseReport {
  void operator()(ts_report* report) const { ts_report_close(report); }
};
using Handle = std::unique_ptr<ts_report, CloseReport>;

std::vector<ts_value> cells_of(const std::vector<Cell>& row) {
  std::vector<ts_value> cells;
  for (const Cell& cell : row) {
    ts_value& value = cells.emplace_back();
    value = ts_value{};
    value.kind = cell.kind;
    if (cell.kind == TS_NUMBER) {
      value.value.number = cell.number;
    } else if (cell.kind == TS_TEXT || cell.kind == TS_FOREIGN) {
      value.value.text = cell.text.data();
      value.length = cell.text.size();
    } else {
      value.value.integer = cell.integer;
    }
  }
  return cells;
}

/// A report under way: how rows go in and how the document comes out.
class Session {
 public:
  using Rows = std::vector<std::vector<Cell>>;

  virtual ~Session() = default;

  Outcome run(const Case& vector) {
    const std::optional<std::string> options = options_of(vector);
    ts_report* opened = nullptr;
    if (ts_report_open(vector.format.data(), vector.format.size(), options ? options->data() : nullptr,
                       options ? options->size() : 0, &opened, &error_) != TS_OK) {
      return failed({});
    }
    report_.reset(opened);
    keys_ = vectors::column_keys(text_of(&ts_report_describe));
    Rows rows;
    for (const auto& row : vector.rows) rows.push_back(vectors::in_cell_order(row, keys_));
    Outcome outcome;
    if (append(rows, vector) != TS_OK) {
      outcome = failed(keys_);
    } else {
      const char* json = nullptr;
      std::size_t length = 0;
      if (ts_report_build(report_.get(), &json, &length, &error_) != TS_OK) {
        outcome = failed(keys_);
      } else {
        outcome.document = document({json, length});
      }
    }
    outcome.problems = text_of(&ts_report_problems);
    return outcome;
  }

 protected:
  virtual std::optional<std::string> options_of(const Case& vector) { return vector.options; }
  /// The vector has the same rows, as a host holds them.
  virtual std::int32_t append(const Rows& rows, const Case& vector) = 0;
  virtual std::string document(std::string built) { return built; }

  std::int32_t append_row(const std::vector<Cell>& row) {
    const std::vector<ts_value> cells = cells_of(row);
    return ts_row_append(report_.get(), cells.data(), cells.size(), &error_);
  }
  std::int32_t append_batch(const Rows& rows) {
    const std::string batch = vectors::packed(rows);
    std::uint64_t accepted = 0;
    return ts_batch_append(report_.get(), batch.data(), batch.size(), &accepted, &error_);
  }
  std::int32_t append_stream(host::ArrowData table) {
    host::Producer producer({std::move(table)});
    const std::int32_t status = ts_stream_append(report_.get(), producer.open(), nullptr, &error_);
    EXPECT_EQ(producer.returned, producer.given);
    return status;
  }
  ts_report* report() { return report_.get(); }

  ts_error error_{};

 private:
  template <class Getter>
  std::string text_of(Getter getter) {
    const char* json = nullptr;
    std::size_t length = 0;
    EXPECT_EQ(getter(report_.get(), &json, &length, nullptr), TS_OK);
    return {json, length};
  }
  Outcome failed(const std::vector<std::string>& keys) const {
    Outcome outcome;
    outcome.status = vectors::name_of_status(error_.status);
    outcome.row = error_.row;
    if (error_.column >= 0) outcome.column = keys.at(static_cast<std::size_t>(error_.column));
    outcome.message = error_.message;
    return outcome;
  }

  Handle report_;
  std::vector<std::string> keys_;
};

class CellSession : public Session {
  std::int32_t append(const Rows& rows, const Case&) override {
    for (const auto& row : rows) {
      if (const std::int32_t status = append_row(row); status != TS_OK) return status;
      after_row();
    }
    return TS_OK;
  }
  virtual void after_row() {}
};

class ReadSession : public CellSession {
  void after_row() override { read(7); }
  std::string document(std::string) override {
    while (read(4096) > 0) {
    }
    return taken_;
  }
  std::size_t read(std::size_t capacity) {
    std::array<char, 4096> block;
    std::size_t length = 0;
    EXPECT_EQ(ts_report_read(report(), block.data(), capacity, &length, nullptr), TS_OK);
    taken_.append(block.data(), length);
    return length;
  }

  std::string taken_;
};

/// Taken where it lies after every row.
class TakeSession : public CellSession {
  void after_row() override { take(); }
  std::string document(std::string) override {
    take();
    return taken_;
  }
  void take() {
    const char* json = nullptr;
    std::size_t length = 0;
    ASSERT_EQ(ts_report_take(report(), &json, &length, nullptr), TS_OK);
    EXPECT_EQ(json[length], '\0');
    taken_.append(json, length);
  }

  std::string taken_;
};

class BatchSession : public Session {
  std::int32_t append(const Rows& rows, const Case&) override { return append_batch(rows); }
};

class SmallBatchSession : public Session {
  std::int32_t append(const Rows& rows, const Case&) override {
    for (const auto& row : rows) {
      if (const std::int32_t status = append_batch({row}); status != TS_OK) return status;
    }
    return TS_OK;
  }
};

/// Streams of tables of so many rows, each a slice of a longer one.
template <std::size_t most, int64_t offset>
class StreamSession : public Session {
  std::int32_t append(const Rows&, const Case& vector) override {
    for (host::ArrowData& table : vectors::tables_of(vector.rows, most)) {
      if (const std::int32_t status = append_stream(host::sliced(std::move(table), offset)); status != TS_OK) return status;
    }
    return TS_OK;
  }
};

/// Every row that can stand alone comes as the document of a report of its own.
class PartSession : public Session {
  std::int32_t append(const Rows& rows, const Case& vector) override {
    for (const auto& row : rows) {
      if (append_part(row, vector)) continue;
      if (const std::int32_t status = append_row(row); status != TS_OK) return status;
    }
    return TS_OK;
  }
  bool append_part(const std::vector<Cell>& row, const Case& vector) {
    const std::optional<std::string>& options = vector.options;
    const std::vector<ts_value> cells = cells_of(row);
    const char* json = nullptr;
    std::size_t length = 0;
    ts_report* opened = nullptr;
    EXPECT_EQ(ts_report_open(vector.format.data(), vector.format.size(), options ? options->data() : nullptr,
                             options ? options->size() : 0, &opened, nullptr),
              TS_OK);
    const Handle part(opened);
    return ts_row_append(part.get(), cells.data(), cells.size(), nullptr) == TS_OK &&
           ts_report_build(part.get(), &json, &length, nullptr) == TS_OK &&
           ts_part_append(report(), json, length, 1, nullptr) == TS_OK;
  }
};

/// Without what is absent, and every other row from its last cell to its first.
class SerializedSession : public Session {
  std::int32_t append(const Rows& rows, const Case&) override {
    const std::vector<std::string> keys = host::keys_of(report());
    std::vector<host::KeyedRow> keyed;
    std::vector<std::vector<ts_value>> cells;
    for (const auto& row : rows) {
      host::KeyedRow& members = keyed.emplace_back(host::keyed(cells.emplace_back(cells_of(row)), keys));
      if (keyed.size() % 2 == 0) std::reverse(members.begin(), members.end());
    }
    const std::string batch = host::serialize(keyed);
    std::uint64_t accepted = 0;
    return ts_batch_append(report(), batch.data(), batch.size(), &accepted, &error_);
  }
};

class FileSession : public BatchSession {
 public:
  FileSession() : path_(testing::TempDir() + "trainstat-vector-" + std::to_string(::getpid()) + ".json") {}
  ~FileSession() override { std::filesystem::remove(path_); }

 private:
  std::optional<std::string> options_of(const Case& vector) override {
    // Raw texts are no objects to add to; what they are refused for does not depend on where the document goes.
    const std::string rest = vector.options.value_or("{}");
    const vectors::Json options = vectors::Json::parse(rest, nullptr, false);
    if (!options.is_object() || options.contains("file") || !vector.error.is_null()) return vector.options;
    const std::size_t brace = rest.find('{') + 1;
    return rest.substr(0, brace) + "\"file\":" + vectors::Json(path_).dump() + (options.empty() ? "" : ",") +
           rest.substr(brace);
  }
  std::string document(std::string built) override {
    std::ifstream stream(path_, std::ios::binary);
    if (!stream) return built;
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
  }

  std::string path_;
};

class CVectors : public testing::TestWithParam<std::string> {
 protected:
  template <class Way>
  void run() {
    vectors::run_file(GetParam(), [](const Case& vector) { return Way().run(vector); });
  }
};

TEST_P(CVectors, HoldForCells) { run<CellSession>(); }
TEST_P(CVectors, HoldForCellsReadWhileAppending) { run<ReadSession>(); }
TEST_P(CVectors, HoldForCellsTakenWhileAppending) { run<TakeSession>(); }
TEST_P(CVectors, HoldForOneBatch) { run<BatchSession>(); }
TEST_P(CVectors, HoldForABatchARow) { run<SmallBatchSession>(); }
TEST_P(CVectors, HoldForArrowStreams) { run<StreamSession<SIZE_MAX, 0>>(); }
TEST_P(CVectors, HoldForAStreamARowOutOfSlices) { run<StreamSession<1, 13>>(); }
TEST_P(CVectors, HoldForPartsOfARow) { run<PartSession>(); }
TEST_P(CVectors, HoldForSerializedRows) { run<SerializedSession>(); }
TEST_P(CVectors, HoldForFiles) { run<FileSession>(); }

TRAINSTAT_EVERY_VECTOR_FILE(CVectors);

}  // namespace
