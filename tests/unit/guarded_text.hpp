// Text at an end of readable memory: a read one byte too far is a crash.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string_view>

class GuardedText {
 public:
  enum class Side { before, behind };

  explicit GuardedText(std::string_view text, Side guarded = Side::behind) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    size_ = (text.size() / page + 2) * page;
    void* const memory = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory for a guarded page");
    base_ = static_cast<char*>(memory);
    const bool is_before = guarded == Side::before;
    if (::mprotect(is_before ? base_ : base_ + size_ - page, page, PROT_NONE) != 0) throw std::runtime_error("no guard");
    char* const begin = is_before ? base_ + page : base_ + size_ - page - text.size();
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
