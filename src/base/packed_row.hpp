// A row of a packed batch, read where it lies. The layout is drawn in trainstat.h at ts_batch_append.
#pragma once

namespace trainstat {

/// What the row's count of cells promises is inside the batch: `kinds`, and `slots` for all that have one. Nothing else is sure.
struct PackedRow {
  const char* kinds;  // a byte for each of the report's columns
  const char* slots;  // 8 bytes each
  const char* texts;  // behind the slots
  const char* end;    // of the batch
};

}  // namespace trainstat
