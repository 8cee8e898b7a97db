#include <gtest/gtest.h>

#include <set>

#include "formats/ekvio.hpp"
#include "formats/layout.hpp"

namespace {

using namespace trainstat;

TEST(Catalogue, FindsEveryFormatByItsName) {
  std::set<std::string_view> names;
  for (const Format* format : all_formats()) {
    const Format* found = nullptr;
    EXPECT_TRUE(find_format(format->name, found).is_ok());
    EXPECT_EQ(found, format);
    EXPECT_TRUE(names.insert(format->name).second) << format->name;
  }
  EXPECT_EQ(names.size(), 9U);
}

TEST(Catalogue, NamesTheFormatThatWasMeant) {
  const Format* found = nullptr;
  const Status status = find_format("ekvio.training_statistics", found);
  EXPECT_EQ(status.code, Code::unknown_format);
  EXPECT_STREQ(status.message.c_str(), "unknown format ekvio.training_statistics; did you mean ekvio.trainings_statistic?");
}

TEST(Layout, KeepsItsQuestionnaireKeysWhereTheyAre) {
  std::vector<std::int32_t> forms;
  for (std::int32_t form = 1; form <= 1000; ++form) forms.push_back(form);
  const Layout layout(ekvio::trainings_statistic, forms, false);
  ASSERT_EQ(layout.columns().size(), 1035U);
  EXPECT_EQ(layout.columns()[35].key, "form_question_1");
  EXPECT_EQ(layout.columns()[1034].key, "form_question_1000");
}

// The rules that tables are held to can fail: each table here breaks one.
constexpr Column good{"a", Kind::text, Presence::required, table::none, table::any, "A."};
constexpr Column twice[] = {good, good};
constexpr Column unexplained[] = {{"a", Kind::text, Presence::required, table::none, table::any, ""}};
constexpr Column wordless[] = {{"a", Kind::choice, Presence::required, table::none, table::any, "A."}};
constexpr Column required_with_default[] = {{"a", Kind::integer, Presence::required, table::zero, table::any, "A."}};
constexpr Column null_without_leave[] = {{"a", Kind::integer, Presence::defaulted, table::null, table::any, "A."}};
constexpr Column upside_down[] = {{"a", Kind::integer, Presence::required, table::none, table::range(1, 0), "A."}};
constexpr Column stranger[] = {
    {"a", Kind::text, Presence::nullable, table::null, table::any, "A.", {.required_when_column = "b"}}};
constexpr std::string_view words[] = {"x"};
constexpr Column optional_condition[] = {{"a", Kind::choice, Presence::nullable, table::null, table::one_of(words), "A."},
                                         {"b",
                                          Kind::text,
                                          Presence::nullable,
                                          table::null,
                                          table::any,
                                          "B.",
                                          {.required_when_column = "a", .required_when_word = "x"}}};
static_assert(!well_formed(optional_condition));
static_assert(well_formed({&good, 1}));
static_assert(!well_formed(twice) && !well_formed(unexplained) && !well_formed(wordless));
static_assert(!well_formed(required_with_default) && !well_formed(null_without_leave));
static_assert(!well_formed(upside_down) && !well_formed(stranger));

}  // namespace
