// The yardstick: RapidJSON's Writer as a C++ program would use it, trusting its rows.
#pragma once

#include <rapidjson/stringbuffer.h>

#include "bench/rows.hpp"

namespace bench {

/// Writes the document into a buffer, kept warm by whoever calls again.
void write_plainly(const Rows& rows, rapidjson::StringBuffer& buffer);

/// The same, with RapidJSON's own check of UTF-8.
void write_validated(const Rows& rows, rapidjson::StringBuffer& buffer);

}  // namespace bench
