#include "ingest/arrow_values.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "ingest/arrow_text.hpp"

namespace trainstat {
namespace {

using Held = ArrowType::Held;

static_assert(std::endian::native == std::endian::little, "arrays are read in place");

constexpr std::int64_t most_rows = std::int64_t{1} << 56;  // times the widest value: within what a pointer can reach
constexpr std::int32_t longest_in_view = 12;

/// Unaligned, as a producer may lay it out.
template <class Figure>
Figure figure_at(const char* data, std::int64_t index) {
  Figure figure;
  std::memcpy(&figure, data + index * static_cast<std::int64_t>(sizeof figure), sizeof figure);
  return figure;
}

double from_half(std::uint16_t half) {
  const std::uint64_t exponent = (half >> 10U) & 0x1fU;
  const auto figures = static_cast<double>(half & 0x3ffU);
  const double unit = std::bit_cast<double>((std::max<std::uint64_t>(exponent, 1) + 998) << 52U);  // of the last figure
  double size = (exponent == 0 ? figures : figures + 0x400) * unit;
  if (exponent == 0x1f) {
    size = figures == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  }
  return (half & 0x8000U) != 0 ? -size : size;
}

/// By its bits, as Binary64 says why.
double from_single(std::uint32_t single) {
  const std::uint64_t exponent = (single >> 23U) & 0xffU;
  const std::uint64_t figures = single & 0x7fffffU;
  const std::uint64_t sign = std::uint64_t{single >> 31U} << 63U;
  if (exponent == 0) {  // an integer, in units of the least number
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(static_cast<double>(figures) * 0x1p-149) | sign);
  }
  const std::uint64_t wider = exponent == 0xff ? 0x7ff : exponent + 1023 - 127;
  return std::bit_cast<double>(sign | wider << 52U | figures << 29U);
}

std::int64_t floored(std::int64_t count, std::int64_t per) { return count / per - (count % per < 0 ? 1 : 0); }

/// Cuts to seconds, downwards. By a constant, since a division by one that is not costs several times as much.
std::int64_t seconds_of(std::int64_t count, std::int64_t per_second) {
  switch (per_second) {
    case 1000:
      return floored(count, 1000);
    case 1000000:
      return floored(count, 1000000);
    case 1000000000:
      return floored(count, 1000000000);
    default:
      return count;
  }
}

void be_integer(Value& cell, std::int64_t integer) {
  cell.kind = Value::Kind::integer;
  cell.integer = integer;
}
void be_number(Value& cell, double number) {
  cell.kind = Value::Kind::number;
  cell.number = number;
}
void be_text(Value& cell, std::string_view text, Value::Kind kind = Value::Kind::text) {
  cell.kind = kind;
  cell.data = text.data();
  cell.length = text.size();
}

/// Calls `read` with the position of each row that is not null, its cell and its room for text. By value, like what the callbacks
/// capture: a cell may alias anything, so what is reached by a pointer would be loaded anew for each of them.
template <class Read>
std::size_t each(const ArrowRows rows, const ArrowCells to, Read read) {
  Value* cell = to.first;
  char* room = to.texts;
  for (std::size_t row = 0; row < rows.count; ++row, cell += to.stride, room += to.room) {
    if (!rows.is_valid(row)) {
      cell->kind = Value::Kind::null;
    } else if (!read(rows.position(row), *cell, room)) {
      return row;
    }
  }
  return rows.count;
}

/// The same for what is always read.
template <class Read>
std::size_t all(const ArrowRows& rows, const ArrowCells& to, Read read) {
  return each(rows, to, [read](std::int64_t index, Value& cell, char* room) {
    read(index, cell, room);
    return true;
  });
}

}  // namespace

std::uint64_t ArrowBits::word(std::int64_t first, std::size_t count) const {
  const std::uint64_t all = count < 64 ? (std::uint64_t{1} << count) - 1 : ~std::uint64_t{0};
  if (bytes_ == nullptr || count == 0) return all;
  const std::int64_t begin = offset_ + first;
  const auto shift = static_cast<unsigned>(begin % 8);
  const unsigned char* const from = bytes_ + begin / 8;
  const std::size_t bytes = (shift + count + 7) / 8;  // 9 at most
  std::uint64_t bits = 0;
  std::memcpy(&bits, from, bytes < 8 ? bytes : 8);
  bits >>= shift;
  if (bytes > 8) bits |= std::uint64_t{from[8]} << (64U - shift);
  return bits & all;
}

const char* fault_of(const ArrowArray* array, std::int64_t rows) {
  if (array == nullptr || array->release == nullptr) return "is missing or released";
  if (array->length < 0 || array->offset < 0) return "has a negative length or offset";
  if (array->length > most_rows || array->offset > most_rows - array->length) return "is longer than memory";
  if (array->length < rows) return "is shorter than it must be";
  if (array->null_count < -1 || array->null_count > array->length) return "counts its nulls wrongly";
  if (array->n_buffers < 0 || (array->n_buffers > 0 && array->buffers == nullptr)) return "has no buffers";
  return nullptr;
}

