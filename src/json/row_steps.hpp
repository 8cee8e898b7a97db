// The hot path: the usual cells of one row, checked and written in one pass.
//
// A column is a step of the plan, and a step ends by calling the next column's, which the compiler turns into a jump: no loop, no switch,
// and all that matters stays in registers. Each set of instructions compiles the steps once (row_steps_plain.cpp, row_steps_avx512.cpp)
// with its own way to copy texts, once for each kind of cells. What makes them fast, and where:
//
//   the plan      all that is the same in every row stands ready: a key with its punctuation is copied as 32 bytes, a choice's member as
//                 64, whatever their length; what is too much is written over by what follows
//   room          is looked for once a row, and again only for texts of more than 64 bytes or with escapes, and behind a surprise
//   `to`          runs ahead of the buffer's end, which takes it in at last
//   a step        is made for what the column's cell usually holds, and has a check that only that passes
//   the rest      goes the long way: RowPass::write_surprise decides cell by cell, slowly
#pragma once

#include <cstring>

#include "base/utf8.hpp"
#include "json/escaped_text.hpp"
#include "json/moment_text.hpp"
#include "json/plain_decimal.hpp"
#include "json/plain_integer.hpp"
#include "json/row_cells.hpp"
#include "json/row_functions.hpp"
#include "json/row_pass.hpp"

namespace trainstat {

/// Text copies texts and judges them (plain_text.hpp).
template <class Text, class Cells>
class RowSteps {
 public:
  static constexpr StepFunctions<Cells> all() {
    return {&integer,
            &nullable_integer,
            &text,
            &choice,
            &moment<MomentForm::with_offset>,
            &moment<MomentForm::local>,
            &moment<MomentForm::date>,
            &number,
            &decimal<true>,
            &other,
            &end};
  }

 private:
  using CellKind = Value::Kind;

  static char* integer(RowPass& pass, const Step* step, Cells cells, char* to) {
    if (cells.kind() != CellKind::integer) [[unlikely]]
      return other(pass, step, cells, to);
    const auto integer = static_cast<std::uint64_t>(cells.integer());
    if (!is_short(*step, integer)) return long_integer(pass, step, cells, to);
    to = put_short_integer(put_lead(to, *step), integer);
    return next(pass, step, cells.behind_integer(), to);
  }

  /// Nulls come and go as no branch can foresee, so null is one more entry of the table.
  static char* nullable_integer(RowPass& pass, const Step* step, Cells cells, char* to) {
    static_assert(static_cast<int>(CellKind::integer) == static_cast<int>(CellKind::null) + 1);
    const std::uint64_t is_given = static_cast<std::uint64_t>(cells.kind()) - static_cast<std::uint64_t>(CellKind::null);
    if (is_given > 1) [[unlikely]]
      return other(pass, step, cells, to);
    const std::uint64_t integer = static_cast<std::uint64_t>(cells.integer_if(is_given)) & -is_given;
    if (!is_short(*step, integer)) return long_integer(pass, step, cells, to);
    to = put_short_integer(put_lead(to, *step), integer | (ShortIntegers::null & (is_given - 1)));
    return next(pass, step, cells.behind_integer_if(is_given), to);
  }

  [[gnu::noinline]] static char* long_integer(RowPass& pass, const Step* step, Cells cells, char* to) {
    if (cells.kind() != CellKind::integer) [[unlikely]]
      return other(pass, step, cells, to);
    const std::int64_t integer = cells.integer();
    if (!in_limits(*step, integer)) [[unlikely]]
      return surprise(pass, step, cells, to);
    if (!has_six_figures(integer)) return longer_integer(pass, step, cells, to);
    return next(pass, step, cells.behind_integer(), put_six_figures(put_lead(to, *step), integer));
  }

  [[gnu::noinline]] static char* longer_integer(RowPass& pass, const Step* step, Cells cells, char* to) {
    to = put_lead(to, *step);
    Text::leave();  // behind the lead, which is copied through a wide register
    return next(pass, step, cells.behind_integer(), put_long_integer(to, cells.integer()));
  }

