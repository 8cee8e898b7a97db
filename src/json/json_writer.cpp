#include "json/json_writer.hpp"

namespace trainstat {
namespace {

/// Whether nothing in it needs an escape. Looks at every byte, without a branch: texts that do are rare.
bool is_plain(std::string_view text) {
  unsigned found = 0;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    found |= static_cast<unsigned>(byte < 0x20) | static_cast<unsigned>(byte == '"') | static_cast<unsigned>(byte == '\\');
  }
  return found == 0;
}

}  // namespace

bool TextWriter::Text(std::string_view text) {
  if (os_->is_html_safe() || !is_plain(text)) return String(text.empty() ? "" : text.data(), text.size());
  Prefix(rapid::kStringType);
  os_->Put('"');
  os_->put_plain(text);
  os_->Put('"');
  return EndValue(true);
}

void BufferStream::put_safe(char byte) {
  if (byte == '<') {
    buffer_->append("\\u003C");
    return;
  }
  // E2 80 A8 and E2 80 A9; text is well-formed here, so those last bytes behind E2 80 can be nothing else.
  const bool last = byte == '\xA8' || byte == '\xA9';
  if (last && buffer_->view().ends_with("\xE2\x80")) {
    buffer_->truncate(buffer_->size() - 2);
    buffer_->append(byte == '\xA8' ? "\\u2028" : "\\u2029");
    return;
  }
  buffer_->put(byte);
}

}  // namespace trainstat
