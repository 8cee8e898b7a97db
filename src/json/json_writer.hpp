// RapidJSON's writer over our buffer, with its answers checked.
#pragma once

#include <cstdint>
#include <string_view>

#include "check/cell.hpp"
#include "formats/format.hpp"
#include "json/rapidjson.hpp"
#include "sink/buffer.hpp"

namespace trainstat {

/// Throws instead of handing RapidJSON a null pointer, which it would use.
struct ThrowingAllocator {
  static const bool kNeedFree = true;
  void* Malloc(std::size_t size) { return Realloc(nullptr, 0, size); }
  void* Realloc(void* old, std::size_t, std::size_t size) {
    if (size == 0) {
      std::free(old);
      return nullptr;
    }
    void* const grown = std::realloc(old, size);
    if (grown == nullptr) throw std::bad_alloc();
    return grown;
  }
  static void Free(void* memory) { std::free(memory); }
};

/// RapidJSON's output stream. In HTML-safe mode `<`, U+2028 and U+2029 become escapes on their way through: they can only stand
/// inside JSON texts, where an escape is the same.
class BufferStream {
 public:
  using Ch = char;

  BufferStream(Buffer& buffer, bool html_safe) : buffer_(&buffer), html_safe_(html_safe) {}

  void Put(char byte) {
    if (html_safe_) {
      put_safe(byte);
    } else {
      buffer_->put(byte);
    }
  }
  void Flush() {}

  /// Puts a text with its escapes in one go; not in HTML-safe mode.
  void put_escaped(std::string_view text);
  bool is_html_safe() const { return html_safe_; }

 private:
  void put_safe(char byte);

  Buffer* buffer_;
  bool html_safe_;
};

/// RapidJSON's writer, with texts copied in blocks instead of byte by byte.
class TextWriter : public rapid::Writer<BufferStream, rapid::UTF8<>, rapid::UTF8<>, ThrowingAllocator> {
 public:
  using Writer::Writer;

  bool Text(std::string_view text);
};

class JsonWriter {
 public:
  JsonWriter(Buffer& buffer, bool html_safe) : stream_(buffer, html_safe), writer_(stream_) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  /// Begins a new document behind the bytes that are there, whatever became of the one before.
  void restart() { writer_.Reset(stream_); }

  void begin_object() { require(writer_.StartObject()); }
  void end_object() { require(writer_.EndObject()); }
  void begin_array() { require(writer_.StartArray()); }
  void end_array() { require(writer_.EndArray()); }
  void key(std::string_view key) { require(writer_.Text(key)); }
  void null() { require(writer_.Null()); }
  void boolean(bool value) { require(writer_.Bool(value)); }
  void integer(std::int64_t value) { require(writer_.Int64(value)); }
  void unsigned_integer(std::uint64_t value) { require(writer_.Uint64(value)); }
  /// Must be UTF-8: it is not checked here.
  void text(std::string_view text) { require(writer_.Text(text)); }
  /// JSON text, written as it is; empty: the caller writes the value behind.
  void raw(std::string_view json) { require(writer_.RawValue(json.data(), json.size(), rapid::kNumberType)); }

 private:
  static void require(bool written) {
    if (!written) throw std::logic_error("the JSON writer refused a value");
  }

  BufferStream stream_;
  TextWriter writer_;
};

/// The value of a cell that has passed its checks.
void write_cell(JsonWriter& json, const Column& column, const Cell& cell);

/// A member that every row of a format has.
void write_constant(JsonWriter& json, const ConstantMember& constant);

}  // namespace trainstat
