#include <jsoncons/json_encoder.hpp>
#include <string>

#include "bench/moment_text.hpp"
#include "bench/peer.hpp"

namespace bench {
namespace {

class JsonCons final : public Peer {
 public:
  std::string_view write(const Rows& rows) override {
    written_.clear();
    jsoncons::compact_json_string_encoder encoder(written_);
    encoder.begin_object();
    encoder.key("data");
    encoder.begin_array();
    for (std::size_t index = 0; index < rows.size(); ++index) {
      const ts_value* cell = rows.row(index).data();
      encoder.begin_object();
      for (const Field& field : fields) {
        encoder.key(field.key);
        put(encoder, field, *cell++);
      }
      encoder.end_object();
    }
    encoder.end_array();
    encoder.end_object();
    encoder.flush();
    return written_;
  }

 private:
  static void put(jsoncons::compact_json_string_encoder& encoder, const Field& field, const ts_value& cell) {
    if (cell.kind == TS_INTEGER && field.is_moment) {
      encoder.string_value(MomentText(cell.value.integer).view());
    } else if (cell.kind == TS_INTEGER) {
      encoder.int64_value(cell.value.integer);
    } else if (cell.kind == TS_TEXT) {
      encoder.string_value({cell.value.text, cell.length});
    } else {
      encoder.null_value();
    }
  }

  std::string written_;
};

}  // namespace

std::unique_ptr<Peer> jsoncons() { return std::make_unique<JsonCons>(); }

}  // namespace bench
