// Which column a key of a row belongs to.
#pragma once

#include <Python.h>

#include <cstddef>

namespace walk {

/// The keys of a report's columns. Nearly all rows of a report hold the very same key objects in the same order, most often that of the
/// columns. So the objects are remembered, and which column came behind which one; a key is compared by its contents only where another
/// object than the last time comes.
class Columns {
 public:
  Columns() = default;
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;
  ~Columns() { clear(); }

  /// Of {key: index}; false with an exception.
  bool open(PyObject* indices) {
    if (!PyDict_Check(indices)) {
      PyErr_SetString(PyExc_TypeError, "the columns must be a dict");
      return false;
    }
    count_ = PyDict_Size(indices);
    const auto places = static_cast<std::size_t>(count_) + 1;
    keys_ = static_cast<PyObject**>(PyMem_Calloc(places, sizeof *keys_));
    followers_ = static_cast<Py_ssize_t*>(PyMem_Calloc(places, sizeof *followers_));
    if (keys_ == nullptr || followers_ == nullptr) {
      PyErr_NoMemory();
      return false;
    }
    Py_INCREF(indices);
    indices_ = indices;
    return true;
  }
  void clear() {
    for (Py_ssize_t i = 0; keys_ != nullptr && i < count_; ++i) Py_CLEAR(keys_[i]);
    PyMem_Free(keys_);
    PyMem_Free(followers_);
    keys_ = nullptr;
    followers_ = nullptr;
    Py_CLEAR(indices_);
  }
  int traverse(visitproc visit, void* arg) {
    Py_VISIT(indices_);  // the keys are text, which refers to nothing
    return 0;
  }

  Py_ssize_t count() const { return count_; }
  /// Stands before the first key of a row.
  static constexpr Py_ssize_t none = -1;

  /// The column of a key that stands behind the one of `last`; `none` where no column has it. Runs no Python code, sets no exception.
  Py_ssize_t find(PyObject* key, Py_ssize_t last) {
    const Py_ssize_t next = last + 1;
    if (keys_[next] == key) return next;  // a guess: so a processor need not wait for what is remembered
    const Py_ssize_t follower = followers_[next];
    return keys_[follower] == key ? follower : look_up(key, next);
  }

 private:
  Py_ssize_t look_up(PyObject* key, Py_ssize_t next) {
    if (Py_TYPE(key) != &PyUnicode_Type) return none;  // a subclass may compare as it likes
    PyObject* index = PyDict_GetItemWithError(indices_, key);
    if (index == nullptr) {
      PyErr_Clear();
      return none;
    }
    const Py_ssize_t column = PyLong_AsSsize_t(index);
    if (column < 0 || column >= count_) return none;
    Py_INCREF(key);
    Py_XDECREF(keys_[column]);
    keys_[column] = key;
    followers_[next] = column;
    return column;
  }

  PyObject* indices_ = nullptr;
  Py_ssize_t count_ = 0;
  PyObject** keys_ = nullptr;        // by column, as seen last, and null behind the last
  Py_ssize_t* followers_ = nullptr;  // the column that came behind another, by the number of that and one more
};

}  // namespace walk
