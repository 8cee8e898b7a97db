#include "ingest/arrow_table.hpp"

#include <algorithm>
#include <bit>

namespace trainstat {
namespace {

using Held = ArrowType::Held;

/// Fewer rows at once cost more than they save by staying in the nearest cache.
constexpr std::size_t block = ArrowRows::most;

std::string_view text_of(const char* text) { return text == nullptr ? std::string_view() : std::string_view(text); }

bool is_there(const ArrowSchema* schema) {
  return schema != nullptr && schema->release != nullptr && schema->format != nullptr;
}

/// Whether a column is the index of a data frame (`__index_level_0__`), which goes along where rows have been left out of the frame.
bool is_index_of_frame(std::string_view name) { return name.starts_with("__index_level_") && name.ends_with("__"); }

bool has_children(std::int64_t count, const void* children) { return count == 0 || (count > 0 && children != nullptr); }

Status malformed_schema(const char* what, std::string_view name = {}) {
  return Status::failure(Code::invalid_argument, "the Arrow schema {}{}", what, name);
}

}  // namespace

Status ArrowTable::open(const ArrowSchema* schema, std::span<const Column> columns) {
  if (!is_there(schema)) return malformed_schema("is missing or released");
  if (text_of(schema->format) != "+s" || schema->dictionary != nullptr) {
    return malformed_schema("is no struct, whose children would be the columns");
  }
  if (!has_children(schema->n_children, schema->children)) return malformed_schema("has no children where it counts some");
  columns_ = columns;
  children_ = schema->n_children;
  for (std::int64_t child = 0; child < children_; ++child) {
    if (!is_there(schema->children[child])) return malformed_schema("has a child that is missing or released");
    if (Status status = open_field(*schema->children[child], child); !status.is_ok()) return status;
  }
  width_ = columns.size() + (has_unknown_ ? 1 : 0);
  cells_.resize(width_ * block);
  std::size_t room = 0;
  for (Field& field : fields_) {
    field.texts = room;
    room += field.type.text_room() * block;
  }
  texts_.resize(room);
  for (std::size_t row = 0; has_unknown_ && row < block; ++row) {
    cells_[row * width_ + columns.size()] = Value::of(Value::Kind::foreign, unknown_);
  }
  return Status::ok();
}

Status ArrowTable::open_field(const ArrowSchema& schema, std::int64_t child) {
  const std::string_view name = text_of(schema.name);
  const auto found = std::ranges::find(columns_, name, &Column::key);
  if (found == columns_.end()) {
    if (is_index_of_frame(name)) return Status::ok();
    if (!has_unknown_) unknown_ = name;
    has_unknown_ = true;
    return Status::ok();
  }
  Field field;
  field.column = static_cast<std::size_t>(found - columns_.begin());
  field.child = child;
  field.type = ArrowType::of(schema.format);
  const auto refused = [&field](Status status) {
    status.column = static_cast<std::int32_t>(field.column);
    return status;
  };
  if (std::ranges::find(fields_, field.column, &Field::column) != fields_.end()) {
    return refused(malformed_schema("has two columns named ", name));
  }
  std::string_view prefix;
  if (schema.dictionary != nullptr) {
    if (!is_there(schema.dictionary) || !field.type.is_integer())
      return refused(malformed_schema("has a malformed dictionary in the column ", name));
    prefix = "dictionary of ";
    field.index = field.type;
    field.type = ArrowType::of(schema.dictionary->format);
    if (schema.dictionary->dictionary != nullptr) field.type = {Held::other, "dictionary"};
  }
  if (!field.type.serves(found->kind)) {
    return refused(Status::failure(Code::invalid_argument, "{} cannot come from an Arrow column of type {}{}", name, prefix,
                                   field.type.name));
  }
  fields_.push_back(field);
  return Status::ok();
}

const char* ArrowTable::Field::open(const ArrowArray* array, std::int64_t rows) {
  if (!is_dictionary())
    return array != nullptr && array->dictionary != nullptr ? "has a dictionary" : values.open(array, type, rows);
  if (const char* fault = indices.open(array, index, rows)) return fault;
  if (array->dictionary == nullptr) return "has no dictionary";
  if (array->dictionary->dictionary != nullptr) return "has a dictionary in its dictionary";
  values_count = array->dictionary->length;
  return values.open(array->dictionary, type, 0);
}

std::size_t ArrowTable::Field::fill(std::int64_t first, std::size_t count, const ArrowCells& to) const {
  if (!is_dictionary()) return values.fill({first, count, values.validity().word(first, count), nullptr}, to);
  ArrowRows rows{first, count, indices.validity().word(first, count), nullptr};
  std::int64_t positions[block];
  indices.read_positions(rows, positions);
  for (std::size_t row = 0; row < rows.count; ++row) {
    if (!rows.is_valid(row)) continue;
    if (positions[row] < 0 || positions[row] >= values_count) {
      rows.count = row;
    } else if (!values.validity().at(positions[row])) {
      rows.valid &= ~(std::uint64_t{1} << row);
    }
  }
  rows.positions = positions;
  return values.fill(rows, to);
}

Status ArrowTable::open_array(const ArrowArray* array, RowTaker& taker) {
  const auto refuse = [&taker](std::string_view whose, const char* what) {
    return taker.refuse_rest(Message("the Arrow array is malformed: {} {}", whose, what));
  };
  if (const char* fault = fault_of(array, 0)) return refuse("it", fault);
  if (array->n_buffers != 1) return refuse("it", "has not the buffer of a struct");
  if (array->dictionary != nullptr) return refuse("it", "has a dictionary");
  if (array->n_children != children_ || !has_children(children_, array->children)) {
    return refuse("it", "has not the columns of its schema");
  }
  if (const char* fault = read_validity(*array, validity_)) return refuse("it", fault);
  offset_ = array->offset;
  length_ = array->length;
  for (Field& field : fields_) {
    // A slice of a struct says so at its top alone: its children are whole.
    if (const char* fault = field.open(array->children[field.child], offset_ + length_)) {
      return refuse(columns_[field.column].key, fault);
    }
  }
  return Status::ok();
}

/// Fills the cells of a block's rows up to the first that cannot be read, and gives the number of those filled.
std::size_t ArrowTable::fill(std::int64_t first, std::size_t count, Message& fault) {
  const auto rows = static_cast<std::size_t>(std::countr_one(validity_.word(first, count)));
  if (rows < count) fault = Message("the Arrow array is malformed: a row is null");
  count = rows;
  for (const Field& field : fields_) {
    const ArrowCells to = {cells_.data() + field.column, width_, texts_.data() + field.texts, field.type.text_room()};
    const std::size_t filled = field.fill(offset_ + first, count, to);
    if (filled == count) continue;
    fault = Message("the Arrow array is malformed: {} has a value outside its buffers", columns_[field.column].key);
    count = filled;
  }
  return count;
}

Status ArrowTable::take(std::int64_t first, std::int64_t count, RowTaker& taker) {
  while (count > 0) {
    const std::size_t wanted = count < static_cast<std::int64_t>(block) ? static_cast<std::size_t>(count) : block;
    Message fault;
    const std::size_t filled = fill(first, wanted, fault);
    for (std::size_t row = 0; row < filled; ++row) {
      if (Status status = taker.take(Row(cells_).subspan(row * width_, width_)); !status.is_ok()) return status;
    }
    if (filled < wanted) return taker.refuse_rest(fault);
    first += static_cast<std::int64_t>(wanted);
    count -= static_cast<std::int64_t>(wanted);
  }
  return Status::ok();
}

}  // namespace trainstat
