// The directory that tasks are kept in: made and judged, its files read with suspicion and replaced whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "base/status.hpp"
#include "tasks/lock_file.hpp"

namespace trainstat {

/// Every file holds a sealed text: the text, a newline, its hash as 16 hexadecimal digits, a newline. What is not sealed is damaged.
class TaskDirectory {
 public:
  enum class Found : std::uint8_t { nothing, damage, text };

  /// `path` has no NUL. Makes the directory where it is missing; refuses one that others could write to.
  Status open(std::string_view path);

  Status read(const std::string& name, Found& found, std::string& text) const;

  /// Puts a sealed text in the place of whatever has the name; `durable`: on disk before it answers.
  Status replace(const std::string& name, std::string_view text, bool durable) const;

  /// Writes to disk what replace() did without.
  Status sync(const std::string& name) const;

  /// Renames what is damaged, so that it is kept and in nobody's way; and back, where nothing has taken its place.
  Status set_aside(const std::string& name) const;
  void put_back(const std::string& name) const;

  bool has(const std::string& name) const;
  void remove(const std::string& name) const;

  /// Removes what a killed process has left of replace().
  void remove_unfinished(const std::string& name) const;

  /// Adds all that is there, in no order.
  Status list(std::vector<std::string>& names) const;

  /// When a file was written last, in Unix seconds; none where there is no such file.
  std::optional<std::int64_t> changed(const std::string& name) const;

  /// Opens a file that stays the same file and is written in place, made where it is missing. Only under the gate, as all that follows.
  Status open_lasting(const std::string& name, LockFile& file) const;
  static Found read(const LockFile& file, std::string& text);
  static Status write(const LockFile& file, std::string_view text);

  /// Opens such a file and takes the lock on it; `is_taken`: another has it, and the file can be read.
  Status lock(const std::string& name, LockFile& file, bool& is_taken) const;

  /// Opens the directory itself as a lock: the gate, held for an instant by whoever changes something.
  bool open_gate(LockFile& gate) const { return gate.open(descriptor_.raw(), ".", O_RDONLY | O_DIRECTORY); }

 private:
  Status check_safe() const;
  bool open_in_place(const std::string& name, LockFile& file) const;

  Descriptor descriptor_;
};

}  // namespace trainstat
