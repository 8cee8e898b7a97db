// The row loop for each set of instructions, and the choice between them.
#pragma once

#include "base/packed_row.hpp"
#include "base/value.hpp"

namespace trainstat {

class RowPass;

/// One row, its cells as many as the columns. False where a cell is refused; a packed row may also lie.
struct RowFunctions {
  bool (*write_values)(RowPass& pass, const Value* cells);
  /// Moves the row's `texts` behind its last text.
  bool (*write_packed)(RowPass& pass, PackedRow& row);
};

/// For every processor.
RowFunctions plain_row_functions(bool html_safe);
/// For those with AVX-512 BW, VL and BMI2.
RowFunctions avx512_row_functions(bool html_safe);

/// The fastest ones that the processor at hand has.
RowFunctions row_functions(bool html_safe);

}  // namespace trainstat
