#include "abi/arrow.hpp"

#include <utility>

namespace host {
namespace {

/// What a structure handed out points at; it goes when the structure is given back, whatever was done to it meanwhile.
struct SchemaHolder {
  std::string format;
  std::string name;
  std::deque<ArrowSchema> structures;
  std::vector<ArrowSchema*> children;
  std::vector<std::unique_ptr<SchemaHolder>> holders;
  int* returned = nullptr;
};

struct ArrayHolder {
  std::vector<std::unique_ptr<char[]>> memory;
  std::unique_ptr<const void*[]> buffers;
  std::deque<ArrowArray> structures;
  std::unique_ptr<ArrowArray*[]> children;
  std::vector<std::unique_ptr<ArrayHolder>> holders;
  int* returned = nullptr;
};

template <class Holder, class Structure>
void give_back(Structure* structure) {
  Holder* const holder = static_cast<Holder*>(structure->private_data);
  structure->release = nullptr;
  if (holder->returned == nullptr) return;  // a child: its parent's holder is the one that goes
  ++*holder->returned;
  delete holder;
}

std::unique_ptr<SchemaHolder> hold(const ArrowData& data, ArrowSchema& out) {
  auto holder = std::make_unique<SchemaHolder>();
  holder->format = data.format;
  holder->name = data.name;
  const auto add = [&](const ArrowData& child) {
    holder->structures.emplace_back();
    holder->holders.push_back(hold(child, holder->structures.back()));
    return &holder->structures.back();
  };
  for (const ArrowData& child : data.children) holder->children.push_back(add(child));
  out = {holder->format.c_str(),
         holder->name.c_str(),
         nullptr,
         2,
         static_cast<int64_t>(holder->children.size()),
         holder->children.empty() ? nullptr : holder->children.data(),
         data.dictionary ? add(*data.dictionary) : nullptr,
         &give_back<SchemaHolder, ArrowSchema>,
         holder.get()};
  return holder;
}

std::unique_ptr<ArrayHolder> hold(const ArrowData& data, ArrowArray& out) {
  auto holder = std::make_unique<ArrayHolder>();
  holder->buffers = std::make_unique<const void*[]>(data.buffers.size());
  for (std::size_t i = 0; i < data.buffers.size(); ++i) {
    if (!data.buffers[i]) continue;
    const std::string& bytes = *data.buffers[i];
    auto& memory = holder->memory.emplace_back(new char[bytes.size()]);
    if (!bytes.empty()) std::memcpy(memory.get(), bytes.data(), bytes.size());
    holder->buffers[i] = memory.get();
  }
  const auto add = [&](const ArrowData& child) {
    holder->structures.emplace_back();
    holder->holders.push_back(hold(child, holder->structures.back()));
    return &holder->structures.back();
  };
  holder->children = std::make_unique<ArrowArray*[]>(data.children.size());
  for (std::size_t i = 0; i < data.children.size(); ++i) holder->children[i] = add(data.children[i]);
  out = {data.length,
         data.null_count,
         data.offset,
         static_cast<int64_t>(data.buffers.size()),
         static_cast<int64_t>(data.children.size()),
         data.buffers.empty() ? nullptr : holder->buffers.get(),
         data.children.empty() ? nullptr : holder->children.get(),
         data.dictionary ? add(*data.dictionary) : nullptr,
         &give_back<ArrayHolder, ArrowArray>,
         holder.get()};
  return holder;
}

template <class Structure>
void hand_out(const ArrowData& data, Structure& out, int& returned) {
  auto holder = hold(data, out);
  holder->returned = &returned;
  holder.release();
}

std::string padded(const std::string& bytes, std::size_t count) { return std::string(count, '\x7b') + bytes; }

}  // namespace

std::optional<std::string> bits_of(const std::vector<bool>& bits, bool always) {
  std::string bytes((bits.size() + 7) / 8, '\0');
  bool all = true;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    all = all && bits[i];
    if (bits[i]) bytes[i / 8] = static_cast<char>(static_cast<unsigned char>(bytes[i / 8]) | (1U << (i % 8)));
  }
  if (all && !always) return std::nullopt;
  return bytes;
}

ArrowData booleans(std::string name, const std::vector<std::optional<bool>>& values) {
  ArrowData data{"b", std::move(name), 0, 0, 0, {}, {}, {}};
  std::vector<bool> bits;
  for (const auto& value : values) bits.push_back(value.value_or(true));
  data.buffers = {bits_of(bits, true)};
  mark_nulls(data, values);
  return data;
}

