// The system calls by which the library touches files, one of which fails or is the process's last.
#pragma once

#include <cstdint>
#include <string>

namespace calls {

/// While one lives, those of this thread are counted, and may fail.
class Watch {
 public:
  Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();
};

/// Instead of the n-th watched call from now, counted from 1, the process is killed.
void end_process_at(std::uint64_t n);

/// The n-th watched call from now fails, with this reason.
void fail_at(std::uint64_t n, int reason);

/// No call fails any more. True where one had.
bool give_back();

/// The call that failed or would have been made, such as "renameat".
const char* struck();

/// Watched calls of fsync since the program began.
std::uint64_t syncs();

/// Called before each watched flock, with its descriptor and operation; null: nobody.
using Observer = void (*)(int descriptor, int operation);
void observe_locks(Observer observer);

/// What fstatfs tells of every file system's type; 0: the truth.
void pretend_file_system(long kind);

}  // namespace calls
