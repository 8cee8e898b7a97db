// The peer: RapidJSON's Writer as a C++ program would use it, trusting its rows. Its moments alone are worked out by hand, for
// the C library's are slower.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string_view>

#include "bench/rows.hpp"

namespace bench {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void put(char* to, int width, int64_t figure) {
  for (int place = width - 1; place >= 0; --place, figure /= 10) to[place] = static_cast<char>('0' + figure % 10);
}

/// Days and seconds to the calendar (Howard Hinnant's civil_from_days).
void write_moment(Writer& writer, int64_t seconds) {
  const int64_t days = seconds / 86400 + 719468;
  const int64_t era = days / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  const int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  char text[] = "0000-00-00T00:00:00+00:00";
  put(text, 4, year_of_era + era * 400 + (month <= 2 ? 1 : 0));
  put(text + 5, 2, month);
  put(text + 8, 2, day_of_year - (153 * shifted + 2) / 5 + 1);
  put(text + 11, 2, seconds / 3600 % 24);
  put(text + 14, 2, seconds / 60 % 60);
  put(text + 17, 2, seconds % 60);
  writer.String(text, sizeof text - 1);
}

class Member {
 public:
  explicit Member(Writer& writer) : writer_(writer) {}

  void operator()(std::string_view key, int64_t value) const {
    put_key(key);
    writer_.Int64(value);
  }
  void operator()(std::string_view key, std::string_view value) const {
    put_key(key);
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  void null(std::string_view key) const {
    put_key(key);
    writer_.Null();
  }
  void moment(std::string_view key, int64_t seconds) const {
    put_key(key);
    write_moment(writer_, seconds);
  }

 private:
  void put_key(std::string_view key) const { writer_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size())); }

  Writer& writer_;
};

void write_row(Writer& writer, const Learner& learner) {
  const Member member(writer);
  writer.StartObject();
  member("user_id", learner.user);
  member("material_id", learner.material);
  member("fio", learner.name);
  member("user_status", std::string_view(learner.is_active ? "active" : "blocked"));
  member("login", learner.login);
  member.moment("start_time", learner.started);
  member.null("complete_date");
  member("total_time", learner.seconds);
  member("name", learner.course);
  member("is_required", 1);
  member("user_scores", learner.percent);
  member("max_interaction_scores", 100);
  member("pdf_viewed", 1);
  member("pdf_total", 2);
  member("link_viewed", 3);
  member("link_total", 4);
  member("html_viewed", 5);
  member("html_total", 6);
  member("scorm_total_time", learner.seconds);
  member("scorm_status", std::string_view("completed"));
  member("scorm_percent", learner.percent);
  member("user_final_scores", 7);
  member("max_final_scores", 10);
  member("percent_final_scores", 70);
  member.moment("last_activity", learner.started + learner.seconds);
  member("current_turn", 1);
  member("turns_count", 3);
  member("filled_type", std::string_view("LMS"));
  member("group_region", learner.region);
  member.null("group_city");
  member.null("group_role");
  member("group_position", learner.region);
  member.null("group_team");
  member.null("group_department");
  member.null("group_function");
  writer.EndObject();
}

}  // namespace

std::string written_plainly(const std::vector<Learner>& rows) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  writer.Key("data");
  writer.StartArray();
  for (const Learner& learner : rows) write_row(writer, learner);
  writer.EndArray();
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace bench
