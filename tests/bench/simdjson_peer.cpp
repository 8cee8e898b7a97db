#include <simdjson.h>

#include "bench/moment_text.hpp"
#include "bench/peer.hpp"

namespace bench {
namespace {

class SimdJson final : public Peer {
 public:
  std::string_view write(const Rows& rows) override {
    builder_.clear();
    builder_.start_object();
    builder_.escape_and_append_with_quotes("data");
    builder_.append_colon();
    builder_.start_array();
    for (std::size_t index = 0; index < rows.size(); ++index) {
      if (index > 0) builder_.append_comma();
      write_row(rows.row(index).data());
    }
    builder_.end_array();
    builder_.end_object();
    std::string_view written;
    if (!builder_.validate_unicode() || builder_.view().get(written) != simdjson::SUCCESS) return {};
    return written;
  }

 private:
  void write_row(const ts_value* cell) {
    builder_.start_object();
    bool is_first = true;
    for (const Field& field : fields) {
      if (!is_first) builder_.append_comma();
      is_first = false;
      builder_.escape_and_append_with_quotes(field.key);
      builder_.append_colon();
      write_value(field, *cell++);
    }
    builder_.end_object();
  }

  void write_value(const Field& field, const ts_value& cell) {
    if (cell.kind == TS_INTEGER && field.is_moment) {
      builder_.escape_and_append_with_quotes(MomentText(cell.value.integer).view());
    } else if (cell.kind == TS_INTEGER) {
      builder_.append(cell.value.integer);
    } else if (cell.kind == TS_TEXT) {
      builder_.escape_and_append_with_quotes(std::string_view(cell.value.text, cell.length));
    } else {
      builder_.append_null();
    }
  }

  simdjson::builder::string_builder builder_;
};

}  // namespace

std::unique_ptr<Peer> simdjson_builder() { return std::make_unique<SimdJson>(); }

}  // namespace bench