ArrowData texts(std::string format, std::string name, const Texts& values) {
  ArrowData data{std::move(format), std::move(name), 0, 0, 0, {}, {}, {}};
  std::string bytes;
  if (data.format == "vu") {
    std::string views;
    std::string others;  // every second long text stands in a buffer of its own
    std::size_t long_texts = 0;
    const auto put = [&views](int32_t figure) { views.append(reinterpret_cast<const char*>(&figure), sizeof figure); };
    for (const auto& value : values) {
      const std::string text = value.value_or("garbage");
      put(static_cast<int32_t>(text.size()));
      if (text.size() <= 12) {
        views += text + std::string(12 - text.size(), '\0');
        continue;
      }
      std::string& to = ++long_texts % 2 == 0 ? others : bytes;
      views += text.substr(0, 4);
      put(long_texts % 2 == 0 ? 1 : 0);
      put(static_cast<int32_t>(to.size()));
      to += text;
    }
    const std::vector<int64_t> sizes = {static_cast<int64_t>(bytes.size()), static_cast<int64_t>(others.size())};
    data.buffers = {views, bytes, others, bytes_of(sizes)};
  } else {
    std::vector<int32_t> short_offsets = {0};
    std::vector<int64_t> long_offsets = {0};
    for (const auto& value : values) {
      bytes += value.value_or("");
      short_offsets.push_back(static_cast<int32_t>(bytes.size()));
      long_offsets.push_back(static_cast<int64_t>(bytes.size()));
    }
    data.buffers = {data.format == "u" ? bytes_of(short_offsets) : bytes_of(long_offsets), bytes};
  }
  mark_nulls(data, values);
  return data;
}

ArrowData nulls(std::string name, int64_t length) { return {"n", std::move(name), length, length, 0, {}, {}, {}}; }

ArrowData dictionary(ArrowData indices, ArrowData values) {
  indices.dictionary = std::make_shared<ArrowData>(std::move(values));
  return indices;
}

ArrowData table(std::vector<ArrowData> columns, std::optional<int64_t> length) {
  const int64_t rows = length.value_or(columns.empty() ? 0 : columns.front().length);
  return {"+s", "", rows, 0, 0, {std::nullopt}, std::move(columns), {}};
}

ArrowData sliced(ArrowData data, int64_t offset) {
  const auto count = static_cast<std::size_t>(offset);
  const auto shift_bits = [&](std::optional<std::string>& bits, bool others) {
    if (!bits) return;
    std::vector<bool> moved(count, others);
    for (int64_t i = 0; i < data.offset + data.length; ++i) {
      moved.push_back((static_cast<unsigned char>((*bits)[static_cast<std::size_t>(i / 8)]) >> (i % 8) & 1) != 0);
    }
    bits = bits_of(moved, true);
  };
  if (!data.buffers.empty()) shift_bits(data.buffers[0], false);
  if (data.format == "b") {
    shift_bits(data.buffers[1], true);
  } else if (data.format == "vu") {
    data.buffers[1] = padded(*data.buffers[1], count * 16);
  } else if (data.format == "u" || data.format == "U") {
    // The other rows' texts are empty, at the very beginning.
    data.buffers[1] = std::string(count * (data.format == "u" ? 4 : 8), '\0') + *data.buffers[1];
  } else if (data.format == "+s") {
    for (ArrowData& child : data.children) {
      const int64_t before = child.offset;
      child.offset = 0;
      child.length += before;
      child = sliced(std::move(child), offset);
      child.length += offset - before;
      child.offset = before;
    }
  } else if (data.buffers.size() == 2 && data.offset + data.length > 0) {
    data.buffers[1] =
        padded(*data.buffers[1], count * (data.buffers[1]->size() / static_cast<std::size_t>(data.offset + data.length)));
  }
  data.offset += offset;
  return data;
}

Producer::Producer(ArrowData schema, std::vector<ArrowData> tables) : schema_(std::move(schema)), tables_(std::move(tables)) {}

Producer::~Producer() {
  if (stream.release != nullptr) stream.release(&stream);
}

ArrowArrayStream* Producer::open() {
  next_ = 0;
  stream = {&get_schema, &get_next, &get_last_error, &release, this};
  ++given;
  return &stream;
}

int Producer::get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  auto& self = *static_cast<Producer*>(stream->private_data);
  if (self.schema_error != 0) return self.schema_error;
  hand_out(self.schema_, *out, self.returned);
  ++self.given;
  if (self.on_schema) self.on_schema(*out);
  return 0;
}

int Producer::get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& self = *static_cast<Producer*>(stream->private_data);
  ++self.asked;
  if (self.next_ == self.tables_.size()) {
    *out = {};
    return self.next_error;
  }
  hand_out(self.tables_[self.next_++], *out, self.returned);
  ++self.given;
  if (self.on_array) self.on_array(*out);
  return 0;
}

const char* Producer::get_last_error(ArrowArrayStream*) { return "the value 4711 of Ivanova"; }

void Producer::release(ArrowArrayStream* stream) {
  ++static_cast<Producer*>(stream->private_data)->returned;
  stream->release = nullptr;
}

ArrowPair::ArrowPair(const ArrowData& data) {
  static int returned = 0;
  hand_out(data, schema, returned);
  hand_out(data, array, returned);
}

ArrowPair::~ArrowPair() {
  if (schema.release != nullptr) schema.release(&schema);
  if (array.release != nullptr) array.release(&array);
}

}  // namespace host
