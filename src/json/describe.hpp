// The catalogue as JSON, for hosts and people.
#pragma once

#include <span>

#include "formats/format.hpp"
#include "sink/buffer.hpp"

namespace trainstat {

/// The names of all formats as an array.
void describe_catalogue(Buffer& buffer);

/// One format with the columns given: its own, or those of an opened report.
void describe_format(const Format& format, std::span<const Column> columns, Buffer& buffer);

}  // namespace trainstat
