#include "bench/rows.hpp"

#include <random>

namespace bench {
namespace {

using host::integer;
using host::null;
using host::text;

// Letters in braces become Cyrillic ones, of two bytes; which ones matters to nobody here.
constexpr std::string_view last_names[] = {"{Ivanova}", "{Petrov}", "{Sidorenko}",      "{Kuznecova}",
                                           "Smith",     "{Kim}",    "{Voskresenskaja}", "{Grigorjev}"};
constexpr std::string_view first_names[] = {"{Anna}", "{Oleg}", "{Aleksandra}", "{Konstantin}", "John", "{Marija}", "{Lev}"};
constexpr std::string_view middle_names[] = {"{Petrovna}", "{Vladimirovich}", "{Olegovich}", "{Aleksandrovna}", "{Ljvovna}"};
constexpr std::string_view courses[] = {"{Ohrana truda dlja ofisnyh rabotnikov}",
                                        "{Pozharnaja bezopasnostj}",
                                        "{Rabota s personaljnymi dannymi}",
                                        "Onboarding",
                                        "{Etika i delovoe obschenie}",
                                        "{Prodazhi: pervyj razgovor s klientom}"};
constexpr std::string_view regions[] = {"{Moskva}", "{Severo-Zapad}", "{Ural}", "North", "{Daljnij Vostok}"};
constexpr std::string_view cities[] = {"{Moskva}", "{Sankt-Peterburg}", "{Ekaterinburg}", "Oslo", "{Vladivostok}", "{Tverj}"};
constexpr std::string_view roles[] = {"{Sotrudnik}", "{Rukovoditelj}", "{Stazhjor}", "{Nastavnik}"};
constexpr std::string_view positions[] = {"{Menedzher}", "{Veduschij specialist}", "{Kassir}", "Engineer", "{Buhgalter}"};
constexpr std::string_view teams[] = {"{Komanda} 1", "{Prodazhi}", "Support", "{Sklad}"};
constexpr std::string_view departments[] = {"{Roznica}", "{Otdel obuchenija}", "{Logistika}", "{Finansy}"};
constexpr std::string_view functions[] = {"{Obuchenie}", "{Kontrolj}", "Operations"};
constexpr std::string_view answers[] = {"{da}", "{net}", "{Hochu boljshe praktiki}", "no comment"};
constexpr std::string_view scorm_words[] = {"completed", "passed", "failed", "not completed", "not started"};
constexpr std::string_view to_escape[] = {"\"", "\\", "\n"};

constexpr std::int32_t is_moving = 1;

std::string with_letters(std::string_view word) {
  std::string written;
  bool is_cyrillic = false;
  for (const char letter : word) {
    const bool is_small = letter >= 'a' && letter <= 'z';
    if (letter == '{' || letter == '}') {
      is_cyrillic = letter == '{';
    } else if (is_cyrillic && (is_small || (letter >= 'A' && letter <= 'Z'))) {
      written += is_small && letter >= 'p' ? '\xD1' : '\xD0';
      written +=
          static_cast<char>(is_small ? (letter >= 'p' ? 0x80 + letter - 'p' : 0xB1 + letter - 'a') : 0x90 + letter - 'A');
    } else {
      written += letter;
    }
  }
  return written;
}

class Maker {
 public:
  Maker(std::uint64_t seed, std::string& texts) : random_(seed), texts_(texts) {}

