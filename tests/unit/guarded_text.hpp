// Text that ends where readable memory ends: a read one byte too far is a crash.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string_view>

class GuardedText {
 public:
  explicit GuardedText(std::string_view text) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    size_ = (text.size() / page + 2) * page;
    void* const memory = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory for a guarded page");
    base_ = static_cast<char*>(memory);
    if (::mprotect(base_ + size_ - page, page, PROT_NONE) != 0) throw std::runtime_error("no guard");
    char* const begin = base_ + size_ - page - text.size();
    if (!text.empty()) std::memcpy(begin, text.data(), text.size());
    text_ = {begin, text.size()};
  }
  GuardedText(const GuardedText&) = delete;
  GuardedText& operator=(const GuardedText&) = delete;
  ~GuardedText() { ::munmap(base_, size_); }

  std::string_view text() const { return text_; }

 private:
  char* base_ = nullptr;
  std::size_t size_ = 0;
  std::string_view text_;
};
