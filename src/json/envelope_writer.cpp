#include "json/envelope_writer.hpp"

#include "json/json_writer.hpp"

namespace trainstat {
namespace {

void write_text_or_null(JsonWriter& json, std::string_view key, const std::optional<std::string>& text) {
  json.key(key);
  if (text) {
    json.text(*text);
  } else {
    json.null();
  }
}

}  // namespace

EnvelopeText write_envelope(const Envelope& envelope, const Closing& closing, bool html_safe) {
  Buffer buffer;
  JsonWriter json(buffer, html_safe);
  json.begin_object();
  if (envelope.shape != Envelope::Shape::bare) json.key(envelope.key);
  if (envelope.shape == Envelope::Shape::list) json.begin_array();
  if (envelope.shape == Envelope::Shape::object) json.raw("");
  const std::size_t rows_at = buffer.size();
  if (envelope.shape == Envelope::Shape::list) json.end_array();
  if (envelope.has_closing()) {
    write_text_or_null(json, "extended_message", closing.extended_message);
    write_text_or_null(json, "message", closing.message);
    json.key("status");
    json.text(closing.status);
    json.key("status_code");
    json.integer(closing.status_code);
  }
  json.end_object();
  const std::string_view whole = buffer.view();
  return {std::string(whole.substr(0, rows_at)), std::string(whole.substr(rows_at))};
}

}  // namespace trainstat
