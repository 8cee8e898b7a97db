// The shared vectors (tests/vectors) as C++ data, and what a way into the library makes of one.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace vectors {

using Json = nlohmann::ordered_json;

/// The numbers of `kind` are the C ABI's.
struct Cell {
  std::int32_t kind = 0;
  std::int64_t integer = 0;
  double number = 0;
  std::string text;
};

/// Keys and cells as a host's mapping holds them.
using HostRow = std::vector<std::pair<std::string, Cell>>;

struct Case {
  std::string name;
  std::string format;
  std::optional<std::string> options;  // JSON text
  std::vector<HostRow> rows;
  std::optional<std::string> document;
  Json error;     // null: none
  Json problems;  // null: not said
};

/// All cases of one file of tests/vectors.
std::vector<Case> read_cases(const std::string& path);

/// The files of tests/vectors, sorted.
std::vector<std::string> vector_files();

/// What came of a case.
struct Outcome {
  std::string status = "ok";
  std::int64_t row = -1;
  std::optional<std::string> column;
  std::string message;
  std::string document;
  std::string problems;
};

/// A row in cell order for a report with these columns; a key that is none of them becomes a foreign cell behind the last.
std::vector<Cell> in_cell_order(const HostRow& row, const std::vector<std::string>& columns);

/// The rows as a packed batch; cells in order.
std::string packed(const std::vector<std::vector<Cell>>& rows);

/// "keys" of the columns of a description.
std::vector<std::string> column_keys(const std::string& description);

/// The name of a status as the vectors write it.
std::string name_of_status(std::int32_t status);

/// Fails the running test where the outcome is not the case's.
void expect(const Case& vector, const Outcome& outcome);

/// Runs every case of a file through one way in.
void run_file(const std::string& path, const std::function<Outcome(const Case&)>& way);

}  // namespace vectors
