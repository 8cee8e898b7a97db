#include "json/escaped_text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/text_block.hpp"

namespace trainstat {
namespace {

/// `\n`, `\u001F`.
struct Escape {
  char text[7] = {};
  std::uint8_t length = 0;
};

constexpr std::size_t escaped_bytes = '\\' + 1;

constexpr std::array<Escape, escaped_bytes> make_escapes() {
  std::array<Escape, escaped_bytes> table;
  constexpr std::string_view figures = "0123456789ABCDEF";
  for (std::size_t byte = 0; byte < 0x20; ++byte)
    table[byte] = {{'\\', 'u', '0', '0', figures[byte / 16], figures[byte % 16]}, 6};
  constexpr std::string_view short_ones = "\"\"\\\\\bb\ff\nn\rr\tt";
  for (std::size_t at = 0; at < short_ones.size(); at += 2)
    table[static_cast<std::size_t>(short_ones[at])] = {{'\\', short_ones[at + 1]}, 2};
  return table;
}

constexpr std::array<Escape, escaped_bytes> escapes = make_escapes();

}  // namespace

char* put_escaped(char* to, std::string_view text) {
  constexpr std::size_t size = sizeof(TextBlock);
  while (!text.empty()) {
    const std::size_t count = std::min(text.size(), size);
    const TextBlock block = count == size ? load_block(text.data()) : load_part(text.data(), count);
    // Twice the size, so that a block can be taken from wherever the one before ended.
    char bytes[2 * size] = {};
    store_block(bytes, block);
    std::size_t done = 0;
    for (unsigned found = bits_of(escaped(block)); found != 0; found &= found - 1) {
      const auto at = static_cast<std::size_t>(std::countr_zero(found));
      store_block(to, load_block(bytes + done));
      to += at - done;
      const Escape& escape = escapes[static_cast<unsigned char>(bytes[at])];
      store(to, escape);
      to += escape.length;
      done = at + 1;
    }
    store_block(to, load_block(bytes + done));
    to += count - done;
    text.remove_prefix(count);
  }
  return to;
}

}  // namespace trainstat
