// Memory for long documents: pages of two mebibytes where the system has them, since each page costs a fault.
#pragma once

#include <cstddef>

namespace trainstat {

/// What a size must be a multiple of.
inline constexpr std::size_t large_page = 2U << 20U;

/// Null where there is no memory.
char* map_room(std::size_t size);

/// The room with its bytes at another place, larger; null where there is no memory, and the room is as it was.
char* grow_room(char* room, std::size_t size, std::size_t larger);

void unmap_room(char* room, std::size_t size);

}  // namespace trainstat
