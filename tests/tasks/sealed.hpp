// The texts of the directory's files as the library seals them, to write what looks right and is not.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace tasks {

/// The text, a newline, its FNV-1a hash as 16 hexadecimal digits, a newline.
inline std::string sealed(const std::string& text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return text + "\n" + digits + "\n";
}

/// A finished task's record.
inline std::string sealed_record(std::int64_t id) {
  return sealed(
      "{\"id\":" + std::to_string(id) +
      R"(,"type":"trainings","scope":"company-7","status":"completed","file":null,"done":0,"total":0,"started":1606827121,"finished":1606827122})");
}

}  // namespace tasks
