// eloomi: a user's assignment to a course, as a list, as one object, and the error envelope.
#pragma once

#include "formats/format.hpp"

namespace trainstat::eloomi {

extern const Format participants;
extern const Format participant;
extern const Format error;

}  // namespace trainstat::eloomi
