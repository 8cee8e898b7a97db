// Where the steps of a row find its cells: one face for the two ways in that are read without unpacking. Both are passed in registers.
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
  /// 1: the integer; 0, of a null: whatever.
  std::int64_t integer_if(std::size_t) const { return cell_->integer; }

  /// Whether the text at hand can be one.
  bool has_text(const PackedTexts&) const { return cell_->data != nullptr; }
  const char* text(const PackedTexts&) const { return cell_->data; }
  std::size_t length() const { return cell_->length; }

  /// Whether the cell can be a value, and which.
  bool read_value(const PackedTexts&, Value& value) const {
    value = cell_->sound();
    return true;
  }

  // The next cell, behind one of this kind.
  ValueCells behind_null() const { return ValueCells(cell_ + 1); }
  ValueCells behind_integer() const { return ValueCells(cell_ + 1); }
  ValueCells behind_integer_if(std::size_t) const { return ValueCells(cell_ + 1); }
  ValueCells behind_text(PackedTexts&) const { return ValueCells(cell_ + 1); }
  /// Behind whatever has been read.
  ValueCells behind(PackedTexts&) const { return ValueCells(cell_ + 1); }

 private:
  const Value* cell_;
};

/// Cells of a packed row. Its texts, one behind the other, are passed by themselves.
class PackedCells {
 public:
  explicit PackedCells(PackedRow row) : row_(row) {}

  Value::Kind kind() const { return static_cast<Value::Kind>(*row_.kinds); }
  std::int64_t integer() const { return load<std::int64_t>(row_.slots); }
  /// Of a null, what stands before its place: the slot of another, or the head of the row.
  std::int64_t integer_if(std::size_t is_given) const { return load<std::int64_t>(row_.slots + 8 * is_given - 8); }

  bool has_text(const PackedTexts& texts) const { return length() <= static_cast<std::size_t>(texts.end - texts.begin); }
  const char* text(const PackedTexts& texts) const { return texts.begin; }
  std::size_t length() const { return load<std::uint64_t>(row_.slots); }

  bool read_value(const PackedTexts& texts, Value& value) const {
    value = Value::of(kind());
    if (value.kind > Value::Kind::foreign || value.kind < Value::Kind::absent) return false;
    if (is_text()) {
      if (!has_text(texts)) return false;
      value = Value::of(value.kind, {text(texts), length()});
    } else if (!is_nothing()) {
      value.integer = integer();  // or the bytes of a number
    }
    return true;
  }

  PackedCells behind_null() const { return PackedCells({row_.kinds + 1, row_.slots}); }
  PackedCells behind_integer() const { return PackedCells({row_.kinds + 1, row_.slots + 8}); }
  PackedCells behind_integer_if(std::size_t is_given) const { return PackedCells({row_.kinds + 1, row_.slots + 8 * is_given}); }
  PackedCells behind_text(PackedTexts& texts) const {
    texts.begin += length();
    return behind_integer();
  }
  PackedCells behind(PackedTexts& texts) const {
    if (is_text()) return behind_text(texts);
    return is_nothing() ? behind_null() : behind_integer();
  }

 private:
  bool is_text() const { return kind() == Value::Kind::text || kind() == Value::Kind::foreign; }
  bool is_nothing() const { return kind() == Value::Kind::absent || kind() == Value::Kind::null; }

  PackedRow row_;
};

}  // namespace trainstat
