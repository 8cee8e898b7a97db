// Bytes that are written and not yet taken: one run of memory that the end grows and the beginning is read from.
#pragma once

#include <cstddef>
#include <string_view>

namespace trainstat {

class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer();

  std::string_view view() const { return {data_ + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }

  void put(char byte) {
    if (end_ == capacity_) make_room(1);
    data_[end_++] = byte;
  }

  /// Room behind the bytes for so many, to be written to in place. Throws bad_alloc, the bytes unchanged.
  char* room(std::size_t count) {
    if (count > capacity_ - end_) make_room(count);
    return data_ + end_;
  }
  /// One past all the room there is.
  const char* room_end() const { return data_ + capacity_; }
  /// Takes in what was written into the room, up to here.
  void take_in(const char* end) { end_ = static_cast<std::size_t>(end - data_); }

  /// Throws bad_alloc, the bytes unchanged.
  void append(std::string_view bytes);

  /// Gives up the bytes behind the first `size`.
  void truncate(std::size_t size) { end_ = begin_ + size; }

  /// Gives up the first `count` bytes.
  void consume(std::size_t count) { begin_ += count; }

  /// Puts a NUL behind the bytes, which is not one of them.
  void terminate() {
    put('\0');
    --end_;
  }

 private:
  void make_room(std::size_t count);
  void move_to(std::size_t capacity);

  char* data_ = nullptr;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t capacity_ = 0;
  std::size_t written_over_ = 0;  // bytes that were read and have made room
};

}  // namespace trainstat
