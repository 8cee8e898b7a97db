// What the library asks of openat(2), and what a file system without O_TMPFILE would answer.
#pragma once

namespace openings {

/// Whether files without a name are refused as a file system that has none refuses them.
void refuse_unnamed_files(bool refuse);

/// Called after each successful openat of the program; null: nobody.
using Observer = void (*)(const char* path, int flags, int descriptor);
void observe(Observer observer);

}  // namespace openings
