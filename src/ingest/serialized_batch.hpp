// Rows as PHP's serialize() writes them. The layout is drawn in trainstat.h at ts_batch_append.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "formats/column.hpp"
#include "ingest/row_taker.hpp"

namespace trainstat {

/// By its first bytes.
bool is_serialized_batch(std::string_view bytes);

/// Hands over the rows one by one, until one is refused or the framing turns out to lie; reads nothing outside `bytes`. Of the keys
/// of a row that no column has the first is handed over. `cells` is kept between calls.
Status take_serialized_batch(std::string_view bytes, std::span<const Column> columns, std::vector<Value>& cells,
                             RowTaker& taker);

}  // namespace trainstat
