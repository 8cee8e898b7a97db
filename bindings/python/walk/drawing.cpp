#include "drawing.hpp"

#include <cstring>

namespace walk {
namespace {

/// After a text that could not be encoded.
bool is_ill_formed() {
  if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return false;
  PyErr_Clear();
  return true;
}

void put(ts_value& cell, int32_t kind, int64_t integer) {
  cell.kind = kind;
  cell.value.integer = integer;
}

void put_text(ts_value& cell, int32_t kind, const char* text, std::size_t length) {
  cell.kind = kind;
  cell.value.text = text;
  cell.length = length;
}

}  // namespace

bool Drawing::open(PyObject* indices) {
  if (!columns.open(indices)) return false;
  count_ = columns.count();
  const auto cells = static_cast<std::size_t>(count_) + 1;
  values_ = static_cast<PyObject**>(PyMem_Calloc(cells, sizeof *values_));
  has_letters_ = static_cast<bool*>(PyMem_Calloc(cells, sizeof *has_letters_));
  if (values_ == nullptr || has_letters_ == nullptr) {
    PyErr_NoMemory();
    return false;
  }
  return spelling_.open(cells) && block.open(static_cast<std::size_t>(count_));
}

bool Drawing::draw(PyObject* row, const Hooks& hooks, Reference& unknown) {
  // Where the row before was odd, this one most likely is, too, and to draw it as a plain one would be for nothing.
  if (was_odd_ || !scatter(row)) return draw_odd_row(row, hooks, unknown);
  const Outcome outcome = draw_values(nullptr);
  if (outcome == Outcome::odd) return draw_odd_row(row, hooks, unknown);
  return outcome == Outcome::drawn;
}

/// Finds the values of a row by column; false where a key has none. Runs no Python code.
bool Drawing::scatter(PyObject* row) {
  std::memset(values_, 0, static_cast<std::size_t>(count_ + 1) * sizeof *values_);
  Py_ssize_t place = 0;
  Py_ssize_t column = Columns::none;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  while (PyDict_Next(row, &place, &key, &value)) {
    column = columns.find(key, column);
    if (column < 0) return false;
    __builtin_prefetch(value);  // it is looked at when all of them are found
    values_[column] = value;
  }
  return true;
}

/// Makes cells of the values. Without hooks it runs no Python code before it fails, and something odd is for those.
Drawing::Outcome Drawing::draw_values(const Hooks* hooks) {
  ts_value* cells = block.next();
  const Py_ssize_t count = values_[count_] == nullptr ? count_ : count_ + 1;
  spelling_.clear();
  for (Py_ssize_t column = 0; column < count; ++column) {
    PyObject* value = values_[column];
    ts_value& cell = cells[column];
    if (value == nullptr || value == Py_None) {
      cell.kind = value == nullptr ? TS_ABSENT : TS_NULL;
      continue;
    }
    Outcome outcome = draw_value(value, column, cell);
    if (hooks != nullptr) {
      if (outcome == Outcome::drawn) outcome = spell();
      if (outcome == Outcome::odd) outcome = draw_odd_value(column, *hooks, cell);
    }
    if (outcome != Outcome::drawn) return outcome;
  }
  const Outcome outcome = spell();
  if (outcome == Outcome::drawn) block.take(static_cast<std::size_t>(count));
  return outcome;
}

inline Drawing::Outcome Drawing::spell() {
  const Spelling::Outcome outcome = spelling_.spell(block.texts);
  if (outcome == Spelling::Outcome::failed) return Outcome::failed;
  return outcome == Spelling::Outcome::spelled ? Outcome::drawn : Outcome::odd;
}

inline Drawing::Outcome Drawing::draw_value(PyObject* value, Py_ssize_t column, ts_value& cell) {
  const PyTypeObject* type = Py_TYPE(value);
  if (type == &PyUnicode_Type) return draw_text(value, column, cell);
  if (type == &PyLong_Type) {
    int overflow = 0;
    put(cell, TS_INTEGER, PyLong_AsLongLongAndOverflow(value, &overflow));
    return overflow == 0 ? Outcome::drawn : Outcome::odd;
  }
  if (type == &PyBool_Type) {
    put(cell, TS_BOOLEAN, value == Py_True);
    return Outcome::drawn;
  }
  if (type == &PyFloat_Type) {
    cell.kind = TS_NUMBER;
    cell.value.number = PyFloat_AsDouble(value);
    return Outcome::drawn;
  }
  return Outcome::odd;
}

/// PyUnicode_AsUTF8AndSize is the fastest way to ASCII, but leaves a copy of any other text with the host's object for as long as
/// that lives. So a column takes it only until its first text beyond ASCII.
inline Drawing::Outcome Drawing::draw_text(PyObject* text, Py_ssize_t column, ts_value& cell) {
  if (has_letters_[column]) {
    if (spelling_.is_full()) {
      const Outcome outcome = spell();
      if (outcome != Outcome::drawn) return outcome;
    }
    const Py_ssize_t letters = spelling_.take(text, cell);
    if (letters < 0) return Outcome::failed;
    return letters <= Spelling::most_letters ? Outcome::drawn : draw_long_text(text, cell);
  }
  const Py_ssize_t letters = PyUnicode_GetLength(text);
  if (letters < 0) return Outcome::failed;
  if (letters > Spelling::most_letters) return draw_long_text(text, cell);
  Py_ssize_t length = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text, &length);
  if (bytes == nullptr) return is_ill_formed() ? Outcome::odd : Outcome::failed;
  has_letters_[column] = length != letters;
  const char* copy = block.texts.append(bytes, static_cast<std::size_t>(length));
  if (copy == nullptr) return Outcome::failed;
  put_text(cell, TS_TEXT, copy, static_cast<std::size_t>(length));
  return Outcome::drawn;
}