const char* read_validity(const ArrowArray& array, ArrowBits& validity) {
  if (array.n_buffers == 0) return "has not the buffers of its type";
  if (array.buffers[0] == nullptr && array.null_count > 0) return "has nulls that nothing marks";
  validity = {array.buffers[0], array.offset};
  return nullptr;
}

const char* ArrowValues::open(const ArrowArray* array, const ArrowType& type, std::int64_t rows) {
  type_ = type;
  if (const char* fault = fault_of(array, rows)) return fault;
  if (array->n_children != 0) return "has children";
  validity_ = {};
  if (type.held == Held::null) return nullptr;  // some producers hand over a bitmap, which is none
  if (const char* fault = read_validity(*array, validity_)) return fault;
  if (array->n_buffers < 2) return "has not the buffers of its type";
  if (array->length > 0 && array->buffers[1] == nullptr) return "lacks a buffer";
  data_ = static_cast<const char*>(array->buffers[1]);
  if (type.held == Held::utf8_view) return open_views(*array);
  const bool has_offsets = type.held == Held::utf8 || type.held == Held::large_utf8;
  if (array->n_buffers != (has_offsets ? 3 : 2)) return "has not the buffers of its type";
  if (array->length == 0) return nullptr;  // an empty array need not even have the one offset
  if (type.held == Held::boolean) {
    booleans_ = {data_, array->offset};
  } else {
    data_ += array->offset * static_cast<std::int64_t>(type.value_size());
  }
  return has_offsets ? open_texts(*array, array->length) : nullptr;
}

const char* ArrowValues::open_texts(const ArrowArray& array, std::int64_t rows) {
  const auto offset_at = [this](std::int64_t index) {
    return type_.held == Held::utf8 ? figure_at<std::int32_t>(data_, index) : figure_at<std::int64_t>(data_, index);
  };
  const std::int64_t begin = offset_at(0);
  const std::int64_t end = offset_at(rows);
  if (begin < 0 || end < begin) return "has offsets that run backwards";
  texts_ = static_cast<const char*>(array.buffers[2]);
  texts_end_ = static_cast<std::uint64_t>(end);
  if (texts_ != nullptr) return nullptr;
  texts_ = "";
  return end > 0 ? "lacks a buffer" : nullptr;
}

const char* ArrowValues::open_views(const ArrowArray& array) {
  // Validity, views, as many buffers of text as there are, their sizes.
  if (array.n_buffers < 3) return "has not the buffers of its type";
  view_count_ = array.n_buffers - 3;
  if (view_count_ > std::numeric_limits<std::int32_t>::max()) return "has more buffers than a view can name";
  view_buffers_ = array.buffers + 2;
  view_sizes_ = static_cast<const char*>(array.buffers[array.n_buffers - 1]);
  if (view_count_ > 0 && view_sizes_ == nullptr) return "lacks the sizes of its buffers";
  for (std::int64_t i = 0; i < view_count_; ++i) {
    const auto size = figure_at<std::int64_t>(view_sizes_, i);
    if (size < 0) return "has a buffer of negative size";
    if (size > 0 && view_buffers_[i] == nullptr) return "lacks a buffer";
  }
  if (array.length > 0) data_ += array.offset * static_cast<std::int64_t>(type_.value_size());
  return nullptr;
}

bool ArrowValues::read_view(std::int64_t index, Value& cell) const {
  const char* const view = data_ + index * static_cast<std::int64_t>(type_.value_size());
  const auto length = figure_at<std::int32_t>(view, 0);
  if (length < 0) return false;
  if (length <= longest_in_view) {
    be_text(cell, {view + 4, static_cast<std::size_t>(length)});
    return true;
  }
  const auto buffer = figure_at<std::int32_t>(view, 2);
  const auto begin = figure_at<std::int32_t>(view, 3);
  if (buffer < 0 || buffer >= view_count_ || begin < 0) return false;
  if (std::int64_t{begin} + length > figure_at<std::int64_t>(view_sizes_, buffer)) return false;
  be_text(cell, {static_cast<const char*>(view_buffers_[buffer]) + begin, static_cast<std::size_t>(length)});
  return true;
}

