#include "json/json_writer.hpp"

namespace trainstat {

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
