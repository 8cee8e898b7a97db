#include "ingest/serialized_batch.hpp"

#include <cstring>

#include "base/load.hpp"
#include "ingest/serialized_tokens.hpp"

namespace trainstat {
namespace {

/// Rows tend to have the keys of the row before, in the same order: these are compared and not looked up.
class RowReader {
 public:
  RowReader(SerializedTokens tokens, std::span<const Column> columns, std::vector<Value>& cells)
      : tokens_(tokens), columns_(columns), cells_(cells) {}

  /// The place behind the row, or null where none stands there.
  const char* read(const char* at, Row& row) {
    const char* behind = read_like_the_last(at);
    if (behind == nullptr) behind = read_any(at);
    row = {cells_.data(), columns_.size() + (has_unknown_ ? 1 : 0)};
    return behind;
  }

 private:
  struct Member {
    std::string_view key;  // as a row before spells it, at least `shortest_key` bytes
    std::size_t cell;
  };
  static constexpr std::size_t shortest_key = 8;

  // Behind the cells of the columns are two more: for a key that no column has, and for the values that nobody wants.
  std::size_t unknown_cell() const { return columns_.size(); }
  std::size_t unwanted_cell() const { return columns_.size() + 1; }

  const char* read_like_the_last(const char* at) {
    if (head_.empty() || tokens_.left(at) < head_.size()) return nullptr;
    if (std::memcmp(at, head_.data(), head_.size()) != 0) return nullptr;
    at += head_.size();
    for (const Member& member : members_) {
      if (tokens_.left(at) < member.key.size() || !is_same(at, member.key)) return nullptr;
      at = tokens_.read_value(at + member.key.size(), cells_[member.cell]);
      if (at == nullptr) return nullptr;
    }
    return tokens_.skip(at, "}");
  }

  /// By eight bytes, which overlap: most keys are 8 to 32 bytes long.
  static bool is_same(const char* at, std::string_view key) {
    const std::size_t size = key.size();
    if (size > 32) return std::memcmp(at, key.data(), size) == 0;
    const auto differ = [&](std::size_t place) {
      return load<std::uint64_t>(at + place) ^ load<std::uint64_t>(key.data() + place);
    };
    const std::uint64_t ends = differ(0) | differ(size - 8);
    return size <= 16 ? ends == 0 : (ends | differ(8) | differ(size - 16)) == 0;
  }

  const char* read_any(const char* const begin) {
    members_.clear();
    head_ = {};
    has_unknown_ = false;
    cells_.assign(columns_.size() + 2, Value());
    std::uint64_t count = 0;
    const char* at = tokens_.read_head(begin, count);
    if (at == nullptr) return nullptr;
    const std::string_view head(begin, static_cast<std::size_t>(at - begin));
    bool can_be_kept = count <= 2 * columns_.size();
    for (; count > 0; --count) {
      const char* const key_begin = at;
      std::string_view key;
      at = tokens_.read_key(at, key);
      if (at == nullptr) return nullptr;
      const std::string_view spelled(key_begin, static_cast<std::size_t>(at - key_begin));
      const std::size_t cell = cell_of(key);
      can_be_kept = can_be_kept && spelled.size() >= shortest_key;
      if (can_be_kept) members_.push_back({spelled, cell});
      at = tokens_.read_value(at, cells_[cell]);
      if (at == nullptr) return nullptr;
    }
    if (can_be_kept) head_ = head;
    return tokens_.skip(at, "}");
  }

  std::size_t cell_of(std::string_view key) {
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      if (columns_[column].key == key) return column;
    }
    if (!has_unknown_) cells_[unknown_cell()] = Value::of(Value::Kind::foreign, key);
    has_unknown_ = true;
    return unwanted_cell();
  }

  const SerializedTokens tokens_;
  const std::span<const Column> columns_;
  std::vector<Value>& cells_;

  std::string_view head_;  // how many members are kept, as a row before spells it; empty: none are
  std::vector<Member> members_;
  bool has_unknown_ = false;
};

}  // namespace

bool is_serialized_batch(std::string_view bytes) { return bytes.starts_with("a:"); }

Status take_serialized_batch(std::string_view bytes, std::span<const Column> columns, std::vector<Value>& cells,
                             RowTaker& taker) {
  const auto malformed = [&](const char* wrong) { return taker.refuse_rest(Message("the batch is malformed: {}", wrong)); };
  const SerializedTokens tokens(bytes);
  RowReader reader(tokens, columns, cells);
  std::uint64_t rows = 0;
  const char* at = tokens.read_head(bytes.data(), rows);
  if (at == nullptr) return malformed("it does not begin as a serialized array");
  for (; rows > 0; --rows) {
    std::string_view place;
    at = tokens.read_key(at, place);
    Row row;
    if (at != nullptr) at = reader.read(at, row);
    if (at == nullptr) return malformed("a row is no serialized array of plain cells");
    if (Status status = taker.take(row); !status.is_ok()) return status;
  }
  at = tokens.skip(at, "}");
  return at == tokens.end() ? Status::ok() : malformed("other bytes than } behind its last row");
}

}  // namespace trainstat
