#include "json/plain_integer.hpp"

#include <charconv>

namespace trainstat {

char* put_integer(char* to, std::int64_t integer) {
  return has_six_figures(integer) ? put_six_figures(to, integer) : std::to_chars(to, to + 20, integer).ptr;
}

}  // namespace trainstat
