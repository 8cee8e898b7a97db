// Rows out of Arrow's columns.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "formats/column.hpp"
#include "ingest/arrow_values.hpp"
#include "ingest/row_taker.hpp"

namespace trainstat {

/// What a schema says, matched by name to a report's columns, and the cells of a few rows. Borrows the columns and the schema.
class ArrowTable {
 public:
  /// Refuses a schema of which no row can be made: one that is no struct, a name that stands in it twice, a type that cannot serve.
  /// A name that is no column is every row's to be refused for.
  Status open(const ArrowSchema* schema, std::span<const Column> columns);

  /// Looks at an array of that schema, once for all its rows: refused where it lies. Borrows it until the next one.
  Status open_array(const ArrowArray* array, RowTaker& taker);
  std::int64_t length() const { return length_; }

  /// Hands over rows of the array, which must be there, until one is refused or turns out to lie outside its buffers.
  Status take(std::int64_t first, std::int64_t count, RowTaker& taker);

 private:
  struct Field {
    std::size_t column = 0;  // of the report
    std::int64_t child = 0;  // of the struct
    ArrowType type;
    ArrowType index;        // of a dictionary's indices; else other
    std::size_t texts = 0;  // where its room for texts begins
    ArrowValues values;
    ArrowValues indices;
    std::int64_t values_count = 0;  // in the dictionary

    bool is_dictionary() const { return index.held != ArrowType::Held::other; }
    const char* open(const ArrowArray* array, std::int64_t rows);
    std::size_t fill(std::int64_t first, std::size_t count, const ArrowCells& to) const;
  };

  Status open_field(const ArrowSchema& schema, std::int64_t child);
  std::size_t fill(std::int64_t first, std::size_t count, Message& fault);

  std::span<const Column> columns_;
  std::int64_t children_ = 0;
  std::vector<Field> fields_;
  std::string_view unknown_;  // the first name that is no column
  bool has_unknown_ = false;
  ArrowBits validity_;
  std::int64_t offset_ = 0;
  std::int64_t length_ = 0;
  std::size_t width_ = 0;  // of a row: one more where a name is no column
  std::vector<Value> cells_;
  std::vector<char> texts_;
};

}  // namespace trainstat
