#include "abi/sample.hpp"

#include <stdexcept>

namespace host {
namespace {

Row statistic_row(int64_t user) {
  return {integer(user), integer(42), text("\u0418\u0432\u0430\u043d\u043e\u0432\u0430 \"A\" \\ \u4f60\u597d"), text("active"),
          text("ivanova"), integer(1720000000), text("2024-07-03T12:00:00+03:00"),
          // Fractions longer than any machine number; together exactly a half.
          text("PT1.24999999999999999999999999999999999999999999999999S+0000:00:00."
               "25000000000000000000000000000000000000000000000001"),
          null(), boolean(true), integer(5), integer(9), text("1"), integer(2), integer(3), integer(4), integer(5), integer(6),
          text("01:02:03"), text("incomplete"), integer(77), absent(), integer(10), null(), integer(2540000000), integer(1),
          null(), absent(), text("North"), text("a text too long to be kept in place, about the learner's city"), null(),
          null(), null(), null(), null(), text("first answer"), text("second answer, which is a little longer than the first")};
}

std::string statistic_member(const char* user) {
  return std::string("{\"user_id\":") + user +
         ",\"material_id\":42,\"fio\":\"\u0418\u0432\u0430\u043d\u043e\u0432\u0430 \\\"A\\\" \\\\ "
         "\u4f60\u597d\",\"user_status\":\"active\","
         "\"login\":\"ivanova\",\"start_time\":\"2024-07-03T11:46:40+02:00\",\"complete_date\":\"2024-07-03T12:00:00+03:00\","
         "\"total_time\":2,\"name\":null,\"is_required\":1,\"user_scores\":5,\"max_interaction_scores\":9,\"pdf_viewed\":1,"
         "\"pdf_total\":2,"
         "\"link_viewed\":3,\"link_total\":4,\"html_viewed\":5,\"html_total\":6,\"scorm_total_time\":3723,\"scorm_status\":"
         "\"not completed\","
         "\"scorm_percent\":77,\"user_final_scores\":0,\"max_final_scores\":10,\"percent_final_scores\":null,"
         "\"last_activity\":\"2050-06-28T05:33:20+02:00\",\"current_turn\":1,\"turns_count\":null,"
         "\"filled_type\":\"\u041f\u043e\u043b\u044c\u0437.\",\"group_region\":\"North\","
         "\"group_city\":\"a text too long to be kept in place, about the learner's "
         "city\",\"group_role\":null,\"group_position\":null,"
         "\"group_team\":null,\"group_department\":null,\"group_function\":null,\"form_question_8\":\"first answer\","
         "\"form_question_9\":\"second answer, which is a little longer than the first\"}";
}

Row participant_row(int64_t user) {
  return {integer(0),   integer(3),         text("2024-02-29 23:59:59"),
          integer(11),  text("2024-03-31"), number(33.335),
          null(),       boolean(true),      text("0.005"),
          null(),       text("started"),    text("PT1H0.5S"),
          integer(user)};
}

std::string participant_member(const char* user) {
  return std::string(
             "{\"assigned_at\":\"1970-01-01 01:00:00\",\"attempts\":3,\"completed_at\":\"2024-02-29 "
             "23:59:59\",\"course_id\":11,"
             "\"deadline\":\"2024-03-31\",\"progress\":33.34,\"renewal_at\":null,\"required\":1,\"score\":\"0.01\","
             "\"started_at\":null,\"status\":\"started\",\"time_spent\":3601,\"user_id\":") +
         user + "}";
}

constexpr char closing[] =
    ",\"extended_message\":null,\"message\":\"a message that is longer than what fits a short "
    "text\",\"status\":\"OK\",\"status_code\":200}";
constexpr char closing_options[] =
    R"({"timezone":"Europe/Berlin","extended_mode":true,"message":"a message that is longer than what fits a short text"})";

std::vector<Sample> make_samples() {
  const Row error = {integer(1007), text("company_id"), text("Module trainings not available for company")};
  const Row other = {integer(-1), text(""), text("\x01\x1f\x7f/<\u2028")};
  std::vector<Sample> all;
  all.push_back({"statistic",
                 "ekvio.trainings_statistic",
                 R"({"forms":[8,9],"timezone":"Europe/Berlin"})",
                 {statistic_row(1), statistic_row(2), statistic_row(9223372036854775807)},
                 "{\"data\":[" + statistic_member("1") + "," + statistic_member("2") + "," +
                     statistic_member("9223372036854775807") + "]}"});
  all.push_back(
      {"errors",
       "ekvio.errors",
       "",
       {error, other},
       "{\"errors\":[{\"code\":1007,\"field\":\"company_id\",\"message\":\"Module trainings not available for company\"},"
       "{\"code\":-1,\"field\":\"\",\"message\":\"\\u0001\\u001F\x7f/<\u2028\"}]}"});
  all.push_back({"html safe",
                 "ekvio.errors",
                 R"({"html_safe":true})",
                 {other},
                 "{\"errors\":[{\"code\":-1,\"field\":\"\",\"message\":\"\\u0001\\u001F\x7f/\\u003C\\u2028\"}]}"});
  all.push_back({"task running",
                 "ekvio.task_running",
                 "",
                 {{integer(15)}},
                 "{\"errors\":[{\"code\":1007,\"field\":\"integration\",\"message\":\"The integration task cannot be taken on "
                 "because another "
                 "asynchronous task associated with this module is running. Running task ID: 15\"}]}"});
  all.push_back(
      {"module unavailable",
       "ekvio.module_unavailable",
       "",
       {{text("trainings")}},
       "{\"errors\":[{\"code\":1007,\"field\":\"company_id\",\"message\":\"Module trainings not available for company\"}]}"});
  all.push_back({"integration", "ekvio.integration", "", {{integer(15)}}, "{\"data\":{\"integration\":15}}"});
  all.push_back({"integration status",
                 "ekvio.integration_status",
                 "",
                 {{text("completed"), text("https://host.example/a/b?c=d")}},
                 "{\"data\":{\"status\":\"completed\",\"file\":\"https://host.example/a/b?c=d\"}}"});
  all.push_back({"participants",
                 "eloomi.participants",
                 closing_options,
                 {participant_row(1), participant_row(2)},
                 "{\"data\":[" + participant_member("1") + "," + participant_member("2") + "]" + closing});
  all.push_back({"participant",
                 "eloomi.participant",
                 closing_options,
                 {participant_row(7)},
                 "{\"data\":" + participant_member("7") + closing});
  all.push_back({"eloomi error",
                 "eloomi.error",
                 R"({"message":"a message that is longer than what fits a short text","status_code":404})",
                 {},
                 "{\"extended_message\":null,\"message\":\"a message that is longer than what fits a short text\","
                 "\"status\":\"Bad Request\",\"status_code\":404}"});
  all.push_back(
      {"skipping",
       "ekvio.errors",
       R"({"on_refused":"skip"})",
       {error,
        {integer(1), integer(2), text("a number where text belongs")},
        {},
        error,
        {integer(1), text("f"), text("m"), foreign("mesage")},
        {integer(1), text("\xff"), text("m")},
        error},
       "{\"errors\":[{\"code\":1007,\"field\":\"company_id\",\"message\":\"Module trainings not available for company\"},"
       "{\"code\":1007,\"field\":\"company_id\",\"message\":\"Module trainings not available for company\"},"
       "{\"code\":1007,\"field\":\"company_id\",\"message\":\"Module trainings not available for company\"}]}"});
  all.push_back(
      {"stopping",
       "ekvio.errors",
       "",
       {error, {integer(1), integer(2)}, {integer(1), text("f"), text("m"), foreign("mesage")}, error},
       "{\"errors\":[{\"code\":1007,\"field\":\"company_id\",\"message\":\"Module trainings not available for company\"},"
       "{\"code\":1007,\"field\":\"company_id\",\"message\":\"Module trainings not available for company\"}]}"});
  return all;
}

}  // namespace

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = make_samples();
  return all;
}

const Sample& sample(std::string_view name) {
  for (const Sample& candidate : samples()) {
    if (candidate.name == name) return candidate;
  }
  throw std::invalid_argument("no sample is called " + std::string(name));
}

}  // namespace host
