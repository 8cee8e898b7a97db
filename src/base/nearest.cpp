#include "base/nearest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/utf8.hpp"

namespace trainstat {
namespace {

constexpr std::size_t longest = 64;  // no name of ours comes near

/// Optimal string alignment distance of two texts of at most `longest` bytes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, longest + 1>, 3> lines{};
  for (std::size_t j = 0; j <= b.size(); ++j) lines[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& line = lines[i % 3];
    const auto& above = lines[(i + 2) % 3];
    const auto& before = lines[(i + 1) % 3];
    line[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      line[j] = std::min({change, above[j] + 1, line[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) line[j] = std::min(line[j], before[j - 2] + 1);
    }
  }
  return lines[a.size() % 3][b.size()];
}

}  // namespace

bool is_showable(std::string_view name) {
  if (name.empty() || name.size() > longest || !is_utf8(name)) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte < 0x20 || byte == 0x7F) return false;
    // U+0080 to U+009F are controls; U+2000 to U+206F are spaces, line ends and marks that turn the writing round.
    if (byte == 0xC2 && static_cast<unsigned char>(name[i + 1]) < 0xA0) return false;
    if (byte == 0xE2 && (name[i + 1] == '\x80' || name[i + 1] == '\x81')) return false;
  }
  return true;
}

std::optional<std::string_view> nearest_name(std::string_view typed, std::span<const std::string_view> names) {
  if (typed.size() > longest) return std::nullopt;
  std::optional<std::string_view> nearest;
  std::size_t best = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const std::string_view name : names) {
    if (name.size() > longest) continue;
    const std::size_t found = distance(typed, name);
    if (found < best) {
      best = found;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace trainstat
