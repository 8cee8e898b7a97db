#include "json/plain_integer.hpp"

#include <charconv>

namespace trainstat {

char* put_long_integer(char* to, std::int64_t integer) { return std::to_chars(to, to + 20, integer).ptr; }

}  // namespace trainstat
