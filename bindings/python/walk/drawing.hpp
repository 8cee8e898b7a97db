// Draws rows of Python's into a block.
#pragma once

#include <Python.h>

#include "block.hpp"
#include "columns.hpp"
#include "reference.hpp"
#include "spelling.hpp"

namespace walk {

/// What is written in Python, for what is not plain.
struct Hooks {
  PyObject* types = nullptr;  // of the columns, and one more: a tuple
  PyObject* plain =
      nullptr;  // plain(value, type) -> bool, int within 64 bits, float, well-formed str, or a Foreign (kind, text)
  PyObject* spelled = nullptr;     // {exact type of a value: what plain() does for it}
  PyObject* plain_dict = nullptr;  // plain_dict(row, what) -> dict
  PyObject* spread = nullptr;      // spread(row) -> (cells, values, UnknownKey or None), for a row with keys of another kind
};

class Drawing {
 public:
  Drawing() = default;
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
  ~Drawing() {
    PyMem_Free(values_);
    PyMem_Free(has_letters_);
  }

  /// Of {key: index}. False with an exception.
  bool open(PyObject* columns);

  /// Draws an exact dict; where it fails, the rows before it stay as they are. `unknown` is set to a key that no column has.
  bool draw(PyObject* row, const Hooks& hooks, Reference& unknown);

  Block block;
  Columns columns;

 private:
  enum class Outcome { drawn, odd, failed };

  bool scatter(PyObject* row);
  Outcome draw_values(const Hooks* hooks);
  Outcome draw_value(PyObject* value, Py_ssize_t column, ts_value& cell);
  Outcome draw_text(PyObject* text, Py_ssize_t column, ts_value& cell);
  Outcome draw_long_text(PyObject* text, ts_value& cell);
  Outcome spell();
  Outcome draw_odd_value(Py_ssize_t column, const Hooks& hooks, ts_value& cell);
  bool draw_odd_row(PyObject* row, const Hooks& hooks, Reference& unknown);
  bool spread(PyObject* row, const Hooks& hooks, Reference& unknown);

  Py_ssize_t count_ = 0;         // of the columns
  PyObject** values_ = nullptr;  // of the row in hand, by column, and its unknown key; borrowed, or held while Python code runs
  Spelling spelling_;
  bool was_odd_ = false;         // whether the row before had values that are not plain
  bool* has_letters_ = nullptr;  // by column: whether a text was not all ASCII once
};

}  // namespace walk
