// Memory for the texts of a block of rows: what was written stays where it is.
#pragma once

#include <Python.h>

#include <cstddef>
#include <cstring>

namespace walk {

class Texts {
 public:
  Texts() = default;
  Texts(const Texts&) = delete;
  Texts& operator=(const Texts&) = delete;
  ~Texts() { free_behind(nullptr); }

  /// Room for so many bytes in one piece, behind those that were taken; null with Python's MemoryError.
  char* room(std::size_t count) { return count <= left_ ? next_ : another(count); }
  /// Keeps the first bytes of the room.
  void take(std::size_t count) {
    next_ += count;
    left_ -= count;
    size_ += count;
  }
  const char* append(const char* bytes, std::size_t count) {
    char* to = room(count);
    if (to == nullptr) return nullptr;
    std::memcpy(to, bytes, count);
    take(count);
    return to;
  }
  /// The bytes taken since it was empty.
  std::size_t size() const { return size_; }

  /// Empties it; one usual piece of memory is kept.
  void clear() {
    Piece* kept = pieces_;
    while (kept != nullptr && kept->size != usual) kept = kept->before;
    free_behind(kept);
    pieces_ = kept;
    next_ = kept == nullptr ? &none_ : start_of(kept);
    left_ = kept == nullptr ? 0 : usual;
    size_ = 0;
  }

 private:
  static constexpr std::size_t usual = 64 * 1024;

  struct Piece {
    Piece* before;
    std::size_t size;
  };

  static char* start_of(Piece* piece) { return reinterpret_cast<char*>(piece + 1); }

  char* another(std::size_t count) {
    const std::size_t size = count < usual ? usual : count;
    auto* piece = count > PY_SSIZE_T_MAX - sizeof(Piece) ? nullptr : static_cast<Piece*>(PyMem_Malloc(sizeof(Piece) + size));
    if (piece == nullptr) {
      PyErr_NoMemory();
      return nullptr;
    }
    *piece = {pieces_, size};
    pieces_ = piece;
    next_ = start_of(piece);
    left_ = size;
    return next_;
  }
  /// Frees all pieces but one.
  void free_behind(Piece* kept) {
    while (pieces_ != nullptr) {
      Piece* piece = pieces_;
      pieces_ = piece->before;
      if (piece != kept) PyMem_Free(piece);
    }
    if (kept != nullptr) kept->before = nullptr;
  }

  Piece* pieces_ = nullptr;
  char none_ = 0;  // where a text of no bytes stands before there is memory
  char* next_ = &none_;
  std::size_t left_ = 0;
  std::size_t size_ = 0;
};

}  // namespace walk
