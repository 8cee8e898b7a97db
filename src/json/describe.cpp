#include "json/describe.hpp"

#include <fmt/format.h>

#include <string>

#include "json/envelope_writer.hpp"
#include "json/json_writer.hpp"

namespace trainstat {
namespace {

void write_texts(JsonWriter& json, std::string_view key, std::span<const std::string_view> texts) {
  json.key(key);
  json.begin_array();
  for (const std::string_view text : texts) json.text(text);
  json.end_array();
}

void write_member(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key);
  json.text(text);
}

void write_fallback(JsonWriter& json, const Fallback& fallback) {
  if (fallback.kind == Fallback::Kind::none) return;
  json.key("default");
  switch (fallback.kind) {
    case Fallback::Kind::none:
      break;
    case Fallback::Kind::null:
      json.null();
      break;
    case Fallback::Kind::integer:
      json.integer(fallback.integer);
      break;
    case Fallback::Kind::text:
      json.text(fallback.text);
      break;
  }
}

void write_rule(JsonWriter& json, const Rule& rule) {
  if (rule.minimum != Rule::lowest) {
    json.key("minimum");
    json.integer(rule.minimum);
  }
  if (rule.maximum != Rule::highest) {
    json.key("maximum");
    json.integer(rule.maximum);
  }
  if (!rule.words.empty()) write_texts(json, "choices", rule.words);
  if (rule.other_words.empty()) return;
  json.key("other_words");
  json.begin_object();
  for (const OtherWord& other : rule.other_words) write_member(json, other.taken, other.meant);
  json.end_object();
}

void write_column(JsonWriter& json, const Column& column) {
  json.begin_object();
  write_member(json, "key", column.key);
  write_member(json, "type", name_of(column.kind));
  write_member(json, "presence", column.presence == Presence::required ? "required" : "optional");
  json.key("nullable");
  json.boolean(column.presence == Presence::nullable);
  write_fallback(json, column.fallback);
  write_rule(json, column.rule);
  const Manner& manner = column.manner;
  if (!manner.written_as.empty()) write_member(json, "written_as", manner.written_as);
  if (manner.is_sentence()) {
    write_member(json, "sentence", fmt::format("{}{{{}}}{}", manner.sentence_head, column.key, manner.sentence_tail));
  }
  if (manner.extended) {
    json.key("extended");
    json.boolean(true);
  }
  if (manner.omitted_when_null) {
    json.key("omitted_when_null");
    json.boolean(true);
  }
  if (!manner.required_when_column.empty()) {
    json.key("required_when");
    json.begin_object();
    write_member(json, manner.required_when_column, manner.required_when_word);
    json.end_object();
  }
  write_member(json, "meaning", column.meaning);
  json.end_object();
}

/// The document without its rows, of which `{row}` stands for one.
std::string document_of(const Envelope& envelope) {
  const EnvelopeText text = write_envelope(envelope, {{}, {}, std::string(envelope.status), envelope.status_code}, false);
  const std::string_view rows = envelope.shape == Envelope::Shape::bare ? ""
                                : envelope.maximum_rows == 1            ? "{row}"
                                                                        : "{row},...";
  return text.head + std::string(rows) + text.tail;
}

void write_constants(JsonWriter& json, std::span<const ConstantMember> constants) {
  if (constants.empty()) return;
  json.key("constants");
  json.begin_object();
  for (const ConstantMember& constant : constants) write_constant(json, constant);
  json.end_object();
}

void write_option_default(JsonWriter& json, const Option& option, const Envelope& envelope) {
  json.key("default");
  if (!option.fallback.empty()) {
    json.raw(option.fallback);
  } else if (option.id == OptionId::status) {
    json.text(envelope.status);
  } else {
    json.integer(envelope.status_code);
  }
}

void write_option(JsonWriter& json, const Option& option, const Envelope& envelope) {
  json.begin_object();
  write_member(json, "name", option.name);
  write_member(json, "type", name_of(option.type));
  write_option_default(json, option, envelope);
  if (option.type == OptionType::choice) write_texts(json, "choices", on_refused_words);
  write_member(json, "meaning", option.meaning);
  json.end_object();
}

}  // namespace

void describe_catalogue(Buffer& buffer) {
  JsonWriter json(buffer, false);
  json.begin_array();
  for (const Format* format : all_formats()) json.text(format->name);
  json.end_array();
}

void describe_format(const Format& format, std::span<const Column> columns, Buffer& buffer) {
  JsonWriter json(buffer, false);
  json.begin_object();
  write_member(json, "format", format.name);
  write_member(json, "meaning", format.meaning);
  write_member(json, "document", document_of(format.envelope));
  write_constants(json, format.constants);
  json.key("rows");
  json.begin_object();
  json.key("minimum");
  json.unsigned_integer(format.envelope.minimum_rows);
  json.key("maximum");
  if (format.envelope.maximum_rows == Envelope::unlimited) {
    json.null();
  } else {
    json.unsigned_integer(format.envelope.maximum_rows);
  }
  json.end_object();
  json.key("columns");
  json.begin_array();
  for (const Column& column : columns) write_column(json, column);
  json.end_array();
  json.key("options");
  json.begin_array();
  for (const Option& option : all_options) {
    if (format.has_option(option.id)) write_option(json, option, format.envelope);
  }
  json.end_array();
  json.end_object();
}

}  // namespace trainstat
