// The document of a part of a report's rows, for another report to join.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "abi/handle.hpp"

namespace host {

struct Part {
  std::string document;
  uint64_t rows = 0;
};

/// The document of some rows, and how many of them were accepted.
inline Part part_of(const std::string& format, const std::string& options, std::span<const Row> rows) {
  Handle report(format, options);
  for (const Row& row : rows) report.append(row);
  Part part;
  part.document = report.built();
  part.rows = nlohmann::json::parse(report.problems())["accepted"];
  return part;
}

}  // namespace host
