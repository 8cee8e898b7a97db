#include "json/json_writer.hpp"

#include <fmt/format.h>

#include <bit>
#include <string>

#include "base/text_block.hpp"

namespace trainstat {
namespace {

/// The escape of a byte that JSON demands to be escaped: `\n`, `\u001F`.
class Escape {
 public:
  explicit Escape(char byte) {
    constexpr std::string_view short_ones = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (std::size_t at = 0; at < short_ones.size(); at += 2) {
      if (short_ones[at] == byte) {
        text_[1] = short_ones[at + 1];
        size_ = 2;
        return;
      }
    }
    constexpr std::string_view figures = "0123456789ABCDEF";
    text_[4] = static_cast<char>('0' + (byte >> 4));
    text_[5] = figures[static_cast<std::size_t>(byte & 0xF)];
  }
  std::string_view text() const { return {text_, size_}; }

 private:
  char text_[6] = {'\\', 'u', '0', '0', '0', '0'};
  std::size_t size_ = sizeof text_;
};

bool must_be_escaped(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == '"' || byte == '\\'; }

/// How many bytes the text begins with that need no escape.
std::size_t plain_beginning(std::string_view text) {
  std::size_t at = 0;
  for (; at + sizeof(TextBlock) <= text.size(); at += sizeof(TextBlock)) {
    const TextBlock block = load_block(text.data() + at);
    const TextBlock quotes = reinterpret_cast<TextBlock>((block == '"') | (block == '\\'));
    const unsigned found = bits_of(above(TextBlock{} + 0x20, block) | quotes);
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
  while (at < text.size() && !must_be_escaped(text[at])) ++at;
  return at;
}

}  // namespace

bool TextWriter::Text(std::string_view text) {
  if (os_->is_html_safe()) return String(text.empty() ? "" : text.data(), text.size());
  Prefix(rapid::kStringType);
  os_->Put('"');
  for (;;) {
    const std::size_t plain = plain_beginning(text);
    os_->put_plain(text.substr(0, plain));
    if (plain == text.size()) break;
    os_->put_plain(Escape(text[plain]).text());
    text.remove_prefix(plain + 1);
  }
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
