// Texts of a row that are letters, and become UTF-8 when all of them are there.
#pragma once

#include <Python.h>
#include <trainstat.h>

#include "texts.hpp"
#include "utf8.hpp"

namespace walk {

/// Letter by letter, because Python would keep its own UTF-8 with the host's text for as long as that lives. Later, because a processor
/// cannot read in one piece what it has just written in many.
class Spelling {
 public:
  static constexpr Py_ssize_t most_letters = 1024;  // of a text

  Spelling() = default;
  Spelling(const Spelling&) = delete;
  Spelling& operator=(const Spelling&) = delete;
  ~Spelling() {
    PyMem_Free(letters_);
    PyMem_Free(waiting_);
  }

  /// For up to so many texts at a time. False with an exception.
  bool open(std::size_t texts) {
    letters_ = static_cast<wchar_t*>(PyMem_Malloc(room * sizeof(wchar_t)));
    waiting_ = static_cast<Waiting*>(PyMem_Malloc(texts * sizeof(Waiting)));
    if (letters_ == nullptr || waiting_ == nullptr) PyErr_NoMemory();
    return letters_ != nullptr && waiting_ != nullptr;
  }

  void clear() { count_ = used_ = 0; }
  bool is_full() const { return used_ > room - static_cast<std::size_t>(most_letters) - 1; }

  /// Takes the letters of a text, unless it is full, for a cell. How many they are; none are taken where they are too many.
  Py_ssize_t take(PyObject* text, ts_value& cell) {
    const Py_ssize_t found = PyUnicode_AsWideChar(text, letters_ + used_, most_letters + 1);
    if (found < 0 || found > most_letters) return found;
    waiting_[count_++] = {&cell, letters_ + used_, static_cast<std::size_t>(found)};
    used_ += static_cast<std::size_t>(found);
    return found;
  }

  enum class Outcome { spelled, ill_formed, failed };

  /// Sets the cells, and is empty again, whatever it answers. Runs no Python code.
  Outcome spell(Texts& texts) {
    const std::size_t count = count_;
    clear();
    for (std::size_t i = 0; i < count; ++i) {
      const Waiting& text = waiting_[i];
      char* begin = texts.room(4 * text.count + 32);
      if (begin == nullptr) return Outcome::failed;
      const char* end = write_(text.letters, text.count, begin);
      if (end == nullptr) return Outcome::ill_formed;
      const auto length = static_cast<std::size_t>(end - begin);
      texts.take(length);
      text.cell->kind = TS_TEXT;
      text.cell->value.text = begin;
      text.cell->length = length;
    }
    return Outcome::spelled;
  }

 private:
  static constexpr std::size_t room = 8192;  // of letters

  struct Waiting {
    ts_value* cell;
    const wchar_t* letters;
    std::size_t count;
  };

  WriteUtf8 write_ = write_utf8();
  wchar_t* letters_ = nullptr;
  Waiting* waiting_ = nullptr;
  std::size_t count_ = 0;
  std::size_t used_ = 0;
};

}  // namespace walk
