#include "formats/eloomi.hpp"

namespace trainstat::eloomi {
namespace {

using namespace table;

constexpr std::string_view states[] = {"completed", "not_started", "started"};

// clang-format off
constexpr Column columns[] = {
    // key           kind          presence   default          rule             meaning
    {"assigned_at",  local_moment, nullable,  null,            any,             "When the user was assigned the course."},
    {"attempts",     integer,      defaulted, zero,            at_least(0),     "Attempts the user has taken to finish so far."},
    {"completed_at", local_moment, nullable,  null,            any,             "When the user completed the course."},
    {"course_id",    integer,      required,  none,            at_least(0),     "Course."},
    {"deadline",     date,         nullable,  null,            any,             "When the user needs to have completed the course."},
    {"progress",     number,       defaulted, zero,            range(0, 100),   "How far the user has progressed, in percent."},
    {"renewal_at",   local_moment, nullable,  null,            any,             "When the assignment is renewed.", {.extended = true}},
    {"required",     integer,      defaulted, zero,            range(0, 1),     "Whether the course is required for the user."},
    {"score",        decimal_text, defaulted, text_of("0.00"), any,             "The user's score, with two decimals."},
    {"started_at",   local_moment, nullable,  null,            any,             "When the user started taking the course."},
    {"status",       choice,       required,  none,            one_of(states),  "State of the assignment.", {.extended = true}},
    {"time_spent",   duration,     defaulted, zero,            at_least(0),     "Seconds spent completing the course."},
    {"user_id",      integer,      required,  none,            at_least(0),     "User."},
};
// clang-format on
static_assert(well_formed(columns));

constexpr auto report_options =
    static_cast<OptionSet>(common_options | closing_options | set_of({OptionId::timezone, OptionId::extended_mode}));

}  // namespace

// clang-format off
constexpr Format participants = {
    "eloomi.participants", "eloomi: participants of courses, a row for each user and course.",
    {"data", Envelope::Shape::list, 0, Envelope::unlimited, "OK", 200}, {}, columns, report_options};
constexpr Format participant = {
    "eloomi.participant", "eloomi: one participant of a course.",
    {"data", Envelope::Shape::object, 1, 1, "OK", 200}, {}, columns, report_options};
constexpr Format error = {
    "eloomi.error", "eloomi: the error envelope, without rows.",
    {{}, Envelope::Shape::bare, 0, 0, "Bad Request", 400}, {}, {}, static_cast<OptionSet>(common_options | closing_options)};
// clang-format on

}  // namespace trainstat::eloomi
