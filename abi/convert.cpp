#include "convert.hpp"

#include <cstdint>

namespace trainstat::abi {
bool to_text(const char* text, std::size_t length, std::string_view& view) {
  if (text == nullptr) return length == 0;
  if (length > static_cast<std::size_t>(PTRDIFF_MAX)) return false;
  view = {text, length};
  return true;
}

}  // namespace trainstat::abi
