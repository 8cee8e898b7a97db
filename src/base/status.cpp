#include "base/status.hpp"

namespace trainstat {

void Message::write(fmt::string_view format, fmt::format_args values) {
  const std::size_t size = fmt::vformat_to_n(text_, sizeof text_, format, values).size;
  std::size_t length = size < capacity ? size : capacity;
  if (size > capacity) {  // then the byte behind the cut is there too, and says whether it stands between two letters
    while (length > 0 && (static_cast<unsigned char>(text_[length]) & 0xC0U) == 0x80U) --length;
  }
  text_[length] = '\0';
}

}  // namespace trainstat
