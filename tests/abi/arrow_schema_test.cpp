// Which schemas serve, and what is said of the others.
#include <gtest/gtest.h>

#include "abi/arrow.hpp"
#include "abi/handle.hpp"

namespace {

using host::ArrowData;
using host::Handle;

ArrowData integers(const char* name, int64_t value = 5) { return host::figures<int64_t>("l", name, {value}); }
ArrowData words(const char* name, const char* word = "x") { return host::texts("u", name, {word}); }

/// Refused before any row, and of no consequence for the report.
void expect_refused(const char* format, const ArrowData& table, int column, const std::string& message) {
  for (const char* options : {"", R"({"on_refused":"skip"})"}) {
    Handle report(format, options);
    host::Producer producer({table});
    uint64_t accepted = 9;
    EXPECT_EQ(report.append_stream(producer.open(), accepted), TS_INVALID_ARGUMENT);
    EXPECT_EQ(report.error.message, message);
    EXPECT_EQ(report.error.column, column) << message;
    EXPECT_EQ(report.error.row, -1);
    EXPECT_EQ(accepted, 0U);
    EXPECT_EQ(producer.asked, 0) << "an array was asked for";
    EXPECT_EQ(producer.returned, producer.given);
    EXPECT_EQ(report.problems(), R"({"accepted":0,"refused":0,"problems":[]})");
  }
}

TEST(ArrowSchema, IsMatchedByNameInAnyOrder) {
  Handle report("ekvio.errors");
  host::Producer producer({host::table({words("message", "m"), integers("code"), words("field", "f")})});
  ASSERT_EQ(report.append_stream(producer.open()), TS_OK) << report.error.message;
  EXPECT_EQ(report.built(), R"({"errors":[{"code":5,"field":"f","message":"m"}]})");
}

TEST(ArrowSchema, LeavesAColumnThatItHasNotAbsent) {
  Handle report("eloomi.participants");
  host::Producer producer({host::table({integers("user_id"), integers("course_id")})});
  ASSERT_EQ(report.append_stream(producer.open()), TS_OK) << report.error.message;
  EXPECT_NE(report.built().find(R"("attempts":0,"completed_at":null,"course_id":5)"), std::string::npos);
  Handle errors("ekvio.errors");
  host::Producer lacking({host::table({words("message"), integers("code")})});
  EXPECT_EQ(errors.append_stream(lacking.open()), TS_ROW_REFUSED);
  EXPECT_STREQ(errors.error.message, "field is required");
}

TEST(ArrowSchema, WithANameThatIsNoColumnIsRefusedRowByRowAsAnUnknownKeyIs) {
  const ArrowData table = host::table({integers("kode"), words("message"), integers("nothing_like_it")});
  Handle report("ekvio.errors");
  host::Producer producer({table, table});
  EXPECT_EQ(report.append_stream(producer.open()), TS_ROW_REFUSED);
  EXPECT_EQ(report.error.row, 0);
  EXPECT_EQ(report.error.column, -1);
  EXPECT_STREQ(report.error.message, "no column is named kode; did you mean code?");

  Handle skipping("ekvio.errors", R"({"on_refused":"skip"})");
  host::Producer again({table, table});
  EXPECT_EQ(skipping.append_stream(again.open()), TS_OK);
  EXPECT_NE(skipping.problems().find(R"("refused":2)"), std::string::npos);
}

TEST(ArrowSchema, IsNotReadWhereNoColumnHasTheName) {
  ArrowData list{"+l", "a list", 1, 0, 0, {}, {}, {}};
  Handle report("ekvio.errors");
  host::Producer producer({host::table({integers("code"), list})});
  EXPECT_EQ(report.append_stream(producer.open()), TS_ROW_REFUSED);
  EXPECT_STREQ(report.error.message, "no column is named a list");
}

TEST(ArrowSchema, MayHaveTheIndexOfADataFrame) {
  Handle report("ekvio.errors");
  host::Producer producer({host::table(
      {integers("__index_level_0__"), integers("code"), words("field"), words("message"), integers("__index_level_1__")})});
  EXPECT_EQ(report.append_stream(producer.open()), TS_OK) << report.error.message;
  Handle other("ekvio.errors");
  host::Producer again({host::table({integers("__index_level"), integers("code"), words("field"), words("message")})});
  EXPECT_EQ(other.append_stream(again.open()), TS_ROW_REFUSED);
}

TEST(ArrowSchema, WithANameTwiceIsRefused) {
  expect_refused("ekvio.errors", host::table({integers("code"), words("field"), words("code")}), 0,
                 "the Arrow schema has two columns named code");
}

TEST(ArrowSchema, WithATypeThatNoCellIsMadeOfIsRefusedByName) {
  struct Refused {
    const char* format;
    const char* name;
  };
  for (const Refused& type : {Refused{"z", "binary"},
                              {"Z", "large_binary"},
                              {"vz", "binary_view"},
                              {"w:16", "fixed_size_binary"},
                              {"tts", "time32"},
                              {"ttm", "time32"},
                              {"ttu", "time64"},
                              {"ttn", "time64"},
                              {"tiM", "interval"},
                              {"tiD", "interval"},
                              {"tin", "interval"},
                              {"+l", "list"},
                              {"+L", "large_list"},
                              {"+vl", "list_view"},
                              {"+vL", "large_list_view"},
                              {"+w:2", "fixed_size_list"},
                              {"+s", "struct"},
                              {"+m", "map"},
                              {"+ud:0,1", "dense_union"},
                              {"+us:0,1", "sparse_union"},
                              {"+r", "run_end_encoded"},
                              {"", "unknown"},
                              {"x", "unknown"},
                              {"ll", "unknown"},
                              {"tsx:", "unknown"},
                              {"d:", "decimal of unknown form"},
                              {"d:1", "decimal of unknown form"},
                              {"d:1,", "decimal of unknown form"},
                              {"d:0,1", "decimal of unknown form"},
                              {"d:1,1,65", "decimal of unknown form"},
                              {"d:1,1,64,", "decimal of unknown form"},
                              {"d:1,4097", "decimal of unknown form"},
                              {"d:1,-99999999999", "decimal of unknown form"},
                              {"d:x,1", "decimal of unknown form"}}) {
    ArrowData column{type.format, "field", 1, 0, 0, {}, {}, {}};
    expect_refused("ekvio.errors", host::table({integers("code"), column}), 1,
                   std::string("field cannot come from an Arrow column of type ") + type.name);
    ArrowData of = host::dictionary(host::figures<int8_t>("c", "field", {0}), column);
    expect_refused("ekvio.errors", host::table({integers("code"), of}), 1,
                   std::string("field cannot come from an Arrow column of type dictionary of ") + type.name);
  }
}

TEST(ArrowSchema, WithATypeThatTheColumnCannotMeanIsRefusedByName) {
  struct Type {
    const char* format;
    const char* name;
    std::vector<const char*> serves;
  };
  const std::vector<const char*> columns = {"user_id", "fio", "user_status", "start_time", "total_time"};
  for (const Type& type : {Type{"tdD", "date32", {}}, Type{"tdm", "date64", {}}, Type{"tss:", "timestamp without a zone", {}},
                           Type{"tsn:UTC", "timestamp with a zone", {"start_time"}}, Type{"tDu", "duration", {"total_time"}},
                           Type{"d:9,2", "decimal", {"user_id", "start_time", "total_time"}}}) {
    for (const char* name : columns) {
      const bool serves = std::find_if(type.serves.begin(), type.serves.end(),
                                       [&](const char* one) { return std::string_view(one) == name; }) != type.serves.end();
      ArrowData column{type.format, name, 0, 0, 0, {std::nullopt, std::string(32, '\0')}, {}, {}};
      Handle report("ekvio.trainings_statistic");
      host::Producer producer({host::table({column})});
      EXPECT_EQ(report.append_stream(producer.open()), serves ? TS_OK : TS_INVALID_ARGUMENT) << name << type.name;
      if (!serves) {
        EXPECT_EQ(report.error.message, std::string(name) + " cannot come from an Arrow column of type " + type.name);
      }
    }
  }
}

TEST(ArrowSchema, OfOtherThanAStructIsRefused) {
  expect_refused("ekvio.errors", integers("code"), -1, "the Arrow schema is no struct, whose children would be the columns");
  ArrowData listed = host::table({integers("code")});
  listed.format = "+l";
  expect_refused("ekvio.errors", listed, -1, "the Arrow schema is no struct, whose children would be the columns");
  expect_refused("ekvio.errors", host::dictionary(integers("code"), host::table({})), -1,
                 "the Arrow schema is no struct, whose children would be the columns");
}

TEST(ArrowSchema, WithADictionaryInADictionaryOrWithoutIndicesIsRefused) {
  const ArrowData inner = host::dictionary(integers("", 0), words(""));
  expect_refused("ekvio.errors", host::table({host::dictionary(integers("field", 0), inner)}), 1,
                 "field cannot come from an Arrow column of type dictionary of dictionary");
  expect_refused("ekvio.errors", host::table({host::dictionary(words("field"), words(""))}), 1,
                 "the Arrow schema has a malformed dictionary in the column field");
}

TEST(ArrowSchema, OfTypesThatMeanOtherCellsIsJudgedRowByRow) {
  Handle report("ekvio.errors");
  host::Producer producer({host::table({words("code", "five"), words("field"), words("message")})});
  EXPECT_EQ(report.append_stream(producer.open()), TS_ROW_REFUSED);
  EXPECT_STREQ(report.error.message, "code must be an integer");
  EXPECT_EQ(report.error.column, 0);
}

}  // namespace
