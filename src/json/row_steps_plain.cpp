// The steps of a row for every processor.
#include "json/plain_text.hpp"
#include "json/row_functions.hpp"
#include "json/row_steps.hpp"

namespace trainstat {

const RowFunctions& plain_row_functions(bool html_safe) {
  return html_safe ? functions_with<PlainText<true>>() : functions_with<PlainText<false>>();
}

}  // namespace trainstat
