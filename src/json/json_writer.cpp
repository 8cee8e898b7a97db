#include "json/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "json/escaped_text.hpp"

namespace trainstat {
bool TextWriter::Text(std::string_view text) {
  if (os_->is_html_safe()) return String(text.empty() ? "" : text.data(), text.size());
  Prefix(rapid::kStringType);
  os_->Put('"');
  constexpr std::size_t piece = 4096;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) os_->put_escaped(text.substr(0, piece));
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

void BufferStream::put_escaped(std::string_view text) {
  char* const room = buffer_->room(room_of_escaped(text.size()));
  buffer_->take_in(trainstat::put_escaped(room, text));
}

void write_cell(JsonWriter& json, const Column& column, const Cell& cell) {
  if (column.manner.is_sentence()) {
    const std::string value = cell.form == Cell::Form::integer ? fmt::format("{}", cell.integer) : std::string(cell.text);
    json.text(std::string(column.manner.sentence_head).append(value).append(column.manner.sentence_tail));
    return;
  }
  switch (cell.form) {
    case Cell::Form::null:
      json.null();
      break;
    case Cell::Form::integer:
      json.integer(cell.integer);
      break;
    case Cell::Form::number:
      json.raw(cell.text);
      break;
    case Cell::Form::text:
      json.text(cell.text);
      break;
  }
}

void write_constant(JsonWriter& json, const ConstantMember& constant) {
  json.key(constant.key);
  if (constant.text.empty()) {
    json.integer(constant.integer);
  } else {
    json.text(constant.text);
  }
}

}  // namespace trainstat
