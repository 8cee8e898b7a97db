// Which column a key of a row belongs to.
#pragma once

#include <Python.h>

namespace walk {

/// The keys of a report's columns. Nearly all rows of a report hold the very same key objects in the same order, so which column
/// came behind which one is remembered, and a key is compared by its contents only where another object than the last time comes.
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
    followers_ = static_cast<Follower*>(PyMem_Calloc(static_cast<std::size_t>(count_) + 1, sizeof(Follower)));
    if (followers_ == nullptr) {
      PyErr_NoMemory();
      return false;
    }
    Py_INCREF(indices);
    indices_ = indices;
    return true;
  }
  void clear() {
    if (followers_ != nullptr) {
      for (Py_ssize_t i = 0; i <= count_; ++i) Py_CLEAR(followers_[i].key);
    }
    PyMem_Free(followers_);
    followers_ = nullptr;
    Py_CLEAR(indices_);
  }
  int traverse(visitproc visit, void* arg) {
    Py_VISIT(indices_);  // the keys are text, which refers to nothing
    return 0;
  }

  Py_ssize_t count() const { return count_; }
  /// Stands before the first key of a row.
  Py_ssize_t none() const { return count_; }

  /// The column of a key that stands behind the one of `last`; -1 where no column has it. Runs no Python code, sets no exception.
  Py_ssize_t find(PyObject* key, Py_ssize_t last) {
    Follower& follower = followers_[last];
    return follower.key == key ? follower.column : look_up(key, follower);
  }

 private:
  struct Follower {
    PyObject* key;
    Py_ssize_t column;
  };

  Py_ssize_t look_up(PyObject* key, Follower& follower) {
    if (Py_TYPE(key) != &PyUnicode_Type) return -1;  // a subclass may compare as it likes
    PyObject* index = PyDict_GetItemWithError(indices_, key);
    if (index == nullptr) {
      PyErr_Clear();
      return -1;
    }
    const Py_ssize_t column = PyLong_AsSsize_t(index);
    if (column < 0 || column >= count_) return -1;
    Py_INCREF(key);
    Py_XDECREF(follower.key);
    follower = {key, column};
    return column;
  }

  PyObject* indices_ = nullptr;
  Py_ssize_t count_ = 0;
  Follower* followers_ = nullptr;
};

}  // namespace walk
