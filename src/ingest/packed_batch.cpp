#include "ingest/packed_batch.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "base/load.hpp"

namespace trainstat {
namespace {

constexpr std::string_view magic = "TSB1";

static_assert(std::endian::native == std::endian::little, "batches are little endian and are read in place");

class BatchReader {
 public:
  explicit BatchReader(std::string_view bytes) : rest_(bytes) {}

  bool take(std::size_t count, std::string_view& taken) {
    if (count > rest_.size()) return false;
    taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return true;
  }
  template <class Figure>
  bool take(Figure& figure) {
    std::string_view taken;
    if (!take(sizeof figure, taken)) return false;
    std::memcpy(&figure, taken.data(), sizeof figure);
    return true;
  }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  void move_to(const char* place) { rest_.remove_prefix(static_cast<std::size_t>(place - rest_.data())); }

 private:
  std::string_view rest_;
};

bool has_slot(Value::Kind kind) { return kind != Value::Kind::absent && kind != Value::Kind::null; }
bool has_text(Value::Kind kind) { return kind == Value::Kind::text || kind == Value::Kind::foreign; }

/// Null where the row is read, else what is wrong with it.
const char* read_row(BatchReader& reader, std::size_t most_cells, std::vector<Value>& cells) {
  std::uint32_t count = 0;
  std::string_view kinds;
  if (!reader.take(count) || !reader.take(count, kinds)) return "a row is cut off";
  cells.clear();
  std::size_t slots = 0;
  for (const char byte : kinds) {
    const auto number = static_cast<unsigned char>(byte);
    if (number > static_cast<unsigned char>(Value::Kind::foreign)) return "a cell is of unknown kind";
    const auto kind = static_cast<Value::Kind>(number);
    slots += has_slot(kind) ? 1U : 0U;
  }
  std::string_view slot_bytes;
  if (!reader.take(slots * 8, slot_bytes)) return "a row is cut off";
  BatchReader slot_reader(slot_bytes);
  for (const char byte : kinds) {
    Value value = Value::of(static_cast<Value::Kind>(byte));
    if (has_text(value.kind)) {
      std::uint64_t length = 0;
      std::string_view text;
      slot_reader.take(length);
      if (!reader.take(length, text)) return "a text is cut off";
      value = Value::of(value.kind, text);
    } else if (value.kind == Value::Kind::number) {
      slot_reader.take(value.number);
    } else if (has_slot(value.kind)) {
      slot_reader.take(value.integer);
    }
    if (cells.size() < most_cells) cells.push_back(value);
  }
  return nullptr;
}

/// How many of the cells have a slot; 7, which is no kind, counts as one, and is found out when its turn comes. None where a kind is
/// beyond, and the sums would run over.
std::optional<std::size_t> count_slots(std::string_view kinds) {
  // Eight bytes at a time: 126 more make the top bit of each that is 2 or more.
  constexpr std::uint64_t ones = 0x0101010101010101U;
  std::uint64_t all = 0;
  std::size_t slots = 0;
  const auto add = [&](std::uint64_t block) {
    all |= block;
    slots += ((block + 126 * ones) >> 7 & ones) * ones >> 56;
  };
  std::size_t at = 0;
  for (; at + 8 <= kinds.size(); at += 8) add(load<std::uint64_t>(kinds.data() + at));
  // The rest; what stands before it, kinds and heads of the row and the batch, is shifted out.
  if (const std::size_t rest = kinds.size() - at; rest > 0) add(load<std::uint64_t>(kinds.end() - 8) >> (8 * (8 - rest)));
  if ((all & ~(7 * ones)) != 0) return std::nullopt;
  return slots;
}

/// Has the row that the bytes begin with taken where it lies: the place behind it. Null, and nothing done, where it has not as many
/// cells as there are columns, they or their slots are cut off, or it must be unpacked first.
const char* take_row(std::string_view bytes, std::size_t columns, RowTaker& taker) {
  constexpr std::size_t count_size = sizeof(std::uint32_t);
  if (bytes.size() < count_size + columns || load<std::uint32_t>(bytes.data()) != columns) return nullptr;
  const char* const kinds = bytes.data() + count_size;
  const char* const slots = kinds + columns;
  const char* const end = bytes.data() + bytes.size();
  const std::optional<std::size_t> count = count_slots({kinds, columns});
  if (!count || *count * 8 > static_cast<std::size_t>(end - slots)) return nullptr;
  return taker.take_in_place({kinds, slots}, {slots + *count * 8, end});
}

}  // namespace

Status take_packed_batch(std::string_view bytes, std::size_t columns, std::vector<Value>& cells, RowTaker& taker) {
  BatchReader reader(bytes);
  std::string_view head;
  std::uint32_t rows = 0;
  if (!reader.take(magic.size(), head) || head != magic || !reader.take(rows)) {
    return taker.refuse_rest(Message("the batch does not begin with TSB1 and a row count"));
  }
  for (; rows > 0; --rows) {
    if (const char* const end = take_row(reader.rest(), columns, taker)) {
      reader.move_to(end);
      continue;
    }
    if (const char* wrong = read_row(reader, columns + 1, cells))
      return taker.refuse_rest(Message("the batch is malformed: {}", wrong));
    if (Status status = taker.take(cells); !status.is_ok()) return status;
  }
  if (!reader.at_end()) return taker.refuse_rest(Message("the batch is malformed: bytes behind its last row"));
  return Status::ok();
}

}  // namespace trainstat