  static char* text(RowPass& pass, const Step* step, Cells cells, char* to) {
    if (cells.kind() != CellKind::text || !cells.has_text(pass.texts)) [[unlikely]]
      return other(pass, step, cells, to);
    const std::size_t length = cells.length();
    if (!Text::is_usual(length)) return unusual_text(pass, step, cells, to);
    char* const end = Text::put_usual(put_lead(to, *step), cells.text(pass.texts), length);
    if (end == nullptr) [[unlikely]]
      return rare_text(pass, step, cells, to);
    *end = '"';
    return next(pass, step, cells.behind_text(pass.texts), end + 1);
  }

  [[gnu::noinline]] static char* unusual_text(RowPass& pass, const Step* step, Cells cells, char* to) {
    const std::size_t length = cells.length();
    if (length > RowPlan::short_text && !pass.has_room_for(length, to)) [[unlikely]]
      return text_without_room(pass, step, cells, to);
    char* const end = Text::put_unusual(put_lead(to, *step), cells.text(pass.texts), length);
    if (end == nullptr) [[unlikely]]
      return rare_text(pass, step, cells, to);
    *end = '"';
    return next(pass, step, cells.behind_text(pass.texts), end + 1);
  }

  [[gnu::noinline]] static char* text_without_room(RowPass& pass, const Step* step, Cells cells, char* to) {
    Text::leave();
    const std::size_t length = cells.length();
    // What is refused must cost no memory.
    if (length > PTRDIFF_MAX || !is_utf8({cells.text(pass.texts), length})) return surprise(pass, step, cells, to);
    return unusual_text(pass, step, cells, pass.room_for(length, to));
  }

  /// Longer letters, escapes; for texts of some pages, as the long way writes longer ones in pieces, which take less memory.
  [[gnu::noinline]] static char* rare_text(RowPass& pass, const Step* step, Cells cells, char* to) {
    Text::leave();
    constexpr std::size_t longest = 4096;
    const std::string_view text(cells.text(pass.texts), cells.length());
    if (Text::is_html_safe || text.size() > longest || !is_utf8(text)) return surprise(pass, step, cells, to);
    const std::size_t room = room_of_escaped(text.size());
    if (!pass.has_room_for(room, to)) to = pass.room_for(room, to);
    to = put_lead(to, *step);
    Text::leave();  // again: the lead is copied through a wide register
    char* const end = put_escaped(to, text);
    *end = '"';
    return next(pass, step, cells.behind_text(pass.texts), end + 1);
  }

  static char* choice(RowPass& pass, const Step* step, Cells cells, char* to) {
    if (cells.kind() != CellKind::text || !cells.has_text(pass.texts)) [[unlikely]]
      return other(pass, step, cells, to);
    const WordTable::Word* const word = step->words->find(cells.text(pass.texts), cells.length());
    if (word == nullptr) [[unlikely]]
      return surprise(pass, step, cells, to);
    std::memcpy(to, word->member, sizeof word->member);
    return next(pass, step, cells.behind_text(pass.texts), to + word->size);
  }

  template <MomentForm form>
  static char* moment(RowPass& pass, const Step* step, Cells cells, char* to) {
    if (cells.kind() != CellKind::integer) return moment_text<form>(pass, step, cells, to);
    const std::int64_t seconds = cells.integer();
    const MomentWriter::Stretch& stretch = pass.moments.stretch_of(seconds);
    if (!stretch.has(seconds)) [[unlikely]]
      return rare_moment<form>(pass, step, cells, to);
    return next(pass, step, cells.behind_integer(), MomentWriter::put<form>(put_lead(to, *step), seconds, stretch));
  }

  template <MomentForm form>
  [[gnu::noinline]] static char* rare_moment(RowPass& pass, const Step* step, Cells cells, char* to) {
    Text::leave();
    if (pass.moments.find(cells.integer())) return moment<form>(pass, step, cells, to);
    return surprise(pass, step, cells, to);
  }

  template <MomentForm form>
  [[gnu::noinline]] static char* moment_text(RowPass& pass, const Step* step, Cells cells, char* to) {
    if (cells.kind() != CellKind::text || !cells.has_text(pass.texts)) return other(pass, step, cells, to);
    char* const end = put_moment_text<form>(put_lead(to, *step), cells.text(pass.texts), cells.length());
    if (end == nullptr) [[unlikely]]
      return surprise(pass, step, cells, to);
    return next(pass, step, cells.behind_text(pass.texts), end);
  }

