#include "json/task_record.hpp"

#include <algorithm>
#include <array>

#include "base/whole_number.hpp"
#include "json/json_writer.hpp"
#include "json/object_reader.hpp"

namespace trainstat {
namespace {

constexpr std::array<std::string_view, 3> status_words = {"progress", "completed", "fail"};

bool read_number(const Member& member, std::int64_t& number) {
  return member.kind == Member::Kind::number && read_whole(member.text, number) && number >= 0;
}

bool read_number(const Member& member, std::optional<std::int64_t>& number) {
  return member.kind == Member::Kind::null || read_number(member, number.emplace());
}

bool read_text(const Member& member, std::string& text) {
  text = member.text;
  return member.kind == Member::Kind::text;
}

bool read_text(const Member& member, std::optional<std::string>& text) {
  return member.kind == Member::Kind::null || read_text(member, text.emplace());
}

bool read_status(const Member& member, TaskStatus& status) {
  const auto* const word = std::ranges::find(status_words, member.text);
  status = static_cast<TaskStatus>(word - status_words.begin());
  return member.kind == Member::Kind::text && word != status_words.end();
}

}  // namespace

void write_task_record(const TaskRecord& record, Buffer& buffer) {
  JsonWriter json(buffer, false);
  json.begin_object();
  json.key("id");
  json.integer(record.id);
  json.key("type");
  json.text(record.type);
  json.key("scope");
  json.text(record.scope);
  json.key("status");
  json.text(status_words[static_cast<std::size_t>(record.status)]);
  json.key("file");
  record.file ? json.text(*record.file) : json.null();
  json.key("done");
  json.integer(record.done);
  json.key("total");
  json.integer(record.total);
  json.key("started");
  json.integer(record.started);
  json.key("finished");
  record.finished ? json.integer(*record.finished) : json.null();
  json.end_object();
}

std::optional<TaskRecord> read_task_record(std::string_view text) {
  const std::optional<std::vector<Member>> members = read_object(text);
  if (!members) return std::nullopt;
  TaskRecord record;
  for (const Member& member : *members) {
    const bool is_read = member.name == "id"         ? read_number(member, record.id)
                         : member.name == "type"     ? read_text(member, record.type)
                         : member.name == "scope"    ? read_text(member, record.scope)
                         : member.name == "status"   ? read_status(member, record.status)
                         : member.name == "file"     ? read_text(member, record.file)
                         : member.name == "done"     ? read_number(member, record.done)
                         : member.name == "total"    ? read_number(member, record.total)
                         : member.name == "started"  ? read_number(member, record.started)
                         : member.name == "finished" ? read_number(member, record.finished)
                                                     : false;
    if (!is_read) return std::nullopt;
  }
  // Written again it must be the same: so nothing is missing, doubled or in another place.
  Buffer again;
  write_task_record(record, again);
  if (again.view() != text) return std::nullopt;
  return record;
}

}  // namespace trainstat
