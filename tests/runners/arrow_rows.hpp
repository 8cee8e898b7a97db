// The rows of a vector as Arrow tables.
#pragma once

#include <string>
#include <vector>

#include "abi/arrow.hpp"
#include "vector_case.hpp"

namespace vectors {

/// Tables with the rows in their order, so many to a table at most: a new one begins where other keys are given. A column of cells of
/// one kind is of its type, of those of several kinds it is cut. What no cell can hold stands as an integer beyond 64 bits.
std::vector<host::ArrowData> tables_of(const std::vector<HostRow>& rows, std::size_t most);

}  // namespace vectors
