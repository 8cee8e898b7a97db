// A file that takes another one's place once it is complete.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "base/status.hpp"

namespace trainstat {

/// Written without a name beside its target (O_TMPFILE; a private name where the file system has no such files), put in its place
/// by link and rename. At any kill, full disk or error the target is what it was; a name left by a killed process is removed by the
/// next report to the same target.
class ReplacementFile {
 public:
  ReplacementFile() = default;
  ReplacementFile(const ReplacementFile&) = delete;
  ReplacementFile& operator=(const ReplacementFile&) = delete;
  ~ReplacementFile();

  /// Opens the target's directory and the file. `path` is UTF-8 without NUL; relative to the current directory of this moment.
  Status open(std::string_view path);

  Status write(std::string_view bytes);

  /// Puts the file in its place: written to disk, renamed, the directory written to disk. Needs no memory.
  Status publish();

  /// False in a child of the process that opened it, which must leave it alone.
  bool is_own() const;

 private:
  Status open_file();
  Status open_named_file();
  Status check_target() const;
  Status put_in_place();
  void sweep() const;
  bool new_name();

  Descriptor directory_;
  Descriptor file_;
  std::string target_;  // within the directory
  std::string prefix_;  // of the names this target's replacements have
  std::string name_;    // empty while the file has none
  pid_t owner_ = -1;
};

}  // namespace trainstat
