#include "formats/ekvio.hpp"

namespace trainstat::ekvio {
namespace {

using namespace table;

constexpr std::string_view user_states[] = {"active", "blocked"};
constexpr std::string_view scorm_states[] = {"completed", "not completed", "not started", "Unknown", "passed", "failed"};

// What SCORM content itself reports (cmi.core.lesson_status, cmi.completion_status).
constexpr OtherWord scorm_reports[] = {
    {"incomplete", "not completed"}, {"browsed", "not completed"}, {"not attempted", "not started"}, {"", "not started"},
    {"unknown", "Unknown"},
};

// clang-format off
constexpr Column statistic_columns[] = {
    // key                     kind      presence   default  rule             meaning
    {"user_id",                integer,  required,  none,    at_least(0),     "Account of the learner."},
    {"material_id",            integer,  required,  none,    at_least(0),     "Course."},
    {"fio",                    text,     required,  none,    any,             "Last, first and middle name of the learner."},
    {"user_status",            choice,   required,  none,    one_of(user_states), "Whether the account may sign in."},
    {"login",                  text,     required,  none,    any,             "Name of the account."},
    {"start_time",             moment,   nullable,  null,    any,             "When the learner began the course; null: not begun."},
    {"complete_date",          moment,   nullable,  null,    any,             "When the learner completed the course; null: not completed."},
    {"total_time",             duration, defaulted, zero,    at_least(0),     "Time spent on the course, in seconds."},
    {"name",                   text,     nullable,  null,    any,             "Name of the course."},
    {"is_required",            integer,  required,  none,    range(0, 1),     "Whether the course is mandatory."},
    {"user_scores",            integer,  required,  none,    at_least(0),     "Points the learner has collected."},
    {"max_interaction_scores", integer,  required,  none,    at_least(0),     "Most points that interactive inserts give."},
    {"pdf_viewed",             integer,  required,  none,    at_least(0),     "PDF materials viewed."},
    {"pdf_total",              integer,  required,  none,    at_least(0),     "PDF materials in the course."},
    {"link_viewed",            integer,  required,  none,    at_least(0),     "Link materials viewed."},
    {"link_total",             integer,  required,  none,    at_least(0),     "Link materials in the course."},
    {"html_viewed",            integer,  required,  none,    at_least(0),     "HTML materials viewed."},
    {"html_total",             integer,  required,  none,    at_least(0),     "HTML materials in the course."},
    {"scorm_total_time",       duration, nullable,  null,    at_least(0),     "Time spent on the SCORM material, in seconds."},
    {"scorm_status",           choice,   nullable,  null,    one_of(scorm_states, scorm_reports), "State of the SCORM material."},
    {"scorm_percent",          integer,  nullable,  null,    range(0, 100),   "Score of the SCORM material, in percent."},
    {"user_final_scores",      integer,  defaulted, zero,    at_least(0),     "Points in the final test."},
    {"max_final_scores",       integer,  defaulted, zero,    at_least(0),     "Most points of the final test."},
    {"percent_final_scores",   integer,  nullable,  null,    range(0, 100),   "Result of the final test, in percent."},
    {"last_activity",          moment,   nullable,  null,    any,             "When the learner was last active in the course."},
    {"current_turn",           integer,  nullable,  null,    at_least(0),     "Attempts at the final test used; null: no final test."},
    {"turns_count",            integer,  nullable,  null,    at_least(0),     "Attempts at the final test allowed; null: no final test, or no limit."},
    {"filled_type",            text,     nullable,  text_of("\xD0\x9F\xD0\xBE\xD0\xBB\xD1\x8C\xD0\xB7."), any, "Source of the data."},
    {"group_region",           text,     required,  none,    any,             "Region of the learner; the only group that cannot be null."},
    {"group_city",             text,     nullable,  null,    any,             "City of the learner."},
    {"group_role",             text,     nullable,  null,    any,             "Role of the learner."},
    {"group_position",         text,     nullable,  null,    any,             "Position of the learner."},
    {"group_team",             text,     nullable,  null,    any,             "Team of the learner."},
    {"group_department",       text,     nullable,  null,    any,             "Department of the learner."},
    {"group_function",         text,     nullable,  null,    any,             "Function of the learner."},
};

constexpr Column error_columns[] = {
    {"code",    integer, required, none, any, "Code of the error; 1007 in both of Ekvio's."},
    {"field",   text,    required, none, any, "Field or area the error concerns."},
    {"message", text,    required, none, any, "Text for people."},
};

constexpr Column form_question =
    {"form_question_", text, nullable, null, any, "Answer to the questionnaire field of that id."};

constexpr ConstantMember running_constants[] = {{"code", {}, 1007}, {"field", "integration"}};
constexpr Column running_columns[] = {
    {"id", integer, required, none, at_least(1), "The running task.",
     {.written_as = "message", .sentence_head = "The integration task cannot be taken on because another asynchronous task associated with this "
                                                "module is running. Running task ID: "}},
};

constexpr ConstantMember unavailable_constants[] = {{"code", {}, 1007}, {"field", "company_id"}};
constexpr Column unavailable_columns[] = {
    {"module_name", text, required, none, any, "The module that is off.",
     {.written_as = "message", .sentence_head = "Module ", .sentence_tail = " not available for company"}},
};

constexpr Column integration_columns[] = {
    {"id", integer, required, none, at_least(1), "The task that was started.", {.written_as = "integration"}},
};

constexpr std::string_view task_states[] = {"progress", "completed", "fail"};
constexpr Column status_columns[] = {
    {"status", choice, required, none, one_of(task_states), "State of the task."},
    {"file",   text,   nullable, null, any,                 "Absolute URL of the report, or of the log of a failure.",
     {.omitted_when_null = true, .required_when_column = "status", .required_when_word = "completed"}},
};
// clang-format on

static_assert(well_formed(statistic_columns) && well_formed(error_columns) && well_formed(running_columns));
static_assert(well_formed(unavailable_columns) && well_formed(integration_columns) && well_formed(status_columns));

constexpr Envelope::Shape list = Envelope::Shape::list;
constexpr Envelope::Shape object = Envelope::Shape::object;

}  // namespace

// clang-format off
constexpr Format trainings_statistic = {
    "ekvio.trainings_statistic", "Ekvio: training statistics of courses, a row for each learner and course.",
    {"data", list}, {}, statistic_columns,
    static_cast<OptionSet>(common_options | set_of({OptionId::forms, OptionId::timezone})), &form_question};
constexpr Format errors = {
    "ekvio.errors", "Ekvio: the error document.", {"errors", list, 1}, {}, error_columns};
constexpr Format task_running = {
    "ekvio.task_running", "Ekvio: another task of the type is running.", {"errors", list, 1, 1}, running_constants, running_columns};
constexpr Format module_unavailable = {
    "ekvio.module_unavailable", "Ekvio: the company does not have the module.", {"errors", list, 1, 1}, unavailable_constants, unavailable_columns};
constexpr Format integration = {
    "ekvio.integration", "Ekvio: a deferred task was started.", {"data", object, 1, 1}, {}, integration_columns};
constexpr Format integration_status = {
    "ekvio.integration_status", "Ekvio: how a deferred task stands.", {"data", object, 1, 1}, {}, status_columns};
// clang-format on

}  // namespace trainstat::ekvio
