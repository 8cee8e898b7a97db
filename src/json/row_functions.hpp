// The steps of a row for each set of instructions, and the choice between them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "json/row_cells.hpp"

namespace trainstat {

class RowPass;
struct Step;

/// Writes at `to` what one column says, and then the row's rest: the place behind it. Null where a cell is refused; a packed row may also
/// lie.
template <class Cells>
using StepFunction = char* (*)(RowPass& pass, const Step* step, Cells cells, char* to);

/// What a column's cell usually holds. `none`: the column goes the long way, since it is written in a manner of its own or not at all, or
/// its key or words are too long; `end` stands behind the last.
enum class Usual : std::uint8_t {
  integer,
  nullable_integer,
  text,
  choice,
  moment,
  local_moment,
  date,
  number,
  decimal_text,
  none,
  end
};

/// One for each Usual, in their order.
template <class Cells>
using StepFunctions = std::array<StepFunction<Cells>, static_cast<std::size_t>(Usual::end) + 1>;

struct RowFunctions {
  StepFunctions<ValueCells> of_values;
  StepFunctions<PackedCells> of_packed;
};

/// For every processor.
const RowFunctions& plain_row_functions(bool html_safe);
/// For those with AVX-512 BW, VL, BMI and BMI2.
const RowFunctions& avx512_row_functions(bool html_safe);

/// The fastest ones that the processor at hand has.
const RowFunctions& row_functions(bool html_safe);

}  // namespace trainstat
