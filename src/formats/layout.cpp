#include "formats/layout.hpp"

#include <fmt/format.h>

namespace trainstat {

Layout::Layout(const Format& format, std::span<const std::int32_t> forms, bool extended)
    : format_(&format), extended_(extended), columns_(format.columns.begin(), format.columns.end()) {
  columns_.reserve(columns_.size() + forms.size());
  for (const std::int32_t form : forms) {
    Column column = *format.form_column;
    column.key = form_keys_.emplace_back(fmt::format("{}{}", column.key, form));
    columns_.push_back(column);
  }
}

}  // namespace trainstat
