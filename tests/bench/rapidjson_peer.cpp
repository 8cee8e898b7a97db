#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "bench/moment_text.hpp"
#include "bench/peer.hpp"

namespace bench {
namespace {

template <unsigned flags>
class RapidJson final : public Peer {
 public:
  std::string_view write(const Rows& rows) override {
    buffer_.Clear();
    Writer writer(buffer_);
    writer.StartObject();
    writer.Key("data");
    writer.StartArray();
    for (std::size_t index = 0; index < rows.size(); ++index) write_row(writer, rows.row(index).data());
    writer.EndArray();
    writer.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  using Writer =
      rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::CrtAllocator, flags>;

  static void write_row(Writer& writer, const ts_value* cells) {
    writer.StartObject();
    integer(writer, "user_id", cells[0]);
    integer(writer, "material_id", cells[1]);
    text(writer, "fio", cells[2]);
    text(writer, "user_status", cells[3]);
    text(writer, "login", cells[4]);
    moment(writer, "start_time", cells[5]);
    moment(writer, "complete_date", cells[6]);
    integer(writer, "total_time", cells[7]);
    text(writer, "name", cells[8]);
    integer(writer, "is_required", cells[9]);
    integer(writer, "user_scores", cells[10]);
    integer(writer, "max_interaction_scores", cells[11]);
    integer(writer, "pdf_viewed", cells[12]);
    integer(writer, "pdf_total", cells[13]);
    integer(writer, "link_viewed", cells[14]);
    integer(writer, "link_total", cells[15]);
    integer(writer, "html_viewed", cells[16]);
    integer(writer, "html_total", cells[17]);
    integer(writer, "scorm_total_time", cells[18]);
    text(writer, "scorm_status", cells[19]);
    integer(writer, "scorm_percent", cells[20]);
    integer(writer, "user_final_scores", cells[21]);
    integer(writer, "max_final_scores", cells[22]);
    integer(writer, "percent_final_scores", cells[23]);
    moment(writer, "last_activity", cells[24]);
    integer(writer, "current_turn", cells[25]);
    integer(writer, "turns_count", cells[26]);
    text(writer, "filled_type", cells[27]);
    text(writer, "group_region", cells[28]);
    text(writer, "group_city", cells[29]);
    text(writer, "group_role", cells[30]);
    text(writer, "group_position", cells[31]);
    text(writer, "group_team", cells[32]);
    text(writer, "group_department", cells[33]);
    text(writer, "group_function", cells[34]);
    text(writer, "form_question_10", cells[35]);
    writer.EndObject();
  }

  static void integer(Writer& writer, const char* key, const ts_value& cell) {
    writer.Key(key);
    if (cell.kind == TS_NULL) {
      writer.Null();
    } else {
      writer.Int64(cell.value.integer);
    }
  }
  static void text(Writer& writer, const char* key, const ts_value& cell) {
    writer.Key(key);
    if (cell.kind == TS_NULL) {
      writer.Null();
    } else {
      string(writer, {cell.value.text, cell.length});
    }
  }
  static void moment(Writer& writer, const char* key, const ts_value& cell) {
    writer.Key(key);
    if (cell.kind == TS_NULL) {
      writer.Null();
    } else {
      string(writer, MomentText(cell.value.integer).view());
    }
  }
  static void string(Writer& writer, std::string_view text) {
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }

  rapidjson::StringBuffer buffer_;
};

}  // namespace

std::unique_ptr<Peer> rapidjson() { return std::make_unique<RapidJson<rapidjson::kWriteDefaultFlags>>(); }
std::unique_ptr<Peer> validating_rapidjson() { return std::make_unique<RapidJson<rapidjson::kWriteValidateEncodingFlag>>(); }

}  // namespace bench