Drawing::Outcome Drawing::draw_long_text(PyObject* text, ts_value& cell) {
  const Reference bytes(PyUnicode_AsUTF8String(text));
  if (!bytes) return is_ill_formed() ? Outcome::odd : Outcome::failed;
  const auto length = static_cast<std::size_t>(PyBytes_Size(bytes.get()));
  const char* copy = block.texts.append(PyBytes_AsString(bytes.get()), length);
  if (copy == nullptr) return Outcome::failed;
  put_text(cell, TS_TEXT, copy, length);
  return Outcome::drawn;
}

/// Makes a cell of what Python makes of the value. Runs Python code.
Drawing::Outcome Drawing::draw_odd_value(Py_ssize_t column, const Hooks& hooks, ts_value& cell) {
  was_odd_ = true;
  const Reference odd(values_[column]);
  PyObject* type = PyTuple_GetItem(hooks.types, column);  // borrowed
  PyObject* known = PyDict_GetItemWithError(hooks.spelled, reinterpret_cast<PyObject*>(Py_TYPE(odd.get())));
  const Reference function = Reference::to(known == nullptr ? hooks.plain : known);
  const bool has_failed = type == nullptr || (known == nullptr && PyErr_Occurred() != nullptr);
  values_[column] = has_failed ? nullptr : PyObject_CallFunctionObjArgs(function.get(), odd.get(), type, nullptr);
  PyObject* value = values_[column];
  if (value == nullptr) return Outcome::failed;
  const Outcome outcome = draw_value(value, column, cell);
  if (outcome == Outcome::drawn) return spell();
  if (outcome == Outcome::failed) return outcome;
  const Reference kind(PyObject_GetAttrString(value, "kind"));
  const Reference bytes(PyObject_GetAttrString(value, "text"));
  char* data = nullptr;
  Py_ssize_t length = 0;
  if (!kind || !bytes || PyBytes_AsStringAndSize(bytes.get(), &data, &length) != 0) return Outcome::failed;
  const char* copy = block.texts.append(data, static_cast<std::size_t>(length));
  if (copy == nullptr) return Outcome::failed;
  put_text(cell, static_cast<int32_t>(PyLong_AsLong(kind.get())), copy, static_cast<std::size_t>(length));
  return PyErr_Occurred() == nullptr ? Outcome::drawn : Outcome::failed;
}

/// Draws a row that has a value of another type, an integer beyond 64 bits, an ill-formed text, or a key that no column has or
/// that is no exact str. Runs Python code, and so begins anew, holding the values.
bool Drawing::draw_odd_row(PyObject* row, const Hooks& hooks, Reference& unknown) {
  was_odd_ = false;
  bool is_known = scatter(row);
  if (is_known) {
    for (Py_ssize_t column = 0; column < count_; ++column) Py_XINCREF(values_[column]);
  } else {
    std::memset(values_, 0, static_cast<std::size_t>(count_ + 1) * sizeof *values_);
    is_known = spread(row, hooks, unknown);
  }
  const bool is_drawn = is_known && draw_values(&hooks) == Outcome::drawn;
  for (Py_ssize_t column = 0; column <= count_; ++column) Py_CLEAR(values_[column]);
  return is_drawn;
}

/// Finds the values as Python does, and holds them.
bool Drawing::spread(PyObject* row, const Hooks& hooks, Reference& unknown) {
  const Reference found(PyObject_CallFunctionObjArgs(hooks.spread, row, nullptr));
  PyObject* cells = nullptr;
  PyObject* values = nullptr;
  PyObject* key = nullptr;
  if (!found || !PyArg_ParseTuple(found.get(), "O!O!O", &PyList_Type, &cells, &PyTuple_Type, &values, &key)) return false;
  for (Py_ssize_t i = 0; i < PyList_Size(cells) && i < PyTuple_Size(values); ++i) {
    const Py_ssize_t column = PyLong_AsSsize_t(PyList_GetItem(cells, i));
    if (column < 0 || column > count_) {
      if (!PyErr_Occurred()) PyErr_SetString(PyExc_IndexError, "there is no such cell");
      return false;
    }
    Py_XDECREF(values_[column]);
    values_[column] = Reference::to(PyTuple_GetItem(values, i)).release();
  }
  if (key != Py_None) unknown = Reference::to(key);
  return true;
}

}  // namespace walk
