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
  char* room(std::size_t count) { return count <= static_cast<std::size_t>(end_ - next_) ? next_ : another(count); }
  /// Keeps the first bytes of the room.
  void take(std::size_t count) { next_ += count; }
  const char* append(const char* bytes, std::size_t count) {
    char* to = room(count);
    if (to == nullptr) return nullptr;
    std::memcpy(to, bytes, count);
    take(count);
    return to;
  }
  /// The bytes taken since it was empty.
  std::size_t size() const { return before_ + static_cast<std::size_t>(next_ - start_); }

  /// Empties it; one usual piece of memory is kept.
  void clear() {
    Piece* kept = pieces_;
    while (kept != nullptr && kept->size != usual) kept = kept->before;
    free_behind(kept);
    pieces_ = kept;
    begin(kept);
    before_ = 0;
  }

 private:
  static constexpr std::size_t usual = 64 * 1024;

  struct Piece {
    Piece* before;
    std::size_t size;
  };

  void begin(Piece* piece) {
    start_ = next_ = piece == nullptr ? &none_ : reinterpret_cast<char*>(piece + 1);
    end_ = piece == nullptr ? &none_ : start_ + piece->size;
  }
  char* another(std::size_t count) {
    const std::size_t size = count < usual ? usual : count;
    auto* piece = count > PY_SSIZE_T_MAX - sizeof(Piece) ? nullptr : static_cast<Piece*>(PyMem_Malloc(sizeof(Piece) + size));
    if (piece == nullptr) {
      PyErr_NoMemory();
      return nullptr;
    }
    *piece = {pieces_, size};
    pieces_ = piece;
    before_ = this->size();
    begin(piece);
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
  char* start_ = &none_;
  char* next_ = &none_;
  char* end_ = &none_;
  std::size_t before_ = 0;  // the bytes of the pieces before this one
};

}  // namespace walk
