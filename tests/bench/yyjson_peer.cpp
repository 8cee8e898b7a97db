#include <yyjson.h>

#include "bench/moment_text.hpp"
#include "bench/peer.hpp"

namespace bench {
namespace {

yyjson_mut_val* value_of(yyjson_mut_doc* document, const Field& field, const ts_value& cell) {
  if (cell.kind == TS_INTEGER && field.is_moment) {
    const MomentText moment(cell.value.integer);
    return yyjson_mut_strncpy(document, moment.view().data(), moment.view().size());
  }
  if (cell.kind == TS_INTEGER) return yyjson_mut_sint(document, cell.value.integer);
  if (cell.kind == TS_TEXT) return yyjson_mut_strn(document, cell.value.text, cell.length);
  return yyjson_mut_null(document);
}

class YyJson final : public Peer {
 public:
  YyJson() : memory_(yyjson_alc_dyn_new()) {}
  ~YyJson() override { yyjson_alc_dyn_free(memory_); }

  std::string_view write(const Rows& rows) override {
    if (written_ != nullptr) memory_->free(memory_->ctx, written_);
    yyjson_mut_doc* const document = yyjson_mut_doc_new(memory_);
    yyjson_mut_val* const root = yyjson_mut_obj(document);
    yyjson_mut_doc_set_root(document, root);
    yyjson_mut_val* const data = yyjson_mut_obj_add_arr(document, root, "data");
    for (std::size_t index = 0; index < rows.size(); ++index) {
      yyjson_mut_val* const row = yyjson_mut_arr_add_obj(document, data);
      const ts_value* cell = rows.row(index).data();
      for (const Field& field : fields) {
        yyjson_mut_val* const key = yyjson_mut_strn(document, field.key.data(), field.key.size());
        yyjson_mut_obj_add(row, key, value_of(document, field, *cell++));
      }
    }
    std::size_t length = 0;
    written_ = yyjson_mut_write_opts(document, YYJSON_WRITE_NOFLAG, memory_, &length, nullptr);
    yyjson_mut_doc_free(document);
    return {written_, length};
  }

 private:
  yyjson_alc* memory_;  // keeps what was freed
  char* written_ = nullptr;
};

}  // namespace

std::unique_ptr<Peer> yyjson() { return std::make_unique<YyJson>(); }

}  // namespace bench
