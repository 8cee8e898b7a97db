// Rows packed by a scripting host. The layout is drawn in trainstat.h at ts_batch_append.
#pragma once

#include <string_view>
#include <vector>

#include "ingest/row_taker.hpp"

namespace trainstat {

/// Hands over the rows one by one, until one is refused or the framing turns out to lie; reads nothing outside `bytes`. At most
/// `columns` + 1 cells of a row are handed over, so that a lying count costs no memory. `cells` is kept between calls.
Status take_packed_batch(std::string_view bytes, std::size_t columns, std::vector<Value>& cells, RowTaker& taker);

}  // namespace trainstat
