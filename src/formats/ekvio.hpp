// Ekvio: the trainings statistic report, its two errors and the answers of a deferred task.
#pragma once

#include "formats/format.hpp"

namespace trainstat::ekvio {

extern const Format trainings_statistic;
extern const Format errors;
extern const Format task_running;
extern const Format module_unavailable;
extern const Format integration;
extern const Format integration_status;

}  // namespace trainstat::ekvio
