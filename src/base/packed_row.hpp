// A row of a packed batch, read where it lies. The layout is drawn in trainstat.h at ts_batch_append.
#pragma once

namespace trainstat {

/// The texts of a row, one behind the other: where the next one begins, and where they must end.
struct PackedTexts {
  const char* begin = nullptr;
  const char* end = nullptr;
};

/// The cells of a row but for its texts: `kinds`, a byte for each of the report's columns, and `slots`, 8 bytes for each that has one.
/// All of them are inside the batch; nothing else is sure.
struct PackedRow {
  const char* kinds;
  const char* slots;
};

}  // namespace trainstat
