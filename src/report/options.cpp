#include "report/options.hpp"

#include <algorithm>

#include "base/nearest.hpp"
#include "base/whole_number.hpp"
#include "json/object_reader.hpp"

namespace trainstat {
namespace {

using Given = Member;

const Option* find_option(std::string_view name) {
  const auto* const found = std::ranges::find(all_options, name, &Option::name);
  return found == std::end(all_options) ? nullptr : found;
}

Status unknown(const Format& format, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Option& option : all_options) {
    if (format.has_option(option.id)) names.push_back(option.name);
  }
  return unknown_option(name, names);
}

bool read_forms(const Given& given, std::vector<std::int32_t>& forms) {
  if (given.kind != Given::Kind::numbers) return false;
  for (const std::string& number : given.numbers) {
    std::int64_t form = 0;
    if (!read_whole(number, form) || form < 1 || form > highest_form) return false;
    forms.push_back(static_cast<std::int32_t>(form));
  }
  std::vector<std::int32_t> sorted = forms;
  std::ranges::sort(sorted);
  return std::ranges::adjacent_find(sorted) == sorted.end();
}

bool read_boolean(const Given& given, bool& value) {
  value = given.boolean;
  return given.kind == Given::Kind::boolean;
}

template <class Text>
bool read_text(const Given& given, Text& text) {
  text = given.text;
  return given.kind == Given::Kind::text;
}

bool read_zone(const Given& given, Zone& zone) {
  if (given.kind != Given::Kind::text) return false;
  std::optional<Zone> found = Zone::named(given.text);
  if (found) zone = std::move(*found);
  return found.has_value();
}

bool read_on_refused(const Given& given, bool& skips) {
  const auto* const word = std::ranges::find(on_refused_words, given.text);
  skips = word == &on_refused_words[1];
  return given.kind == Given::Kind::text && word != on_refused_words.end();
}

bool read_status_code(const Given& given, std::int64_t& code) {
  return given.kind == Given::Kind::number && read_whole(given.text, code) && code >= lowest_status_code &&
         code <= highest_status_code;
}

bool read_file(const Given& given, std::optional<std::string>& file) {
  return read_text(given, file) && !file->empty() && file->find('\0') == std::string::npos;
}

bool read_option(const Option& option, const Given& given, Options& options) {
  switch (option.id) {
    case OptionId::forms:
      return read_forms(given, options.forms);
    case OptionId::timezone:
      return read_zone(given, options.zone);
    case OptionId::extended_mode:
      return read_boolean(given, options.extended_mode);
    case OptionId::message:
      return read_text(given, options.closing.message);
    case OptionId::extended_message:
      return read_text(given, options.closing.extended_message);
    case OptionId::status:
      return read_text(given, options.closing.status);
    case OptionId::status_code:
      return read_status_code(given, options.closing.status_code);
    case OptionId::on_refused:
      return read_on_refused(given, options.skips_refused);
    case OptionId::html_safe:
      return read_boolean(given, options.html_safe);
    case OptionId::file:
      return read_file(given, options.file);
  }
  return false;
}

}  // namespace

Status unknown_option(std::string_view name, std::span<const std::string_view> names) {
  if (!is_showable(name)) return Status::failure(Code::bad_option, "unknown option");
  const std::optional<std::string_view> nearest = nearest_name(name, names);
  if (!nearest) return Status::failure(Code::bad_option, "unknown option {}", name);
  return Status::failure(Code::bad_option, "unknown option {}; did you mean {}?", name, *nearest);
}

Status Options::read(const Format& format, std::string_view text, Options& options) {
  options.closing.status = format.envelope.status;
  options.closing.status_code = format.envelope.status_code;
  if (text.data() == nullptr) return Status::ok();
  const std::optional<std::vector<Given>> given = read_object(text);
  if (!given) return Status::failure(Code::bad_option, "options must be one JSON object");
  OptionSet seen = 0;
  for (const Given& value : *given) {
    const Option* const option = find_option(value.name);
    if (option == nullptr) return unknown(format, value.name);
    if (value.kind != Given::Kind::null && !format.has_option(option->id)) {
      return Status::failure(Code::bad_option, "{} has no option {}", format.name, option->name);
    }
    if (has(seen, option->id)) return Status::failure(Code::bad_option, "option {} is given twice", option->name);
    seen = static_cast<OptionSet>(seen | set_of({option->id}));
    if (value.kind == Given::Kind::null) continue;
    if (!read_option(*option, value, options)) {
      return Status::failure(Code::bad_option, "option {} must {}", option->name, option->must);
    }
  }
  return Status::ok();
}

}  // namespace trainstat
