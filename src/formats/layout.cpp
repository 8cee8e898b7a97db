#include "formats/layout.hpp"

#include <fmt/format.h>

#include "formats/ekvio.hpp"

namespace trainstat {

Layout::Layout(const Format& format, std::span<const std::int32_t> forms, bool extended)
    : format_(&format), extended_(extended), columns_(format.columns.begin(), format.columns.end()) {
  columns_.reserve(columns_.size() + forms.size());
  for (const std::int32_t form : forms) {
    Column column = ekvio::form_question;
    column.key = form_keys_.emplace_back(fmt::format("{}{}", ekvio::form_key, form));
    columns_.push_back(column);
  }
}

}  // namespace trainstat
