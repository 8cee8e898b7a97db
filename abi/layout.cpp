// What the promise says of memory and numbers, held against what the compiler makes of it.
#include <trainstat.h>

#include <cstddef>
#include <type_traits>

#include "base/status.hpp"
#include "base/value.hpp"

namespace {

using trainstat::Code;
using trainstat::Value;

static_assert(sizeof(std::size_t) == 8, "hosts are 64-bit: the promised layout is theirs");
static_assert(sizeof(ts_value) == 24 && alignof(ts_value) == 8);
static_assert(offsetof(ts_value, kind) == 0 && offsetof(ts_value, value) == 8 && offsetof(ts_value, length) == 16);
static_assert(sizeof(ts_error) == 256 && alignof(ts_error) == 8);
static_assert(offsetof(ts_error, status) == 0 && offsetof(ts_error, column) == 4 && offsetof(ts_error, row) == 8);
static_assert(offsetof(ts_error, detail) == 16 && offsetof(ts_error, message) == 24);

static_assert(sizeof(Value) == sizeof(ts_value) && alignof(Value) == alignof(ts_value));
static_assert(offsetof(Value, kind) == offsetof(ts_value, kind) && offsetof(Value, integer) == offsetof(ts_value, value));
static_assert(offsetof(Value, data) == offsetof(ts_value, value) && offsetof(Value, length) == offsetof(ts_value, length));

template <class Word>
constexpr bool agrees(int promised, Word ours) {
  return promised == static_cast<std::underlying_type_t<Word>>(ours);
}

static_assert(agrees(TS_OK, Code::ok) && agrees(TS_NO_MEMORY, Code::no_memory) && agrees(TS_INTERNAL, Code::internal));
static_assert(agrees(TS_INVALID_ARGUMENT, Code::invalid_argument) && agrees(TS_UNKNOWN_FORMAT, Code::unknown_format));
static_assert(agrees(TS_BAD_OPTION, Code::bad_option) && agrees(TS_ROW_REFUSED, Code::row_refused));
static_assert(agrees(TS_BATCH_MALFORMED, Code::batch_malformed) && agrees(TS_ROW_COUNT, Code::row_count));
static_assert(agrees(TS_REPORT_FINISHED, Code::report_finished) && agrees(TS_FILE_FAILED, Code::file_failed));
static_assert(agrees(TS_FILE_REPORT, Code::file_report) && agrees(TS_FORKED, Code::forked));
static_assert(agrees(TS_TASK_RUNNING, Code::task_running) && agrees(TS_BUSY, Code::busy));
static_assert(agrees(TS_UNKNOWN_TASK, Code::unknown_task) && agrees(TS_TASK_DAMAGED, Code::task_damaged));
static_assert(agrees(TS_TASK_FINISHED, Code::task_finished) && agrees(TS_UNSAFE_DIRECTORY, Code::unsafe_directory));
static_assert(agrees(TS_STREAM_FAILED, Code::stream_failed));
static_assert(agrees(TS_PART_REFUSED, Code::part_refused));

static_assert(agrees(TS_ABSENT, Value::Kind::absent) && agrees(TS_NULL, Value::Kind::null));
static_assert(agrees(TS_INTEGER, Value::Kind::integer) && agrees(TS_NUMBER, Value::Kind::number));
static_assert(agrees(TS_TEXT, Value::Kind::text) && agrees(TS_BOOLEAN, Value::Kind::boolean));
static_assert(agrees(TS_FOREIGN, Value::Kind::foreign));

}  // namespace