  static char* number(RowPass& pass, const Step* step, Cells cells, char* to) {
    if (cells.kind() == CellKind::integer) return integer(pass, step, cells, to);
    return decimal<false>(pass, step, cells, to);
  }

  template <bool has_two_places>
  static char* decimal(RowPass& pass, const Step* step, Cells cells, char* to) {
    std::uint64_t hundredths = 0;
    if (cells.kind() == CellKind::number) {
      hundredths = hundredths_of(Binary64(static_cast<std::uint64_t>(cells.integer())), step->span.maximum());
    } else if (cells.kind() == CellKind::integer) {
      hundredths = hundredths_of(cells.integer(), step->span.maximum());
    } else {
      return text_of_decimal<has_two_places>(pass, step, cells, to);
    }
    if (hundredths == undecided) [[unlikely]]
      return surprise(pass, step, cells, to);
    return next(pass, step, cells.behind_integer(), put_hundredths<has_two_places>(put_lead(to, *step), hundredths));
  }

  template <bool has_two_places>
  [[gnu::noinline]] static char* text_of_decimal(RowPass& pass, const Step* step, Cells cells, char* to) {
    if (cells.kind() != CellKind::text || !cells.has_text(pass.texts)) return other(pass, step, cells, to);
    Text::leave();
    const std::uint64_t hundredths = hundredths_of(cells.text(pass.texts), cells.length(), step->span.maximum());
    if (hundredths == undecided) return surprise(pass, step, cells, to);
    return next(pass, step, cells.behind_text(pass.texts), put_hundredths<has_two_places>(put_lead(to, *step), hundredths));
  }

  /// Absent and null, and all there is in a column that is written in another way.
  [[gnu::noinline]] static char* other(RowPass& pass, const Step* step, Cells cells, char* to) {
    const auto kind = static_cast<std::size_t>(cells.kind());
    if (kind > static_cast<std::size_t>(CellKind::null)) return surprise(pass, step, cells, to);
    const RowPlan::Member& member = pass.plan.without_value(index_of(pass, step))[kind];
    if (member.size == RowPlan::Member::undecided) [[unlikely]]
      return surprise(pass, step, cells, to);
    std::memcpy(to, &member, sizeof member);
    return next(pass, step, cells.behind_null(), to + member.size);
  }

  [[gnu::noinline]] static char* surprise(RowPass& pass, const Step* step, Cells cells, char* to) {
    Text::leave();
    to = put_surprise(pass, step, cells, to);
    if (to == nullptr) return nullptr;
    return next(pass, step, cells.behind(pass.texts), to);
  }

  /// By itself: a step that has a variable in memory cannot jump to the next, and each of a row's surprises would take some of the stack.
  [[gnu::noinline]] static char* put_surprise(RowPass& pass, const Step* step, Cells cells, char* to) {
    pass.buffer.take_in(to);
    Value value;
    if (!cells.read_value(pass.texts, value)) return nullptr;
    if (!pass.write_surprise(index_of(pass, step), value)) return nullptr;
    return pass.buffer.room(pass.plan.room());
  }

  static char* end(RowPass&, const Step*, Cells, char* to) {
    Text::leave();
    *to = '}';
    return to + 1;
  }

  [[gnu::always_inline]] static char* next(RowPass& pass, const Step* step, Cells cells, char* to) {
    ++step;
    return step->function(cells)(pass, step, cells, to);
  }
  [[gnu::always_inline]] static std::size_t index_of(const RowPass& pass, const Step* step) {
    return static_cast<std::size_t>(step - pass.plan.steps());
  }
  [[gnu::always_inline]] static char* put_lead(char* to, const Step& step) {
    std::memcpy(to, &step, Step::longest_copy);
    return to + step.lead_size;
  }
  [[gnu::always_inline]] static bool in_limits(const Step& step, std::int64_t integer) {
    return static_cast<std::uint64_t>(integer) - static_cast<std::uint64_t>(step.span.minimum) <= step.span.size;
  }
  [[gnu::always_inline]] static bool is_short(const Step& step, std::uint64_t integer) { return integer < step.short_integers; }
};

template <class Text>
const RowFunctions& functions_with() {
  static constexpr RowFunctions functions{RowSteps<Text, ValueCells>::all(), RowSteps<Text, PackedCells>::all()};
  return functions;
}

}  // namespace trainstat
