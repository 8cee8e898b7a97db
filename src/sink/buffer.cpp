#include "sink/buffer.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

namespace trainstat {
namespace {

constexpr std::size_t first = 16384;
constexpr std::size_t small = std::size_t{1} << 20;  // up to here room grows in longer steps: what is not used is never touched
constexpr std::size_t large = std::size_t{32} << 20;
constexpr std::size_t step = std::size_t{4} << 20;
constexpr std::size_t most = std::numeric_limits<std::size_t>::max() / 2;

/// Page after page, as they are written to, takes the system half as long again.
void take_pages(char* begin, char* end) {
  constexpr std::uintptr_t page = 4096;
  const std::uintptr_t from = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) & ~(page - 1);
  const std::uintptr_t to = reinterpret_cast<std::uintptr_t>(end) & ~(page - 1);
  if (from < to)
    ::madvise(reinterpret_cast<void*>(from), to - from, MADV_POPULATE_WRITE);  // a system that cannot does it later
}

}  // namespace

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
  if (count > most || end_ > most - count || reserved_ > most) throw std::bad_alloc();
  if (end_ + count > reserved_) reserve(std::max({first, reserved_ * (reserved_ < small ? 4 : 2), end_ + count}));
  // Of a large buffer no more than is about to be written to, its pages taken from the system all at once.
  const std::size_t before = capacity_;
  capacity_ = reserved_ < large ? reserved_ : std::min(reserved_, std::max(end_ + count, before + step));
  if (reserved_ >= large) take_pages(data_ + before, data_ + capacity_);
}

void Buffer::reserve(std::size_t size) {
  // realloc, which moves pages instead of copying them once the buffer is large.
  void* const grown = std::realloc(data_, size);
  if (grown == nullptr) throw std::bad_alloc();
  data_ = static_cast<char*>(grown);
  reserved_ = size;
}

}  // namespace trainstat
