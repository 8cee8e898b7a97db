#include "json/row_functions.hpp"

#ifdef TRAINSTAT_WITH_AVX512
#ifdef __clang__
#define _Bool bool  // which the header takes from C, and clang's C++ lacks
#endif
#include <sys/platform/x86.h>
#endif

namespace trainstat {

const RowFunctions& row_functions(bool html_safe) {
#ifdef TRAINSTAT_WITH_AVX512
  // What the C library found at its start. The compiler's own way would run a function each time the library is loaded.
  if (CPU_FEATURE_ACTIVE(AVX512BW) && CPU_FEATURE_ACTIVE(AVX512VL) && CPU_FEATURE_ACTIVE(BMI1) && CPU_FEATURE_ACTIVE(BMI2)) {
    return avx512_row_functions(html_safe);
  }
#endif
  return plain_row_functions(html_safe);
}

}  // namespace trainstat
