#include "sink/large_room.hpp"

#include <sys/mman.h>

#include <cstdint>

namespace trainstat {

char* map_room(std::size_t size) {
  // A large page more, to begin where one does: elsewhere the first and the last would be small ones, and moving would split all.
  void* const mapped = ::mmap(nullptr, size + large_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  char* const begin = static_cast<char*>(mapped);
  const std::size_t before = (large_page - reinterpret_cast<std::uintptr_t>(begin) % large_page) % large_page;
  char* const room = begin + before;
  if (before > 0) ::munmap(begin, before);
  ::munmap(room + size, large_page - before);
  ::madvise(room, size, MADV_HUGEPAGE);  // a wish
  return room;
}

char* grow_room(char* room, std::size_t size, std::size_t larger) {
  char* const target = map_room(larger);
  if (target == nullptr) return nullptr;
  if (::mremap(room, size, larger, MREMAP_MAYMOVE | MREMAP_FIXED, target) != MAP_FAILED) return target;
  // The system may have given the target up already, and another thread may have it by now: it is left alone. Nothing is in it.
  return nullptr;
}

void unmap_room(char* room, std::size_t size) { ::munmap(room, size); }

}  // namespace trainstat
