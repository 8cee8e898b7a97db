// Whether a cell is what its column takes, and what will be written for it. The law: formats.md, "What comes in".
#pragma once

#include "base/value.hpp"
#include "base/zone.hpp"
#include "check/cell.hpp"
#include "check/fault.hpp"
#include "formats/column.hpp"

namespace trainstat {

/// Presence, default, kind and limits of one cell. `zone` is the clock on which Unix seconds are written.
Fault check_cell(const Column& column, const Value& value, const Zone& zone, Cell& cell);

// One check a kind, for a value that is neither absent nor null.
Fault check_integer(const Column& column, const Value& value, Cell& cell);
Fault check_decimal(const Column& column, const Value& value, Cell& cell);
Fault check_text(const Value& value, Cell& cell);
Fault check_choice(const Column& column, const Value& value, Cell& cell);
Fault check_moment(const Value& value, const Zone& zone, Cell& cell);
Fault check_local_moment(const Value& value, const Zone& zone, Cell& cell);
Fault check_date(const Value& value, const Zone& zone, Cell& cell);
Fault check_duration(const Column& column, const Value& value, Cell& cell);

/// Text `-?(0|[1-9][0-9]*)` within int64.
bool read_integer(std::string_view text, std::int64_t& integer);

}  // namespace trainstat
