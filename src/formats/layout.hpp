// The columns of one report, in cell order: the format's, and a questionnaire column for each form it was opened with.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "formats/format.hpp"

namespace trainstat {

class Layout {
 public:
  Layout(const Format& format, std::span<const std::int32_t> forms, bool extended);
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;

  const Format& format() const { return *format_; }
  std::span<const Column> columns() const { return columns_; }

  /// Whether the column's member is written at all.
  bool writes(const Column& column) const { return extended_ || !column.manner.extended; }

 private:
  const Format* format_;
  bool extended_;
  std::deque<std::string> form_keys_;  // of the columns behind the format's own; a deque, so that their places are kept
  std::vector<Column> columns_;
};

}  // namespace trainstat
