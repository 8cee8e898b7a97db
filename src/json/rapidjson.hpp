// The door to RapidJSON: how it allocates, what a broken assertion does, and where it writes.
//
// Its own stack ignores a failed realloc, and its assertions abort; here both throw. The namespace is private, so that a host with
// another copy of RapidJSON never shares a symbol with this one. RAPIDJSON_SSE2 and RAPIDJSON_SSE42 stay undefined: with them the
// 2016 release writes the bytes 0x1A to 0x1F raw.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <stdexcept>

#define RAPIDJSON_NAMESPACE trainstat_rapidjson
#define RAPIDJSON_NAMESPACE_BEGIN namespace trainstat_rapidjson {
#define RAPIDJSON_NAMESPACE_END }
#define RAPIDJSON_ASSERT(condition) ((condition) ? static_cast<void>(0) : throw std::logic_error("RapidJSON: " #condition))
#define RAPIDJSON_NO_SIZETYPEDEFINE
namespace trainstat_rapidjson {
using SizeType = std::size_t;  // texts of 4 GiB and more
}

#include <rapidjson/rapidjson.h>
#include <rapidjson/writer.h>

namespace trainstat {
namespace rapid = ::trainstat_rapidjson;
}
