// How the files of a directory of tasks are named.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/whole_number.hpp"

namespace trainstat {

/// The last id there can be.
constexpr std::int64_t highest_task = highest_in_json;

/// Where the last id is kept.
constexpr const char* ids_name = "ids";

constexpr std::string_view lock_prefix = "lock.";

/// The record of a task: "15.task".
std::string record_name(std::int64_t id);

/// The id in such a name, whatever stands behind it ("15.task.damaged"); none in any other.
std::optional<std::int64_t> id_in_name(std::string_view name);

/// Whether the name is a record's, and nothing behind it.
bool is_record_name(std::string_view name);

/// What a file is called until it takes its place.
std::string unfinished_name(const std::string& name);
bool is_unfinished_name(std::string_view name);

/// What a damaged file is called.
std::string aside_name(const std::string& name);

/// The lock of a type and scope: "lock.trainings.company-7". None where they cannot name a task.
std::optional<std::string> lock_name(std::string_view type, std::string_view scope);

}  // namespace trainstat
