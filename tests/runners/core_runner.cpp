// The vectors through the core's own doors.
#include "arrow_rows.hpp"
#include "report/report.hpp"
#include "ways.hpp"

namespace {

using trainstat::Report;
using trainstat::Status;
using trainstat::Value;
using vectors::Case;
using vectors::Cell;
using vectors::Outcome;

std::vector<Value> values_of(const std::vector<Cell>& cells) {
  std::vector<Value> values;
  for (const Cell& cell : cells) {
    Value& value = values.emplace_back(Value::of(static_cast<Value::Kind>(cell.kind)));
    if (value.kind == Value::Kind::number) {
      value.number = cell.number;
    } else if (value.kind == Value::Kind::text || value.kind == Value::Kind::foreign) {
      value = Value::of(value.kind, cell.text);
    } else {
      value.integer = cell.integer;
    }
  }
  return values;
}

Outcome outcome_of(const Status& status, const std::vector<std::string>& keys) {
  Outcome outcome;
  outcome.status = vectors::name_of_status(static_cast<std::int32_t>(status.code));
  outcome.row = status.row;
  if (status.column >= 0) outcome.column = keys.at(static_cast<std::size_t>(status.column));
  outcome.message = status.message.view();
  return outcome;
}

using Append = std::function<Status(Report&, const std::vector<std::vector<Cell>>&)>;

Outcome through(const Case& vector, const Append& append) {
  std::unique_ptr<Report> report;
  if (Status status =
          Report::open(vector.format, vector.options ? std::string_view(*vector.options) : std::string_view(), report);
      !status.is_ok())
    return outcome_of(status, {});
  const std::vector<std::string> keys = vectors::column_keys(std::string(report->description()));
  std::vector<std::vector<Cell>> rows;
  for (const auto& row : vector.rows) rows.push_back(vectors::in_cell_order(row, keys));
  Status status = append(*report, rows);
  std::string_view document;
  if (status.is_ok()) status = report->build(document);
  Outcome outcome = outcome_of(status, keys);
  outcome.document = document;
  outcome.problems = report->problems();
  return outcome;
}

class CoreVectors : public testing::TestWithParam<std::string> {};

TEST_P(CoreVectors, HoldForRows) {
  vectors::run_file(GetParam(), [](const Case& vector) {
    return through(vector, [](Report& report, const auto& rows) {
      for (const auto& row : rows) {
        if (Status status = report.append(values_of(row)); !status.is_ok()) return status;
      }
      return Status::ok();
    });
  });
}

TEST_P(CoreVectors, HoldForPackedBatches) {
  vectors::run_file(GetParam(), [](const Case& vector) {
    return through(vector, [](Report& report, const auto& rows) { return report.append_batch(vectors::packed(rows)); });
  });
}

TEST_P(CoreVectors, HoldForArrowArrays) {
  vectors::run_file(GetParam(), [](const Case& vector) {
    return through(vector, [&vector](Report& report, const auto&) {
      for (const host::ArrowData& table : vectors::tables_of(vector.rows, 100)) {
        const host::ArrowPair pair(table);
        if (Status status = report.append_array(&pair.schema, &pair.array, 0, pair.array.length); !status.is_ok())
          return status;
      }
      return Status::ok();
    });
  });
}

TRAINSTAT_EVERY_VECTOR_FILE(CoreVectors);

}  // namespace
