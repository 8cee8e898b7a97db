#include "sink/buffer.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

namespace trainstat {

Buffer::~Buffer() { std::free(data_); }

void Buffer::append(std::string_view bytes) {
  if (bytes.size() > capacity_ - end_) make_room(bytes.size());
  if (!bytes.empty()) std::memcpy(data_ + end_, bytes.data(), bytes.size());
  end_ += bytes.size();
}

void Buffer::make_room(std::size_t count) {
  // What has been read makes room first, where it is the larger part: a reader that keeps up never makes the buffer grow.
  if (begin_ > size() && begin_ >= count) {
    std::memmove(data_, data_ + begin_, size());
    end_ -= begin_;
    begin_ = 0;
    return;
  }
  constexpr std::size_t first = 16384;
  constexpr std::size_t small = 1 << 20;  // up to here room grows in longer steps: what is not used is never touched
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max() / 2;
  if (count > most || end_ > most - count || capacity_ > most) throw std::bad_alloc();
  const std::size_t capacity = std::max({first, capacity_ * (capacity_ < small ? 4 : 2), end_ + count});
  // realloc, which moves pages instead of copying them once the buffer is large.
  void* const grown = std::realloc(data_, capacity);
  if (grown == nullptr) throw std::bad_alloc();
  data_ = static_cast<char*>(grown);
  capacity_ = capacity;
}

}  // namespace trainstat
