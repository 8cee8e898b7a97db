#include "tasks/record.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace tasks {
namespace {

using Json = nlohmann::json;

Record read(const Json& json) {
  Record record;
  json.at("id").get_to(record.id);
  json.at("type").get_to(record.type);
  json.at("scope").get_to(record.scope);
  json.at("status").get_to(record.status);
  if (!json.at("file").is_null()) record.file = json.at("file").get<std::string>();
  json.at("done").get_to(record.done);
  json.at("total").get_to(record.total);
  json.at("started").get_to(record.started);
  if (!json.at("finished").is_null()) record.finished = json.at("finished").get<std::int64_t>();
  constexpr std::size_t keys = 9;
  if (json.size() != keys) throw std::runtime_error("a key too many: " + json.dump());
  return record;
}

}  // namespace

void PrintTo(const Record& record, std::ostream* out) {
  *out << record.id << " " << record.type << " " << record.scope << " " << record.status << " " << record.file.value_or("null")
       << " " << record.done << "/" << record.total << " " << record.started << " " << record.finished.value_or(0);
}

Record read_record(const std::string& json) { return read(Json::parse(json)); }

std::vector<Record> read_records(const std::string& json) {
  const Json array = Json::parse(json);
  std::vector<Record> records;
  for (const Json& record : array.get_ref<const Json::array_t&>()) records.push_back(read(record));
  return records;
}

}  // namespace tasks
