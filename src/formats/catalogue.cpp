#include <algorithm>
#include <array>
#include <vector>

#include "base/nearest.hpp"
#include "base/utf8.hpp"
#include "formats/ekvio.hpp"
#include "formats/eloomi.hpp"

namespace trainstat {
namespace {

constexpr std::array<const Format*, 9> catalogue = {
    &ekvio::trainings_statistic, &ekvio::errors,       &ekvio::task_running,
    &ekvio::module_unavailable,  &ekvio::integration,  &ekvio::integration_status,
    &eloomi::participants,       &eloomi::participant, &eloomi::error,
};

}  // namespace

std::span<const Format* const> all_formats() { return catalogue; }

Status find_format(std::string_view name, const Format*& format) {
  const auto known = std::ranges::find(catalogue, name, [](const Format* each) { return each->name; });
  if (known != catalogue.end()) {
    format = *known;
    return Status::ok();
  }
  if (!is_showable(name)) return Status::failure(Code::unknown_format, "unknown format");
  std::vector<std::string_view> names;
  for (const Format* each : catalogue) names.push_back(each->name);
  const std::optional<std::string_view> nearest = nearest_name(name, names);
  if (!nearest) return Status::failure(Code::unknown_format, "unknown format {}", name);
  return Status::failure(Code::unknown_format, "unknown format {}; did you mean {}?", name, *nearest);
}

}  // namespace trainstat
