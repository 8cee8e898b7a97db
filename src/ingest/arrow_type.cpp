#include "ingest/arrow_type.hpp"

#include "base/whole_number.hpp"
#include "ingest/arrow_text.hpp"

namespace trainstat {
namespace {

using Held = ArrowType::Held;

struct Named {
  std::string_view format;
  ArrowType type;
};

/// Formats that say everything by themselves.
constexpr Named plain[] = {
    // clang-format off
    {"n",   {Held::null,       "null"}},
    {"b",   {Held::boolean,    "bool"}},
    {"c",   {Held::int8,       "int8"}},
    {"s",   {Held::int16,      "int16"}},
    {"i",   {Held::int32,      "int32"}},
    {"l",   {Held::int64,      "int64"}},
    {"C",   {Held::uint8,      "uint8"}},
    {"S",   {Held::uint16,     "uint16"}},
    {"I",   {Held::uint32,     "uint32"}},
    {"L",   {Held::uint64,     "uint64"}},
    {"e",   {Held::float16,    "float16"}},
    {"f",   {Held::float32,    "float32"}},
    {"g",   {Held::float64,    "float64"}},
    {"u",   {Held::utf8,       "utf8"}},
    {"U",   {Held::large_utf8, "large_utf8"}},
    {"vu",  {Held::utf8_view,  "utf8_view"}},
    {"tdD", {Held::date32,     "date32"}},
    {"tdm", {Held::date64,     "date64"}},
    {"tDs", {Held::duration,   "duration", 1}},
    {"tDm", {Held::duration,   "duration", 1000}},
    {"tDu", {Held::duration,   "duration", 1000000}},
    {"tDn", {Held::duration,   "duration", 1000000000}},
    {"z",   {Held::other,      "binary"}},
    {"Z",   {Held::other,      "large_binary"}},
    {"vz",  {Held::other,      "binary_view"}},
    {"tts", {Held::other,      "time32"}},
    {"ttm", {Held::other,      "time32"}},
    {"ttu", {Held::other,      "time64"}},
    {"ttn", {Held::other,      "time64"}},
    {"tiM", {Held::other,      "interval"}},
    {"tiD", {Held::other,      "interval"}},
    {"tin", {Held::other,      "interval"}},
    {"+l",  {Held::other,      "list"}},
    {"+L",  {Held::other,      "large_list"}},
    {"+vl", {Held::other,      "list_view"}},
    {"+vL", {Held::other,      "large_list_view"}},
    {"+s",  {Held::other,      "struct"}},
    {"+m",  {Held::other,      "map"}},
    {"+r",  {Held::other,      "run_end_encoded"}},
    // clang-format on
};

/// What follows these: a unit's zone, a decimal's figures, a size, the types of a union.
constexpr Named headed[] = {
    // clang-format off
    {"tss:", {Held::timestamp, "timestamp with a zone", 1}},
    {"tsm:", {Held::timestamp, "timestamp with a zone", 1000}},
    {"tsu:", {Held::timestamp, "timestamp with a zone", 1000000}},
    {"tsn:", {Held::timestamp, "timestamp with a zone", 1000000000}},
    {"d:",   {Held::decimal,   "decimal"}},
    {"w:",   {Held::other,     "fixed_size_binary"}},
    {"+w:",  {Held::other,     "fixed_size_list"}},
    {"+ud:", {Held::other,     "dense_union"}},
    {"+us:", {Held::other,     "sparse_union"}},
    // clang-format on
};

constexpr std::int32_t furthest_figure = 4096;  // from the point

/// `precision,scale` or `precision,scale,bits`; 128 bits unless said.
bool read_decimal(std::string_view figures, ArrowType& type) {
  const std::size_t first = figures.find(',');
  const std::size_t last = figures.rfind(',');
  if (first == std::string_view::npos) return false;
  const bool says_bits = last != first;
  std::int32_t precision = 0;
  std::int32_t bits = 128;
  if (!read_whole(figures.substr(0, first), precision) || precision < 1) return false;
  if (!read_whole(figures.substr(first + 1, says_bits ? last - first - 1 : std::string_view::npos), type.scale)) return false;
  if (says_bits && !read_whole(figures.substr(last + 1), bits)) return false;
  type.width = static_cast<std::uint32_t>(bits) / 8;
  return (bits == 32 || bits == 64 || bits == 128 || bits == 256) && type.scale >= -furthest_figure &&
         type.scale <= furthest_figure;
}

}  // namespace

ArrowType ArrowType::of(std::string_view format) {
  for (const Named& known : plain) {
    if (format == known.format) return known.type;
  }
  for (const Named& known : headed) {
    if (!format.starts_with(known.format)) continue;
    ArrowType type = known.type;
    const std::string_view rest = format.substr(known.format.size());
    if (type.held == Held::timestamp && rest.empty()) {
      type.held = Held::local_timestamp;
      type.name = "timestamp without a zone";
    }
    if (type.held == Held::decimal && !read_decimal(rest, type)) return {Held::other, "decimal of unknown form"};
    return type;
  }
  return {};
}

bool ArrowType::serves(Kind column) const {
  using enum Kind;
  switch (held) {
    case Held::other:
      return false;
    case Held::null:
    case Held::boolean:
    case Held::int8:
    case Held::int16:
    case Held::int32:
    case Held::int64:
    case Held::uint8:
    case Held::uint16:
    case Held::uint32:
    case Held::uint64:
    case Held::float16:
    case Held::float32:
    case Held::float64:
    case Held::utf8:
    case Held::large_utf8:
    case Held::utf8_view:
      return true;
    case Held::decimal:
      return column != text && column != choice;
    case Held::date32:
    case Held::date64:
      return column == date;
    case Held::local_timestamp:
      return column == local_moment;
    case Held::timestamp:
      return column == moment || column == local_moment || column == date;
    case Held::duration:
      return column == duration;
  }
  return false;
}

std::size_t ArrowType::value_size() const {
  switch (held) {
    case Held::other:
    case Held::null:
    case Held::boolean:
      return 0;
    case Held::int8:
    case Held::uint8:
      return 1;
    case Held::int16:
    case Held::uint16:
    case Held::float16:
      return 2;
    case Held::int32:
    case Held::uint32:
    case Held::float32:
    case Held::utf8:
    case Held::date32:
      return 4;
    case Held::int64:
    case Held::uint64:
    case Held::float64:
    case Held::large_utf8:
    case Held::date64:
    case Held::local_timestamp:
    case Held::timestamp:
    case Held::duration:
      return 8;
    case Held::utf8_view:
      return 16;
    case Held::decimal:
      return width;
  }
  return 0;
}

std::size_t ArrowType::text_room() const {
  switch (held) {
    case Held::decimal:
      return decimal_room(scale);
    case Held::date32:
    case Held::date64:
    case Held::local_timestamp:
    case Held::duration:
      return time_room;
    default:
      return 0;
  }
}

}  // namespace trainstat
