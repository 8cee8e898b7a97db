#include "json/problems_writer.hpp"

#include "json/json_writer.hpp"

namespace trainstat {

void write_problems(std::uint64_t accepted, std::uint64_t refused, std::span<const Problem> problems,
                    std::span<const Column> columns, Buffer& buffer) {
  JsonWriter json(buffer, false);
  json.begin_object();
  json.key("accepted");
  json.unsigned_integer(accepted);
  json.key("refused");
  json.unsigned_integer(refused);
  json.key("problems");
  json.begin_array();
  for (const Problem& problem : problems) {
    json.begin_object();
    json.key("row");
    json.integer(problem.row);
    json.key("column");
    if (problem.column < 0) {
      json.null();
    } else {
      json.text(columns[static_cast<std::size_t>(problem.column)].key);
    }
    json.key("message");
    json.text(problem.message.view());
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace trainstat
