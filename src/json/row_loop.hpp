// The hot path: the usual cells of one row, checked and written in one pass.
//
// Each set of instructions compiles it once (row_loop_plain.cpp, row_loop_avx512.cpp) with its own way to copy texts, once for each kind
// of cells. What makes it fast, and where:
//
//   the plan      all that is the same in every row stands ready: a key with its punctuation is copied as 32 bytes, a choice's member as
//                 64, whatever their length; what is too much is written over by what follows
//   room          is looked for once a row, and for texts of more than 64 bytes, so that nothing else asks
//   `to`          runs ahead of the buffer's end, which takes it in at last: a refused row is given up by not doing so
//   one switch    on what the column's cell usually holds, and for each a check that only that passes
//   the rest      leaves the loop: RowPass::write_surprise decides cell by cell, slowly
#pragma once

#include <cstring>

#include "json/moment_text.hpp"
#include "json/plain_integer.hpp"
#include "json/row_cells.hpp"
#include "json/row_functions.hpp"
#include "json/row_pass.hpp"

namespace trainstat {

/// Text::put copies a text and judges it.
template <class Text, class Cells>
class RowLoop {
 public:
  RowLoop(RowPass& pass, Cells cells) : pass_(pass), cells_(cells) {}

  [[gnu::always_inline]] bool run() {
    using Usual = Step::Usual;
    using CellKind = Value::Kind;
    const std::size_t room = pass_.plan.room();
    const Step* const first = pass_.plan.steps();
    char* to = pass_.buffer.room(room);
    for (const Step* step = first;; ++step) {
      switch (step->usual) {
        case Usual::integer:
          if (cells_.kind() == CellKind::integer) [[likely]] {
            const std::int64_t integer = cells_.integer();
            if (!in_limits(*step, integer)) [[unlikely]]
              break;
            to = put_integer(put_lead(to, *step), integer);
            cells_.pass_integer();
            continue;
          }
          break;
        case Usual::nullable_integer:
          if (cells_.kind() == CellKind::integer || cells_.kind() == CellKind::null) [[likely]] {
            // Nulls come and go as no branch can foresee, so null is one more entry of the table, whatever the limits are.
            const bool is_null = cells_.kind() == CellKind::null;
            const std::int64_t integer = cells_.integer_or_zero();
            if (!is_null && !in_limits(*step, integer)) [[unlikely]]
              break;
            to = put_lead(to, *step);
            if (static_cast<std::uint64_t>(integer) < short_figures.size()) {
              store(to, is_null ? null_word : load<std::uint32_t>(short_figures[static_cast<std::size_t>(integer)].text));
              to += is_null ? sizeof null_word : short_figures[static_cast<std::size_t>(integer)].length;
            } else {
              to = put_integer(to, integer);
            }
            cells_.pass_integer_or_null(is_null);
            continue;
          }
          break;
        case Usual::text:
          if (cells_.kind() == CellKind::text && cells_.has_text()) [[likely]] {
            const std::size_t length = cells_.length();
            if (length > RowPlan::short_text) [[unlikely]] {
              char* const wider = pass_.room_for(cells_.text(), length, to);
              if (wider == nullptr) break;
              to = wider;
            }
            char* const end = Text::put(put_lead(to, *step), cells_.text(), length);
            if (end == nullptr) [[unlikely]]
              break;
            *end = '"';
            to = end + 1;
            cells_.pass_text();
            continue;
          }
          break;
        case Usual::choice:
          if (cells_.kind() == CellKind::text && cells_.has_text()) {
            const WordTable::Word* const word = step->words->find(cells_.text(), cells_.length());
            if (word == nullptr) [[unlikely]]
              break;
            std::memcpy(to, word->member, sizeof word->member);
            to += word->size;
            cells_.pass_text();
            continue;
          }
          break;
        case Usual::moment:
          if (cells_.kind() == CellKind::integer) {
            char* const end = pass_.moments.put(put_lead(to, *step), cells_.integer());
            if (end == nullptr) [[unlikely]]
              break;
            to = end;
            cells_.pass_integer();
            continue;
          }
          if (cells_.kind() == CellKind::text && cells_.has_text()) {
            char* const end = put_moment_text(put_lead(to, *step), cells_.text(), cells_.length());
            if (end == nullptr) [[unlikely]]
              break;
            to = end;
            cells_.pass_text();
            continue;
          }
          break;
        case Usual::none:
          break;
        case Usual::end:
          *to++ = '}';
          pass_.buffer.take_in(to);
          return true;
      }
      if (cells_.kind() == CellKind::null && step->takes_null) {
        std::memcpy(to, step->lead, sizeof step->lead);
        store(to + step->key_size, null_word);
        to += step->key_size + sizeof null_word;
        cells_.pass_null();
        continue;
      }
      pass_.buffer.take_in(to);
      Value value;
      if (!cells_.take_value(value) || !pass_.write_surprise(static_cast<std::size_t>(step - first), value)) return false;
      to = pass_.buffer.room(room);
    }
  }

  const Cells& cells() const { return cells_; }

 private:
  static constexpr std::uint32_t null_word = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;

  [[gnu::always_inline]] static char* put_lead(char* to, const Step& step) {
    std::memcpy(to, step.lead, sizeof step.lead);
    return to + step.lead_size;
  }
  [[gnu::always_inline]] static bool in_limits(const Step& step, std::int64_t integer) {
    return static_cast<std::uint64_t>(integer) - static_cast<std::uint64_t>(step.minimum) <= step.span;
  }

  RowPass& pass_;
  Cells cells_;
};

template <class Text>
bool write_values(RowPass& pass, const Value* cells) {
  return RowLoop<Text, ValueCells>(pass, ValueCells(cells)).run();
}

template <class Text>
bool write_packed(RowPass& pass, PackedRow& row) {
  RowLoop<Text, PackedCells> loop(pass, PackedCells(row));
  if (!loop.run()) return false;
  row.texts = loop.cells().end_of_texts();
  return true;
}

template <class Text>
RowFunctions functions_with() {
  return {&write_values<Text>, &write_packed<Text>};
}

}  // namespace trainstat
