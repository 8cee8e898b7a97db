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
    writer_.Key("data");
    writer_.StartArray();
    for (std::size_t index = 0; index < rows.size(); ++index) write_row(rows.row(index).data());
    writer_.EndArray();
    writer_.EndObject();
  }

 private:
  void write_row(const ts_value* cells) {
    writer_.StartObject();
    integer("user_id", cells[0]);
    integer("material_id", cells[1]);
    text("fio", cells[2]);
    text("user_status", cells[3]);
    text("login", cells[4]);
    moment("start_time", cells[5]);
    moment("complete_date", cells[6]);
    integer("total_time", cells[7]);
    text("name", cells[8]);
    integer("is_required", cells[9]);
    integer("user_scores", cells[10]);
    integer("max_interaction_scores", cells[11]);
    integer("pdf_viewed", cells[12]);
    integer("pdf_total", cells[13]);
    integer("link_viewed", cells[14]);
    integer("link_total", cells[15]);
    integer("html_viewed", cells[16]);
    integer("html_total", cells[17]);
    integer("scorm_total_time", cells[18]);
    text("scorm_status", cells[19]);
    integer("scorm_percent", cells[20]);
    integer("user_final_scores", cells[21]);
    integer("max_final_scores", cells[22]);
    integer("percent_final_scores", cells[23]);
    moment("last_activity", cells[24]);
    integer("current_turn", cells[25]);
    integer("turns_count", cells[26]);
    text("filled_type", cells[27]);
    text("group_region", cells[28]);
    text("group_city", cells[29]);
    text("group_role", cells[30]);
    text("group_position", cells[31]);
    text("group_team", cells[32]);
    text("group_department", cells[33]);
    text("group_function", cells[34]);
    text("form_question_10", cells[35]);
    writer_.EndObject();
  }

  void integer(const char* key, const ts_value& cell) {
    writer_.Key(key);
    if (cell.kind == TS_NULL) {
      writer_.Null();
    } else {
      writer_.Int64(cell.value.integer);
    }
  }
  void text(const char* key, const ts_value& cell) {
    writer_.Key(key);
    if (cell.kind == TS_NULL) {
      writer_.Null();
    } else {
      string({cell.value.text, cell.length});
    }
  }
  void moment(const char* key, const ts_value& cell) {
    writer_.Key(key);
    if (cell.kind == TS_NULL) {
      writer_.Null();
    } else {
      string(MomentText(cell.value.integer).view());
    }
  }
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
