#include "sink/buffer.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include "sink/large_room.hpp"

namespace trainstat {
namespace {

constexpr std::size_t first = 16384;
constexpr std::size_t small = std::size_t{1} << 20;  // up to here room grows in longer steps: what is not used is never touched
constexpr std::size_t most = std::numeric_limits<std::size_t>::max() / 2;

/// Documents of up to a mebibyte lie in memory of malloc's, longer ones in large pages.
bool is_large(std::size_t capacity) { return capacity > small; }

}  // namespace

Buffer::~Buffer() {
  if (is_large(capacity_)) {
    unmap_room(data_, capacity_);
  } else {
    std::free(data_);
  }
}

void Buffer::append(std::string_view bytes) {
  if (bytes.size() > capacity_ - end_) make_room(bytes.size());
  if (!bytes.empty()) std::memcpy(data_ + end_, bytes.data(), bytes.size());
  end_ += bytes.size();
}

void Buffer::make_room(std::size_t count) {
  // What has been read makes room first, where it is the larger part: a reader that keeps up makes the buffer grow to a mebibyte only,
  // and only in a long report. That much room is faster than less: memory that the second cache holds was slower to write to.
  constexpr std::size_t rounds = 8;
  if (begin_ > size() && begin_ >= count && (capacity_ >= small || written_over_ < rounds * capacity_)) {
    written_over_ += begin_;
    std::memmove(data_, data_ + begin_, size());
    end_ -= begin_;
    begin_ = 0;
    return;
  }
  if (count > most || end_ > most - count || capacity_ > most) throw std::bad_alloc();
  std::size_t capacity = std::max({first, capacity_ * (capacity_ < small ? 4 : 2), end_ + count});
  if (capacity > small) capacity = (capacity + large_page - 1) / large_page * large_page;
  move_to(capacity);
}

void Buffer::move_to(std::size_t capacity) {
  char* grown = nullptr;
  if (!is_large(capacity)) {
    grown = static_cast<char*>(std::realloc(data_, capacity));
  } else if (is_large(capacity_)) {
    grown = grow_room(data_, capacity_, capacity);
  } else if ((grown = map_room(capacity)) != nullptr) {
    if (end_ > 0) std::memcpy(grown, data_, end_);
    std::free(data_);
  }
  if (grown == nullptr) throw std::bad_alloc();
  data_ = grown;
  capacity_ = capacity;
}

}  // namespace trainstat
