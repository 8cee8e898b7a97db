#include "vector_case.hpp"

#include <gtest/gtest.h>
#include <trainstat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

namespace vectors {
namespace {

std::string repeated(const Json& value) {
  std::string text = value.value("before", "");
  const auto& piece = value.at("repeat").get_ref<const std::string&>();
  for (std::size_t i = 0; i < value.at("times").get<std::size_t>(); ++i) text += piece;
  return text + value.value("after", "");
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

double named_number(const std::string& name) {
  if (name == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (name == "inf") return std::numeric_limits<double>::infinity();
  if (name == "-inf") return -std::numeric_limits<double>::infinity();
  if (name == "-0") return -0.0;
  throw std::invalid_argument("a vector names an unknown number");
}

Cell text_cell(std::string text) { return {TS_TEXT, 0, 0, std::move(text)}; }

Cell object_cell(const Json& value) {
  if (value.contains("number")) return {TS_NUMBER, 0, named_number(value.at("number")), {}};
  if (value.contains("hex")) return text_cell(from_hex(value.at("hex")));
  if (value.contains("repeat")) return text_cell(repeated(value));
  return {TS_FOREIGN, 0, 0, {}};
}

Cell to_cell(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return {TS_NULL, 0, 0, {}};
    case Json::value_t::boolean:
      return {TS_BOOLEAN, value.get<bool>() ? 1 : 0, 0, {}};
    case Json::value_t::number_integer:
      return {TS_INTEGER, value.get<std::int64_t>(), 0, {}};
    case Json::value_t::number_unsigned: {
      const auto number = value.get<std::uint64_t>();
      if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {TS_FOREIGN, 0, 0, {}};
      return {TS_INTEGER, static_cast<std::int64_t>(number), 0, {}};
    }
    case Json::value_t::number_float:
      return {TS_NUMBER, 0, value.get<double>(), {}};
    case Json::value_t::string:
      return text_cell(value.get<std::string>());
    case Json::value_t::object:
      return object_cell(value);
    default:
      return {TS_FOREIGN, 0, 0, {}};
  }
}

bool is_absent(const Json& value) { return value.is_object() && value.contains("absent"); }

HostRow to_row(const Json& members) {
  HostRow row;
  for (const auto& [key, value] : members.items()) {
    if (!is_absent(value)) row.emplace_back(key, to_cell(value));
  }
  return row;
}

Json overlaid(Json base, const Json& over) {
  for (const auto& [key, value] : over.items()) base[key] = value;
  return base;
}

/// A literal of "written" or "json": JSON text, or a long one by repetition.
std::string literal(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return repeated(value);
}

std::string written_document(const Json& base, const Json& members) {
  std::string document = base.at("head").get<std::string>() + "{";
  bool first = true;
  for (const auto& [key, value] : members.items()) {
    if (value.is_null()) continue;
    document += (first ? "\"" : ",\"") + key + "\":" + literal(value);
    first = false;
  }
  return document + "}" + base.at("tail").get<std::string>();
}

Case to_case(const Json& file, const Json& given) {
  Case vector;
  vector.name = given.at("name");
  vector.format = given.contains("format") ? given.at("format") : file.at("format");
  if (given.contains("options_text")) {
    vector.options = given.at("options_text").is_object() ? object_cell(given.at("options_text")).text
                                                          : given.at("options_text").get<std::string>();
  } else if (given.contains("options") || file.contains("options")) {
    vector.options = (given.contains("options") ? given.at("options") : file.at("options")).dump();
  }
  const Json base = file.value("base", Json::object());
  if (given.contains("cells")) {
    vector.rows.push_back(to_row(overlaid(base.at("row"), given.at("cells"))));
  }
  for (const Json& row : given.value("rows", Json::array())) vector.rows.push_back(to_row(row));
  if (given.contains("written")) vector.document = written_document(base, overlaid(base.at("written"), given.at("written")));
  if (given.contains("json")) vector.document = literal(given.at("json"));
  vector.error = given.value("error", Json());
  vector.problems = given.value("problems", Json());
  return vector;
}

template <class Figure>
void put(std::string& bytes, Figure figure) {
  std::array<char, sizeof figure> raw;
  std::memcpy(raw.data(), &figure, sizeof figure);
  bytes.append(raw.data(), raw.size());
}

}  // namespace

std::vector<Case> read_cases(const std::string& path) {
  std::ifstream stream(path);
  const Json file = Json::parse(stream);
  std::vector<Case> cases;
  for (const Json& given : file.at("cases")) cases.push_back(to_case(file, given));
  return cases;
}

std::vector<std::string> vector_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(TRAINSTAT_VECTORS)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Cell> in_cell_order(const HostRow& row, const std::vector<std::string>& columns) {
  std::vector<Cell> cells(columns.size());
  for (const auto& [key, cell] : row) {
    const auto found = std::ranges::find(columns, key);
    if (found == columns.end()) {
      cells.push_back({TS_FOREIGN, 0, 0, key});
    } else {
      cells[static_cast<std::size_t>(found - columns.begin())] = cell;
    }
  }
  return cells;
}

std::string packed(const std::vector<std::vector<Cell>>& rows) {
  std::string bytes = "TSB1";
  put(bytes, static_cast<std::uint32_t>(rows.size()));
  for (const auto& row : rows) {
    put(bytes, static_cast<std::uint32_t>(row.size()));
    for (const Cell& cell : row) put(bytes, static_cast<char>(cell.kind));
    std::string texts;
    for (const Cell& cell : row) {
      if (cell.kind == TS_INTEGER || cell.kind == TS_BOOLEAN) put(bytes, cell.integer);
      if (cell.kind == TS_NUMBER) put(bytes, cell.number);
      if (cell.kind == TS_TEXT || cell.kind == TS_FOREIGN) {
        put(bytes, static_cast<std::uint64_t>(cell.text.size()));
        texts += cell.text;
      }
    }
    bytes += texts;
  }
  return bytes;
}

std::vector<std::string> column_keys(const std::string& description) {
  const Json described = Json::parse(description);
  std::vector<std::string> keys;
  for (const Json& column : described.at("columns")) keys.push_back(column.at("key"));
  return keys;
}

std::string name_of_status(std::int32_t status) {
  constexpr std::array names = {"ok",          "no_memory",   "internal",        "invalid_argument", "unknown_format",
                                "bad_option",  "row_refused", "batch_malformed", "row_count",        "report_finished",
                                "file_failed", "file_report", "forked"};
  return names.at(static_cast<std::size_t>(status));
}

void expect(const Case& vector, const Outcome& outcome) {
  SCOPED_TRACE(vector.name);
  if (!vector.error.is_null()) {
    EXPECT_EQ(outcome.status, vector.error.value("status", "row_refused"));
    EXPECT_EQ(outcome.message, vector.error.at("message"));
    if (outcome.status == "row_refused") {
      EXPECT_EQ(outcome.row, vector.error.value("row", Json(0)));
      EXPECT_EQ(outcome.column ? Json(*outcome.column) : Json(), vector.error.value("column", Json()));
    }
  } else {
    EXPECT_EQ(outcome.status, "ok") << outcome.message;
    ASSERT_TRUE(vector.document) << "the vector says neither document nor error";
    EXPECT_TRUE(outcome.document == *vector.document)
        << "got  " << outcome.document.substr(0, 2000) << "\nwant " << vector.document->substr(0, 2000);
  }
  if (!vector.problems.is_null()) {
    EXPECT_EQ(Json::parse(outcome.problems), vector.problems);
  }
}

void run_file(const std::string& path, const std::function<Outcome(const Case&)>& way) {
  const std::vector<Case> cases = read_cases(path);
  ASSERT_FALSE(cases.empty());
  for (const Case& vector : cases) expect(vector, way(vector));
}

}  // namespace vectors
