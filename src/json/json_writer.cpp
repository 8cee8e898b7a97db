#include "json/json_writer.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace trainstat {
namespace {

constexpr std::uint64_t every_byte(unsigned char byte) { return 0x0101010101010101U * byte; }

/// Whether one of eight bytes is below `limit`, which is at most 0x80: only such a byte borrows into its top bit, which it lacks.
constexpr bool any_below(std::uint64_t block, unsigned char limit) {
  return ((block - every_byte(limit)) & ~block & every_byte(0x80)) != 0;
}

constexpr bool needs_escape(std::uint64_t block) {
  return any_below(block, 0x20) || any_below(block ^ every_byte('"'), 1) || any_below(block ^ every_byte('\\'), 1);
}

/// Whether nothing in the text needs an escape.
bool is_plain(std::string_view text) {
  std::uint64_t block = 0;
  for (; text.size() >= sizeof block; text.remove_prefix(sizeof block)) {
    std::memcpy(&block, text.data(), sizeof block);
    if (needs_escape(block)) return false;
  }
  block = every_byte(' ');
  if (!text.empty()) std::memcpy(&block, text.data(), text.size());
  return !needs_escape(block);
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
