#include "formats/format.hpp"

#include "convert.hpp"
#include "guard.hpp"

using trainstat::Status;
using namespace trainstat::abi;

namespace {

#include "format_descriptions.inc"

}  // namespace

int32_t ts_format_list(const char** json, size_t* length, ts_error* error) {
  return guard(error, [&] {
    if (json == nullptr || length == nullptr) return missing(json == nullptr ? "json" : "length");
    *json = catalogue_text.data();
    *length = catalogue_text.size();
    return Status::ok();
  });
}

int32_t ts_format_describe(const char* name, size_t name_length, const char** json, size_t* length, ts_error* error) {
  return guard(error, [&] {
    std::string_view wanted;
    if (json == nullptr || length == nullptr) return missing(json == nullptr ? "json" : "length");
    if (!to_text(name, name_length, wanted)) return missing("name");
    const trainstat::Format* format = nullptr;
    if (Status status = trainstat::find_format(wanted, format); !status.is_ok()) return status;
    const auto formats = trainstat::all_formats();
    const auto index = static_cast<std::size_t>(std::ranges::find(formats, format) - formats.begin());
    *json = description_texts[index].data();
    *length = description_texts[index].size();
    return Status::ok();
  });
}