  /// Ordered by course, as sites hand them out: what belongs to the course is the same for some rows, what belongs to the learner not.
  void make_row(std::int64_t number, std::vector<ts_value>& cells) {
    if (rows_of_course_-- == 0) begin_course();
    const std::int64_t started = 1650000000 + below(std::uint64_t{500} * 86400);
    const std::int64_t seconds = below(one_of(5) ? 100000 : 7200);
    const std::int64_t percent = below(101);
    const auto of_scorm = [&](ts_value value) { return course_.has_scorm ? value : null(); };
    const auto of_test = [&](ts_value value) { return course_.has_test ? value : null(); };
    const std::initializer_list<ts_value> row = {
        integer(10000 + number),
        integer(course_.id),
        kept(any(last_names) + ' ' + any(first_names) + ' ' + any(middle_names)),
        text(one_of(12) ? "blocked" : "active"),
        kept("user" + std::to_string(100000 + below(900000)) + "@host.example"),
        integer(started),
        or_null(4, integer(started + seconds + below(1000000))),
        integer(seconds),
        kept(course_.name),
        integer(course_.is_required),
        integer(below(500)),
        integer(500),
        integer(below(6)),
        integer(5),
        integer(below(4)),
        integer(3),
        integer(below(13)),
        integer(12),
        of_scorm(integer(seconds / 2)),
        of_scorm(text(scorm_words[below(std::size(scorm_words))])),
        of_scorm(integer(below(101))),
        integer(course_.has_test ? percent : 0),
        integer(course_.has_test ? 100 : 0),
        of_test(integer(percent)),
        integer(started + seconds),
        of_test(integer(below(4))),
        of_test(course_.has_limit ? integer(3) : null()),
        kept(with_letters("{Poljz.}")),
        kept(any(regions)),
        or_null(10, kept(any(cities))),
        or_null(10, kept(any(roles))),
        or_null(10, kept(any(positions))),
        or_null(5, kept(any(teams))),
        or_null(10, kept(any(departments))),
        or_null(5, kept(any(functions))),
        or_null(3, kept(any(answers))),
    };
    cells.insert(cells.end(), row);
  }

 private:
  struct Course {
    std::int64_t id = 0;
    std::string name;
    bool is_required = false;
    bool has_scorm = false;
    bool has_test = false;
    bool has_limit = false;
  };
  void begin_course() {
    course_ = {course_.id + 1 + below(3), any(courses), one_of(2), !one_of(5), !one_of(4), one_of(2)};
    rows_of_course_ = 20 + below(200);
  }

  std::int64_t below(std::uint64_t limit) { return static_cast<std::int64_t>(random_() % limit); }
  bool one_of(std::uint64_t so_many) { return below(so_many) == 0; }
  ts_value or_null(std::uint64_t one_of_so_many, ts_value value) { return one_of(one_of_so_many) ? null() : value; }
  template <std::size_t size>
  std::string any(const std::string_view (&words)[size]) {
    return with_letters(words[below(size)]);
  }
  ts_value kept(std::string words) {
    if (one_of(100)) words += to_escape[below(std::size(to_escape))];
    // The texts may still move: what is kept of one is where it begins.
    ts_value value = text({nullptr, words.size()});
    value.value.integer = static_cast<std::int64_t>(texts_.size());
    value.reserved = is_moving;
    texts_ += words;
    return value;
  }

  std::mt19937_64 random_;
  Course course_;
  std::int64_t rows_of_course_ = 0;
  std::string& texts_;
};

}  // namespace

const std::array<Field, width> fields = {{{"user_id"},
                                          {"material_id"},
                                          {"fio"},
                                          {"user_status"},
                                          {"login"},
                                          {"start_time", true},
                                          {"complete_date", true},
                                          {"total_time"},
                                          {"name"},
                                          {"is_required"},
                                          {"user_scores"},
                                          {"max_interaction_scores"},
                                          {"pdf_viewed"},
                                          {"pdf_total"},
                                          {"link_viewed"},
                                          {"link_total"},
                                          {"html_viewed"},
                                          {"html_total"},
                                          {"scorm_total_time"},
                                          {"scorm_status"},
                                          {"scorm_percent"},
                                          {"user_final_scores"},
                                          {"max_final_scores"},
                                          {"percent_final_scores"},
                                          {"last_activity", true},
                                          {"current_turn"},
                                          {"turns_count"},
                                          {"filled_type"},
                                          {"group_region"},
                                          {"group_city"},
                                          {"group_role"},
                                          {"group_position"},
                                          {"group_team"},
                                          {"group_department"},
                                          {"group_function"},
                                          {"form_question_10"}}};

Rows::Rows(std::size_t count, std::uint64_t seed) {
  Maker maker(seed, texts_);
  cells_.reserve(count * width);
  for (std::size_t row = 0; row < count; ++row) maker.make_row(static_cast<std::int64_t>(row), cells_);
  for (ts_value& cell : cells_) {
    if (cell.reserved != is_moving) continue;
    cell.reserved = 0;
    cell.value.text = texts_.data() + cell.value.integer;
  }
}

}  // namespace bench
