// Rows that are drawn and not yet appended, as cells of trainstat.h.
#pragma once

#include <Python.h>
#include <trainstat.h>

#include "texts.hpp"

namespace walk {

class Block {
 public:
  Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() {
    PyMem_Free(cells_);
    PyMem_Free(lengths_);
  }

  /// Takes rows of so many cells, and one more for a key that no column has. False with an exception.
  bool open(std::size_t columns) {
    constexpr std::size_t most_bytes = 256 * 1024;  // of cells: they stay in the processor's cache until they are appended
    width_ = columns + 1;
    most_ = most_bytes / (width_ * sizeof(ts_value));
    if (most_ < 1) most_ = 1;
    cells_ = static_cast<ts_value*>(PyMem_Calloc(most_ * width_, sizeof(ts_value)));
    lengths_ = static_cast<std::size_t*>(PyMem_Calloc(most_, sizeof(std::size_t)));
    if (cells_ == nullptr || lengths_ == nullptr) PyErr_NoMemory();
    return cells_ != nullptr && lengths_ != nullptr;
  }

  std::size_t count() const { return count_; }
  bool is_full() const {
    constexpr std::size_t most_bytes = 1024 * 1024;  // of texts
    return count_ == most_ || texts.size() >= most_bytes;
  }

  /// The cells of the row that is drawn next.
  ts_value* next() { return cells_ + count_ * width_; }
  void take(std::size_t length) { lengths_[count_++] = length; }
  void clear() {
    count_ = 0;
    texts.clear();
  }

  /// Appends the rows by ts_row_append until one is refused; `reached` counts the ones before it. Needs no GIL.
  int32_t append_to(ts_report* report, decltype(&ts_row_append) append, uint64_t* reached, ts_error* error) const {
    int32_t status = TS_OK;
    for (*reached = 0; *reached < count_; ++*reached) {
      status = append(report, cells_ + *reached * width_, lengths_[*reached], error);
      if (status != TS_OK) break;
    }
    return status;
  }

  Texts texts;

 private:
  ts_value* cells_ = nullptr;
  std::size_t* lengths_ = nullptr;  // how many cells of each row count
  std::size_t width_ = 0;
  std::size_t most_ = 0;
  std::size_t count_ = 0;
};

}  // namespace walk
