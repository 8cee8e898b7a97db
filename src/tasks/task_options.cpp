#include "tasks/task_options.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "base/whole_number.hpp"
#include "json/object_reader.hpp"
#include "report/options.hpp"

namespace trainstat {
namespace {

struct Limit {
  std::string_view name;
  std::int64_t TaskOptions::*value;
  std::int64_t least;
};

constexpr Limit limits[] = {
    {"max_age", &TaskOptions::max_age, 0},
    {"max_count", &TaskOptions::max_count, 1},
};

}  // namespace

Status TaskOptions::read(std::string_view text, TaskOptions& options) {
  if (text.data() == nullptr) return Status::ok();
  const std::optional<std::vector<Member>> members = read_object(text);
  if (!members) return Status::failure(Code::bad_option, "options must be one JSON object");
  std::vector<std::string_view> seen;
  for (const Member& member : *members) {
    const Limit* const limit = std::ranges::find(limits, member.name, &Limit::name);
    if (limit == std::end(limits)) {
      std::vector<std::string_view> names;
      std::ranges::transform(limits, std::back_inserter(names), &Limit::name);
      return unknown_option(member.name, names);
    }
    if (std::ranges::count(seen, member.name) > 0)
      return Status::failure(Code::bad_option, "option {} is given twice", member.name);
    seen.push_back(member.name);
    if (member.kind == Member::Kind::null) continue;
    std::int64_t& value = options.*limit->value;
    if (member.kind != Member::Kind::number || !read_whole(member.text, value) || value < limit->least ||
        value > highest_in_json) {
      return Status::failure(Code::bad_option, "option {} must be an integer of at least {}", limit->name, limit->least);
    }
  }
  return Status::ok();
}

}  // namespace trainstat
