// Names that a host typed: whether one may be shown, and which one was probably meant.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace trainstat {

/// Whether a host's text may stand in a message as a name: one short line of UTF-8.
bool is_showable(std::string_view name);

/// The name that differs least from `typed` by letters changed, added, left out or swapped; none where nothing is near enough.
std::optional<std::string_view> nearest_name(std::string_view typed, std::span<const std::string_view> names);

}  // namespace trainstat
