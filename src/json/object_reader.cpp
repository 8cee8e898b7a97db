#include "json/object_reader.hpp"

#include "base/utf8.hpp"
#include "json/json_writer.hpp"

// clang-format off: these come behind json/rapidjson.hpp, which says in what manner they work
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
// clang-format on

namespace trainstat {
namespace {

using Kind = Member::Kind;

/// RapidJSON's handler. Depth 1 is the object itself, depth 2 the array or object that a member holds.
class ObjectHandler {
 public:
  using Ch = char;

  std::vector<Member> take() { return std::move(values_); }

  bool Null() { return scalar(Kind::null); }
  bool Bool(bool value) {
    if (depth_ == 1) values_.back().boolean = value;
    return scalar(Kind::boolean);
  }
  bool RawNumber(const char* digits, std::size_t length, bool) {
    if (depth_ == 2 && values_.back().kind == Kind::numbers) {
      values_.back().numbers.emplace_back(digits, length);
      return true;
    }
    if (depth_ == 1) values_.back().text.assign(digits, length);
    return scalar(Kind::number);
  }
  bool String(const char* text, std::size_t length, bool) {
    if (depth_ == 1) values_.back().text.assign(text, length);
    // RapidJSON lets the escape of a lone low surrogate through.
    return scalar(Kind::text) && is_utf8({text, length});
  }
  bool Key(const char* text, std::size_t length, bool) {
    if (depth_ == 1) values_.emplace_back().name.assign(text, length);
    return is_utf8({text, length});
  }
  bool StartObject() {
    if (++depth_ > 1) values_.back().kind = Kind::other;
    return true;
  }
  bool EndObject(std::size_t) { return leave(); }
  bool StartArray() {
    if (depth_ == 0) return false;
    values_.back().kind = depth_ == 1 ? Kind::numbers : Kind::other;
    ++depth_;
    return true;
  }
  bool EndArray(std::size_t) { return leave(); }

  // Numbers come as text (kParseNumbersAsStringsFlag); these are only what a handler must have.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  bool scalar(Kind kind) {
    if (depth_ == 0) return false;
    values_.back().kind = depth_ == 1 ? kind : Kind::other;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }

  std::vector<Member> values_;
  std::size_t depth_ = 0;
};

}  // namespace

std::optional<std::vector<Member>> read_object(std::string_view text) {
  // A NUL would end RapidJSON's stream in the middle of the text.
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) return std::nullopt;
  // Iterative: a host's nesting must not use up the host's stack. Numbers as text: the 2016 reader's conversions are unsafe.
  constexpr unsigned flags = rapid::kParseIterativeFlag | rapid::kParseNumbersAsStringsFlag;
  rapid::GenericReader<rapid::UTF8<>, rapid::UTF8<>, ThrowingAllocator> reader;
  rapid::MemoryStream stream(text.data(), text.size());
  ObjectHandler handler;
  if (reader.Parse<flags>(stream, handler).IsError()) return std::nullopt;
  return handler.take();
}

}  // namespace trainstat
