// Reports with rows, between them every envelope shape and every kind of cell.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "abi/cells.hpp"

namespace host {

struct Sample {
  std::string name;
  std::string format;
  std::string options;
  std::vector<Row> rows;
  std::string document;  // what it must become, letter by letter; empty where only the calls matter
};

inline void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.name; }

/// The texts of the rows live as long as the program.
const std::vector<Sample>& samples();
const Sample& sample(std::string_view name);

}  // namespace host
