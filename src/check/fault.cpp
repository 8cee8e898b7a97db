#include "check/fault.hpp"

#include <fmt/ranges.h>

namespace trainstat {
namespace {

Message type_message_of(const Column& column) {
  switch (column.kind) {
    case Kind::integer:
      return Message("{} must be an integer", column.key);
    case Kind::number:
    case Kind::decimal_text:
      return Message("{} must be a decimal number", column.key);
    case Kind::text:
      return Message("{} must be text", column.key);
    case Kind::choice:
      return Message("{} must be one of {}", column.key, fmt::join(column.rule.words, ", "));
    case Kind::moment:
      return Message("{} must be Unix seconds or YYYY-MM-DDThh:mm:ss with an offset", column.key);
    case Kind::local_moment:
      return Message("{} must be Unix seconds or YYYY-MM-DD hh:mm:ss", column.key);
    case Kind::date:
      return Message("{} must be Unix seconds or YYYY-MM-DD", column.key);
    case Kind::duration:
      return Message("{} must be whole seconds, h:mm:ss or an ISO 8601 duration, or several joined by +", column.key);
  }
  return Message();
}

}  // namespace

Message message_of(Fault fault, const Column& column) {
  switch (fault) {
    case Fault::none:
      return Message();
    case Fault::required:
      return Message("{} is required", column.key);
    case Fault::required_by_another:
      return Message("{} is required when {} is {}", column.key, column.manner.required_when_column,
                     column.manner.required_when_word);
    case Fault::null:
      return Message("{} must not be null", column.key);
    case Fault::type:
      return type_message_of(column);
    case Fault::encoding:
      return Message("{} must be well-formed UTF-8", column.key);
    case Fault::range:
      if (column.rule.maximum == Rule::highest) return Message("{} must be at least {}", column.key, column.rule.minimum);
      return Message("{} must lie in {}..{}", column.key, column.rule.minimum, column.rule.maximum);
    case Fault::overflow:
      return Message("{} must be at most {}", column.key, Rule::highest);
    case Fault::calendar:
      return Message("{} must be a real date and time in the years 0001 to 9999", column.key);
    case Fault::offset:
      return Message("{} must have an offset within +-18:00", column.key);
  }
  return Message();
}

}  // namespace trainstat