std::size_t ArrowValues::fill(const ArrowRows& rows, const ArrowCells& to) const {
  const char* const data = data_;
  const std::int64_t per_second = type_.per_second;
  const auto integers = [&]<class Figure>(Figure) {
    return all(rows, to, [data](std::int64_t index, Value& cell, char*) { be_integer(cell, figure_at<Figure>(data, index)); });
  };
  const auto dates = [&]<class Figure>(Figure, std::int64_t per_day) {
    return all(rows, to, [data, per_day](std::int64_t index, Value& cell, char* room) {
      be_text(cell, write_date(floored(figure_at<Figure>(data, index), per_day), room));
    });
  };
  const auto texts = [&]<class Offset>(Offset) {
    return each(rows, to, [data, texts = texts_, last = texts_end_](std::int64_t index, Value& cell, char*) {
      const auto begin = static_cast<std::uint64_t>(figure_at<Offset>(data, index));  // a negative one is beyond the last
      const auto end = static_cast<std::uint64_t>(figure_at<Offset>(data, index + 1));
      if (begin > end || end > last) return false;
      be_text(cell, {texts + begin, end - begin});
      return true;
    });
  };
  constexpr std::int64_t milliseconds_of_day = 86400000;
  switch (type_.held) {
    case Held::other:
      return 0;
    case Held::null:
      return each({rows.first, rows.count, 0, nullptr}, to, [](std::int64_t, Value&, char*) { return true; });
    case Held::boolean:
      return all(rows, to, [this](std::int64_t index, Value& cell, char*) {
        cell.kind = Value::Kind::boolean;
        cell.integer = booleans_.at(index) ? 1 : 0;
      });
    case Held::int8:
      return integers(std::int8_t{});
    case Held::int16:
      return integers(std::int16_t{});
    case Held::int32:
      return integers(std::int32_t{});
    case Held::int64:
      return integers(std::int64_t{});
    case Held::uint8:
      return integers(std::uint8_t{});
    case Held::uint16:
      return integers(std::uint16_t{});
    case Held::uint32:
      return integers(std::uint32_t{});
    case Held::uint64:
      return all(rows, to, [data](std::int64_t index, Value& cell, char*) {
        const auto integer = figure_at<std::int64_t>(data, index);
        if (integer < 0) return be_text(cell, "", Value::Kind::foreign);  // beyond int64
        be_integer(cell, integer);
      });
    case Held::float16:
      return all(rows, to, [data](std::int64_t index, Value& cell, char*) {
        be_number(cell, from_half(figure_at<std::uint16_t>(data, index)));
      });
    case Held::float32:
      return all(rows, to, [data](std::int64_t index, Value& cell, char*) {
        be_number(cell, from_single(figure_at<std::uint32_t>(data, index)));
      });
    case Held::float64:
      return all(rows, to, [data](std::int64_t index, Value& cell, char*) { be_number(cell, figure_at<double>(data, index)); });
    case Held::decimal:
      return all(rows, to, [this](std::int64_t index, Value& cell, char* room) {
        const char* const figures = data_ + index * static_cast<std::int64_t>(type_.width);
        be_text(cell, write_decimal(figures, type_.width, type_.scale, room));
      });
    case Held::utf8:
      return texts(std::int32_t{});
    case Held::large_utf8:
      return texts(std::int64_t{});
    case Held::utf8_view:
      return each(rows, to, [this](std::int64_t index, Value& cell, char*) { return read_view(index, cell); });
    case Held::date32:
      return dates(std::int32_t{}, 1);
    case Held::date64:
      return dates(std::int64_t{}, milliseconds_of_day);
    case Held::local_timestamp:
      return all(rows, to, [data, per_second](std::int64_t index, Value& cell, char* room) {
        be_text(cell, write_reading(seconds_of(figure_at<std::int64_t>(data, index), per_second), room));
      });
    case Held::timestamp:
      return all(rows, to, [data, per_second](std::int64_t index, Value& cell, char*) {
        be_integer(cell, seconds_of(figure_at<std::int64_t>(data, index), per_second));
      });
    case Held::duration:
      return all(rows, to, [data, per_second](std::int64_t index, Value& cell, char* room) {
        be_text(cell, write_span(figure_at<std::int64_t>(data, index), per_second, room));
      });
  }
  return 0;
}

void ArrowValues::read_positions(const ArrowRows& rows, std::int64_t* positions) const {
  const auto read = [&]<class Figure>(Figure) {
    for (std::size_t row = 0; row < rows.count; ++row) {
      positions[row] = static_cast<std::int64_t>(figure_at<Figure>(data_, rows.position(row)));
    }
  };
  switch (type_.held) {
    case Held::int8:
      return read(std::int8_t{});
    case Held::int16:
      return read(std::int16_t{});
    case Held::int32:
      return read(std::int32_t{});
    case Held::uint8:
      return read(std::uint8_t{});
    case Held::uint16:
      return read(std::uint16_t{});
    case Held::uint32:
      return read(std::uint32_t{});
    default:
      return read(std::int64_t{});  // of 64 bits without a sign the largest become negative, and are none
  }
}

}  // namespace trainstat
