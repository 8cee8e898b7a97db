// Bytes with forbidden memory right behind them: a read past the end stops the test.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <string_view>

namespace host {

class GuardedPage {
 public:
  explicit GuardedPage(std::size_t room = 1U << 16U)
      : page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))), room_((room + page_ - 1) / page_ * page_) {
    void* const memory = ::mmap(nullptr, room_ + page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    begin_ = static_cast<char*>(memory);
    if (::mprotect(begin_ + room_, page_, PROT_NONE) != 0) throw std::bad_alloc();
  }
  GuardedPage(const GuardedPage&) = delete;
  GuardedPage& operator=(const GuardedPage&) = delete;
  ~GuardedPage() { ::munmap(begin_, room_ + page_); }

  /// The same bytes, ending where the forbidden memory begins; until the next call.
  std::string_view hold(std::string_view bytes) {
    char* const place = begin_ + room_ - bytes.size();
    if (!bytes.empty()) std::memcpy(place, bytes.data(), bytes.size());
    return {place, bytes.size()};
  }

 private:
  std::size_t page_;
  std::size_t room_;
  char* begin_ = nullptr;
};

}  // namespace host
