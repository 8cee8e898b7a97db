// The values of one Arrow array, read where they lie.
#pragma once

#include <cstdint>

#include "base/value.hpp"
#include "ingest/arrow_abi.hpp"
#include "ingest/arrow_type.hpp"

namespace trainstat {

/// A bit for each row of an array, the lowest first; without bytes every bit is set.
class ArrowBits {
 public:
  ArrowBits() = default;
  ArrowBits(const void* bytes, std::int64_t offset) : bytes_(static_cast<const unsigned char*>(bytes)), offset_(offset) {}

  bool at(std::int64_t index) const {
    const std::int64_t bit = offset_ + index;
    return bytes_ == nullptr || ((bytes_[bit / 8] >> (bit % 8)) & 1U) != 0;
  }

  /// The bits of up to 64 rows. Touches no byte that has none of them.
  std::uint64_t word(std::int64_t first, std::size_t count) const;

 private:
  const unsigned char* bytes_ = nullptr;
  std::int64_t offset_ = 0;
};

/// Rows that are read at once.
struct ArrowRows {
  static constexpr std::size_t most = 64;

  std::int64_t first = 0;
  std::size_t count = 0;
  std::uint64_t valid = 0;                  // bit r: row r is not null
  const std::int64_t* positions = nullptr;  // of a dictionary: row r's value is its positions[r]-th

  bool is_valid(std::size_t row) const { return ((valid >> row) & 1U) != 0; }
  std::int64_t position(std::size_t row) const {
    return positions == nullptr ? first + static_cast<std::int64_t>(row) : positions[row];
  }
};

/// Where they go: row r's cell is first[r * stride], and its text, where it needs one made, stands at texts[r * room].
struct ArrowCells {
  Value* first = nullptr;
  std::size_t stride = 0;
  char* texts = nullptr;
  std::size_t room = 0;
};

/// Null where an array has so many rows at least, and what each array owes whatever is in it; else what is wrong with it.
const char* fault_of(const ArrowArray* array, std::int64_t rows);

/// Which of its rows are not null; null, or what is wrong.
const char* read_validity(const ArrowArray& array, ArrowBits& validity);

class ArrowValues {
 public:
  /// Looks at all that need not be looked at value by value; null, or what is wrong. Borrows the array.
  const char* open(const ArrowArray* array, const ArrowType& type, std::int64_t rows);

  const ArrowBits& validity() const { return validity_; }

  /// Fills the cells of the rows until one has a value outside the array's buffers, and gives their number.
  std::size_t fill(const ArrowRows& rows, const ArrowCells& to) const;

  /// The rows' values as positions, of integers only; what a null row's becomes means nothing.
  void read_positions(const ArrowRows& rows, std::int64_t* positions) const;

 private:
  const char* open_texts(const ArrowArray& array, std::int64_t rows);
  const char* open_views(const ArrowArray& array);

  bool read_view(std::int64_t index, Value& cell) const;

  ArrowType type_;
  ArrowBits validity_;
  ArrowBits booleans_;
  const char* data_ = nullptr;   // figures, views, or the offsets of texts: those of row 0 on
  const char* texts_ = nullptr;  // behind the offsets
  std::uint64_t texts_end_ = 0;  // the last offset: nothing is promised behind it
  const void* const* view_buffers_ = nullptr;
  const char* view_sizes_ = nullptr;
  std::int64_t view_count_ = 0;
};

}  // namespace trainstat
