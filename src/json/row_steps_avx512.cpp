// The steps of a row for processors with AVX-512 BW, VL, BMI and BMI2, compiled for them as a whole.
//
// What this file compiles must stay in it: an inline function that also others use would be theirs too, and end a processor that
// lacks the instructions. So the compiler must inline each one that the steps call; tests/house/own_instructions.sh looks after that.
#include "json/row_functions.hpp"
#include "json/row_steps.hpp"
#include "json/wide_text.hpp"

namespace trainstat {

const RowFunctions& avx512_row_functions(bool html_safe) {
  return html_safe ? functions_with<WideText<true>>() : functions_with<WideText<false>>();
}

}  // namespace trainstat
