#include "tasks/task_names.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/utf8.hpp"
#include "base/whole_number.hpp"

namespace trainstat {
namespace {

constexpr std::string_view record_suffix = ".task";
constexpr std::string_view unfinished_prefix = ".new-";
constexpr std::size_t most_bytes = 200;  // with the prefix and what is set behind it, a file name still

bool is_plain(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
         byte == '-';
}

void spell(std::string_view text, std::string& name) {
  for (const char byte : text) {
    if (is_plain(byte)) {
      name += byte;
    } else {
      fmt::format_to(std::back_inserter(name), "%{:02X}", static_cast<unsigned char>(byte));
    }
  }
}

bool can_name(std::string_view text) { return is_utf8(text) && text.find('\0') == std::string_view::npos; }

}  // namespace

std::string record_name(std::int64_t id) { return fmt::format("{}{}", id, record_suffix); }

std::optional<std::int64_t> id_in_name(std::string_view name) {
  const std::size_t digits = name.find(record_suffix);
  std::int64_t id = 0;
  if (digits == std::string_view::npos || !read_whole(name.substr(0, digits), id) || id < 1 || id > highest_task)
    return std::nullopt;
  return id;
}

bool is_record_name(std::string_view name) {
  const std::optional<std::int64_t> id = id_in_name(name);
  return id && name == record_name(*id);
}

std::string unfinished_name(const std::string& name) { return fmt::format("{}{}", unfinished_prefix, name); }

bool is_unfinished_name(std::string_view name) { return name.starts_with(unfinished_prefix); }

std::string aside_name(const std::string& name) { return name + ".damaged"; }

std::optional<std::string> lock_name(std::string_view type, std::string_view scope) {
  if (type.empty() || type.size() > most_bytes || scope.size() > most_bytes || !can_name(type) || !can_name(scope))
    return std::nullopt;
  std::string name(lock_prefix);
  spell(type, name);
  spell(scope, name += '.');
  if (name.size() > lock_prefix.size() + most_bytes + 1) return std::nullopt;
  return name;
}

}  // namespace trainstat
