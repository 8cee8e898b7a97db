// Where the row loop finds its cells: one face for the two ways in that it reads without unpacking.
#pragma once

#include <cstdint>

#include "base/load.hpp"
#include "base/packed_row.hpp"
#include "base/value.hpp"

namespace trainstat {

/// Cells as values, each of them readable as a whole.
class ValueCells {
 public:
  explicit ValueCells(const Value* cell) : cell_(cell) {}

  Value::Kind kind() const { return cell_->kind; }
  std::int64_t integer() const { return cell_->integer; }
  /// An integer, or 0 of a null.
  std::int64_t integer_or_zero() const { return cell_->kind == Value::Kind::null ? 0 : cell_->integer; }

  /// Whether the text at hand can be one.
  bool has_text() const { return cell_->data != nullptr; }
  const char* text() const { return cell_->data; }
  std::size_t length() const { return cell_->length; }

  /// Whether the cell can be a value, and which.
  bool take_value(Value& value) {
    value = cell_->sound();
    ++cell_;
    return true;
  }

  // On to the next cell, behind one of this kind.
  void pass_null() { ++cell_; }
  void pass_integer() { ++cell_; }
  void pass_integer_or_null(bool) { ++cell_; }
  void pass_text() { ++cell_; }

 private:
  const Value* cell_;
};

/// Cells of a packed row.
class PackedCells {
 public:
  explicit PackedCells(const PackedRow& row) : row_(row) {}

  Value::Kind kind() const { return static_cast<Value::Kind>(*row_.kinds); }
  std::int64_t integer() const { return load<std::int64_t>(row_.slots); }
  std::int64_t integer_or_zero() const {
    constexpr char zero[8] = {};
    return load<std::int64_t>(kind() == Value::Kind::null ? zero : row_.slots);
  }

  bool has_text() const { return length() <= static_cast<std::size_t>(row_.end - row_.texts); }
  const char* text() const { return row_.texts; }
  std::size_t length() const { return load<std::uint64_t>(row_.slots); }

  bool take_value(Value& value) {
    value = Value::of(kind());
    if (value.kind > Value::Kind::foreign || value.kind < Value::Kind::absent) return false;
    if (value.kind == Value::Kind::text || value.kind == Value::Kind::foreign) {
      if (!has_text()) return false;
      value = Value::of(value.kind, {text(), length()});
      pass_text();
    } else if (value.kind == Value::Kind::absent || value.kind == Value::Kind::null) {
      pass_null();
    } else {
      value.integer = integer();  // or the bytes of a number
      pass_integer();
    }
    return true;
  }

  void pass_null() { ++row_.kinds; }
  void pass_integer() {
    ++row_.kinds;
    row_.slots += 8;
  }
  void pass_integer_or_null(bool is_null) {
    ++row_.kinds;
    row_.slots += is_null ? 0 : 8;
  }
  void pass_text() {
    row_.texts += length();
    pass_integer();
  }

  const char* end_of_texts() const { return row_.texts; }

 private:
  PackedRow row_;
};

}  // namespace trainstat
