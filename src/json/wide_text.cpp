#include "json/wide_text.hpp"

#include "base/text_block.hpp"

namespace trainstat {
namespace {

constexpr WideByte all(unsigned char byte) {
  WideByte bytes{};
  for (unsigned char& each : bytes.same) each = byte;
  return bytes;
}

}  // namespace

const WideBytes wide_bytes = {all(0x20), all(2), all(('"' ^ 2) + 1), all('\\'), all('<'), all(0xC0), all(0xBF), all(fits)};

}  // namespace trainstat
