// A cell that has passed its checks, as it will be written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trainstat {

struct Cell {
  enum class Form : std::uint8_t {
    null,
    integer,  // `integer`
    number,   // `text`, the digits of a JSON number
    text,     // `text`, UTF-8, not yet escaped
  };

  Form form = Form::null;
  std::int64_t integer = 0;
  std::string_view text;  // the host's, the table's, or `scratch`
  std::string scratch;    // kept from cell to cell, so that a long report allocates nothing

  void be_null() { form = Form::null; }
  void be_integer(std::int64_t value) {
    form = Form::integer;
    integer = value;
  }
  void be_text(std::string_view value) {
    form = Form::text;
    text = value;
  }
  void be_scratch(Form as) {
    form = as;
    text = scratch;
  }
};

}  // namespace trainstat
