#include "ingest/arrow_stream.hpp"

#include "ingest/arrow_table.hpp"

namespace trainstat {
namespace {

/// The producer's own words may hold a row's values, so they are not repeated.
Status failed(int number) {
  Status status = Status::failure(Code::stream_failed, "the producer of the Arrow stream failed with error {}", number);
  status.detail = number;
  return status;
}

}  // namespace

Status take_arrow_stream(OwnedArrow<ArrowArrayStream>& stream, std::span<const Column> columns, RowTaker& taker) {
  if (stream.is_released()) return Status::failure(Code::invalid_argument, "the Arrow stream is released");
  if (stream->get_schema == nullptr || stream->get_next == nullptr) {
    return Status::failure(Code::invalid_argument, "the Arrow stream has no callbacks");
  }
  OwnedArrow<ArrowSchema> schema;
  if (const int number = stream->get_schema(stream.get(), schema.get()); number != 0) return failed(number);
  ArrowTable table;
  if (Status status = table.open(schema.get(), columns); !status.is_ok()) return status;
  while (true) {
    OwnedArrow<ArrowArray> array;
    if (const int number = stream->get_next(stream.get(), array.get()); number != 0) return failed(number);
    if (array.is_released()) return Status::ok();
    if (Status status = table.open_array(array.get(), taker); !status.is_ok()) return status;
    if (Status status = table.take(0, table.length(), taker); !status.is_ok()) return status;
  }
}

Status take_arrow_array(const ArrowSchema* schema, const ArrowArray* array, std::int64_t first, std::int64_t count,
                        std::span<const Column> columns, RowTaker& taker) {
  ArrowTable table;
  if (Status status = table.open(schema, columns); !status.is_ok() || array == nullptr) return status;
  if (Status status = table.open_array(array, taker); !status.is_ok()) return status;
  if (first < 0 || count < 0 || first > table.length() || count > table.length() - first) {
    return Status::failure(Code::invalid_argument, "the Arrow array has no such rows");
  }
  return table.take(first, count, taker);
}

}  // namespace trainstat
