#include "bench/plain_writer.hpp"

#include <rapidjson/writer.h>

#include "bench/moment_text.hpp"

namespace bench {
namespace {

template <unsigned flags>
class PlainWriter {
 public:
  explicit PlainWriter(rapidjson::StringBuffer& buffer) : writer_(buffer) {}

  void write(const Rows& rows) {
    writer_.StartObject();
    key("data");
    writer_.StartArray();
    for (std::size_t index = 0; index < rows.size(); ++index) write_row(rows.row(index).data());
    writer_.EndArray();
    writer_.EndObject();
  }

 private:
  void write_row(const ts_value* cell) {
    writer_.StartObject();
    for (const Field& field : fields) {
      key(field.key);
      write_value(field, *cell++);
    }
    writer_.EndObject();
  }

  void write_value(const Field& field, const ts_value& cell) {
    if (cell.kind == TS_INTEGER && field.is_moment) {
      const MomentText moment(cell.value.integer);
      string(moment.view());
    } else if (cell.kind == TS_INTEGER) {
      writer_.Int64(cell.value.integer);
    } else if (cell.kind == TS_TEXT) {
      string({cell.value.text, cell.length});
    } else {
      writer_.Null();
    }
  }

  void key(std::string_view text) { writer_.Key(text.data(), static_cast<rapidjson::SizeType>(text.size())); }
  void string(std::string_view text) { writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size())); }

  rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::CrtAllocator, flags> writer_;
};

}  // namespace

void write_plainly(const Rows& rows, rapidjson::StringBuffer& buffer) {
  PlainWriter<rapidjson::kWriteDefaultFlags>(buffer).write(rows);
}

void write_validated(const Rows& rows, rapidjson::StringBuffer& buffer) {
  PlainWriter<rapidjson::kWriteValidateEncodingFlag>(buffer).write(rows);
}

}  // namespace bench
