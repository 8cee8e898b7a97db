// Arrow arrays made by hand, and a stream of them that counts what is given back.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abi/arrow_abi.hpp"

namespace host {

/// An array and its type. A buffer that is none is a null pointer; the others are handed over at exactly their size.
struct ArrowData {
  std::string format;
  std::string name;
  int64_t length = 0;
  int64_t null_count = 0;
  int64_t offset = 0;
  std::vector<std::optional<std::string>> buffers;
  std::vector<ArrowData> children;
  std::shared_ptr<ArrowData> dictionary;
};

template <class Figure>
std::string bytes_of(const std::vector<Figure>& figures) {
  std::string bytes(figures.size() * sizeof(Figure), '\0');
  if (!bytes.empty()) std::memcpy(bytes.data(), figures.data(), bytes.size());
  return bytes;
}

/// Bits, the lowest first; null where all are set and `always` is not.
std::optional<std::string> bits_of(const std::vector<bool>& bits, bool always = false);

/// Marks the nulls among values.
template <class Value>
void mark_nulls(ArrowData& data, const std::vector<std::optional<Value>>& values) {
  std::vector<bool> valid;
  for (const auto& value : values) {
    valid.push_back(value.has_value());
    data.null_count += value ? 0 : 1;
  }
  data.length = static_cast<int64_t>(values.size());
  data.buffers.insert(data.buffers.begin(), bits_of(valid));
}

/// Values of a fixed size. What stands in the place of a null is nothing to be read.
template <class Figure>
ArrowData figures(std::string format, std::string name, const std::vector<std::optional<Figure>>& values) {
  ArrowData data{std::move(format), std::move(name), 0, 0, 0, {}, {}, {}};
  std::vector<Figure> plain;
  Figure garbage{};
  std::memset(&garbage, 0x7b, sizeof garbage);
  for (const auto& value : values) plain.push_back(value.value_or(garbage));
  data.buffers = {bytes_of(plain)};
  mark_nulls(data, values);
  return data;
}

using Texts = std::vector<std::optional<std::string>>;

ArrowData booleans(std::string name, const std::vector<std::optional<bool>>& values);
/// "u", "U" or "vu".
ArrowData texts(std::string format, std::string name, const Texts& values);
ArrowData nulls(std::string name, int64_t length);
/// Indices into values.
ArrowData dictionary(ArrowData indices, ArrowData values);
/// A struct of these columns; so many rows as they have, or as are given.
ArrowData table(std::vector<ArrowData> columns, std::optional<int64_t> length = {});

/// The same rows, with `offset` others before them in the buffers that are not to be seen.
ArrowData sliced(ArrowData data, int64_t offset);

/// A producer of one stream. What it hands out is its own memory, and counted until it is given back.
class Producer {
 public:
  /// Tables of one schema, the first one's, or the one given.
  explicit Producer(std::vector<ArrowData> tables) : Producer(tables.front(), tables) {}
  Producer(ArrowData schema, std::vector<ArrowData> tables);
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;
  ~Producer();

  /// Opens the stream in `stream`, which the consumer then owns.
  ArrowArrayStream* open();
  ArrowArrayStream stream{};

  /// Called with what is about to be handed out, to damage it.
  std::function<void(ArrowSchema&)> on_schema;
  std::function<void(ArrowArray&)> on_array;
  int schema_error = 0;
  int next_error = 0;  // behind the last table

  int asked = 0;     // arrays
  int given = 0;     // structures handed out
  int returned = 0;  // and given back

 private:
  static int get_schema(ArrowArrayStream* stream, ArrowSchema* out);
  static int get_next(ArrowArrayStream* stream, ArrowArray* out);
  static const char* get_last_error(ArrowArrayStream* stream);
  static void release(ArrowArrayStream* stream);

  ArrowData schema_;
  std::vector<ArrowData> tables_;
  std::size_t next_ = 0;
};

/// A schema and an array outside of any stream.
class ArrowPair {
 public:
  explicit ArrowPair(const ArrowData& data);
  ArrowPair(const ArrowPair&) = delete;
  ArrowPair& operator=(const ArrowPair&) = delete;
  ~ArrowPair();

  ArrowSchema schema{};
  ArrowArray array{};
};

}  // namespace host
