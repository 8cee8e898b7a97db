// Rows out of a stream of Arrow's C interface.
#pragma once

#include <span>

#include "base/status.hpp"
#include "formats/column.hpp"
#include "ingest/arrow_abi.hpp"
#include "ingest/row_taker.hpp"

namespace trainstat {

/// One of Arrow's structures, released at the end. Its callbacks are the producer's: they return, and throw nothing.
template <class Structure>
class OwnedArrow {
 public:
  OwnedArrow() = default;
  /// Moves out of the producer's structure, which is then a released one; null is fine.
  explicit OwnedArrow(Structure* from) noexcept {
    if (from == nullptr) return;
    structure_ = *from;
    from->release = nullptr;
  }
  OwnedArrow(const OwnedArrow&) = delete;
  OwnedArrow& operator=(const OwnedArrow&) = delete;
  ~OwnedArrow() { release(); }

  void release() {
    if (structure_.release != nullptr) structure_.release(&structure_);
    structure_.release = nullptr;
  }
  bool is_released() const { return structure_.release == nullptr; }
  Structure* get() { return &structure_; }
  Structure* operator->() { return &structure_; }

 private:
  Structure structure_ = {};
};

/// Hands over the stream's rows until one is refused, an array turns out to lie, or the producer fails.
Status take_arrow_stream(OwnedArrow<ArrowArrayStream>& stream, std::span<const Column> columns, RowTaker& taker);

/// `count` rows of one array from `first` on; where it is null only the schema is looked at.
Status take_arrow_array(const ArrowSchema* schema, const ArrowArray* array, std::int64_t first, std::int64_t count,
                        std::span<const Column> columns, RowTaker& taker);

}  // namespace trainstat
