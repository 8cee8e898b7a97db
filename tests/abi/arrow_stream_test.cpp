// Streams: whose they are, where they end, and what is kept when they end badly.
#include <gtest/gtest.h>

#include <cerrno>

#include "abi/arrow.hpp"
#include "abi/handle.hpp"

namespace {

using host::ArrowData;
using host::Handle;
using host::Producer;

/// Rows of ekvio.errors with these codes.
ArrowData errors(const std::vector<std::optional<int64_t>>& codes) {
  const host::Texts texts(codes.size(), "x");
  return host::table(
      {host::figures<int64_t>("l", "code", codes), host::texts("u", "field", texts), host::texts("vu", "message", texts)});
}

std::string document_of(const std::vector<int>& codes) {
  std::string document;
  for (const int code : codes) {
    document +=
        (document.empty() ? "" : ",") + std::string(R"({"code":)") + std::to_string(code) + R"(,"field":"x","message":"x"})";
  }
  return R"({"errors":[)" + document + "]}";
}

TEST(ArrowStream, OfManyTablesGivesAllTheirRows) {
  Handle report("ekvio.errors");
  Producer producer({errors({1, 2}), errors({}), errors({3}), errors({}), errors({4, 5, 6})});
  uint64_t accepted = 9;
  ASSERT_EQ(report.append_stream(producer.open(), accepted), TS_OK) << report.error.message;
  EXPECT_EQ(accepted, 6U);
  EXPECT_EQ(producer.stream.release, nullptr);
  EXPECT_EQ(producer.returned, producer.given);
  EXPECT_EQ(report.built(), document_of({1, 2, 3, 4, 5, 6}));
}

TEST(ArrowStream, OfNoTablesGivesNoRows) {
  Handle report("ekvio.errors");
  Producer producer(errors({}), {});
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_stream(producer.open(), accepted), TS_OK);
  EXPECT_EQ(accepted, 0U);
  EXPECT_EQ(producer.returned, producer.given);
}

TEST(ArrowStream, WithoutColumnsGivesRowsOfAbsentCells) {
  Handle report("ekvio.integration");
  Producer producer({host::table({}, 2)});
  EXPECT_EQ(report.append_stream(producer.open()), TS_ROW_REFUSED);
  EXPECT_STREQ(report.error.message, "id is required");
  Handle none("eloomi.error");
  Producer one({host::table({}, 1)});
  EXPECT_EQ(none.append_stream(one.open()), TS_ROW_REFUSED);
  EXPECT_STREQ(none.error.message, "eloomi.error takes no rows");
}

TEST(ArrowStream, StopsAtARefusedRowAndIsReleased) {
  Handle report("ekvio.errors");
  Producer producer({errors({1}), errors({2, std::nullopt, 3}), errors({4})});
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_stream(producer.open(), accepted), TS_ROW_REFUSED);
  EXPECT_EQ(accepted, 2U);
  EXPECT_EQ(report.error.row, 2);
  EXPECT_EQ(report.error.column, 0);
  EXPECT_EQ(producer.asked, 2);
  EXPECT_EQ(producer.stream.release, nullptr);
  EXPECT_EQ(producer.returned, producer.given);
  EXPECT_EQ(report.built(), document_of({1, 2}));
}

TEST(ArrowStream, GoesOnBehindARefusedRowUnderSkip) {
  Handle report("ekvio.errors", R"({"on_refused":"skip"})");
  Producer producer({errors({1}), errors({2, std::nullopt, 3}), errors({4})});
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_stream(producer.open(), accepted), TS_OK);
  EXPECT_EQ(accepted, 4U);
  EXPECT_EQ(report.problems(),
            R"({"accepted":4,"refused":1,"problems":[{"row":2,"column":"code","message":"code must not be null"}]})");
  EXPECT_EQ(report.built(), document_of({1, 2, 3, 4}));
}

TEST(ArrowStream, IsReleasedWhateverIsAnswered) {
  Handle built("ekvio.errors");
  Producer first({errors({1})});
  ASSERT_EQ(built.append_stream(first.open()), TS_OK);
  built.built();
  Producer late({errors({1})});
  EXPECT_EQ(built.append_stream(late.open()), TS_REPORT_FINISHED);
  EXPECT_EQ(late.stream.release, nullptr);
  EXPECT_EQ(late.returned, late.given);

  Producer unheard({errors({1})});
  ts_error error{};
  EXPECT_EQ(ts_stream_append(nullptr, unheard.open(), nullptr, &error), TS_INVALID_ARGUMENT);
  EXPECT_EQ(unheard.stream.release, nullptr);
  EXPECT_EQ(unheard.returned, unheard.given);
}

TEST(ArrowStream, ThatIsNoneIsRefused) {
  Handle report("ekvio.errors");
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_stream(nullptr, accepted), TS_INVALID_ARGUMENT);
  EXPECT_EQ(accepted, 0U);
  EXPECT_STREQ(report.error.message, "stream is NULL or longer than memory");
  ArrowArrayStream released{};
  EXPECT_EQ(report.append_stream(&released), TS_INVALID_ARGUMENT);
  EXPECT_STREQ(report.error.message, "the Arrow stream is released");
  for (const bool has_schema : {false, true}) {
    Producer producer({errors({1})});
    ArrowArrayStream* stream = producer.open();
    (has_schema ? reinterpret_cast<void*&>(stream->get_next) : reinterpret_cast<void*&>(stream->get_schema)) = nullptr;
    EXPECT_EQ(report.append_stream(stream), TS_INVALID_ARGUMENT);
    EXPECT_EQ(producer.returned, producer.given);
  }
  EXPECT_EQ(report.problems(), R"({"accepted":0,"refused":0,"problems":[]})");
}

TEST(ArrowStream, WhoseProducerFailsKeepsTheRowsBeforeAndNotTheProducersWords) {
  Handle report("ekvio.errors");
  Producer producer({errors({1, 2})});
  producer.next_error = EIO;
  uint64_t accepted = 9;
  EXPECT_EQ(report.append_stream(producer.open(), accepted), TS_STREAM_FAILED);
  EXPECT_EQ(report.error.detail, EIO);
  EXPECT_EQ(report.error.row, -1);
  EXPECT_STREQ(report.error.message, "the producer of the Arrow stream failed with error 5");
  EXPECT_EQ(accepted, 2U);
  EXPECT_EQ(producer.returned, producer.given);

  Producer dumb({errors({1})});
  dumb.schema_error = ENOMEM;
  EXPECT_EQ(report.append_stream(dumb.open(), accepted), TS_STREAM_FAILED);
  EXPECT_EQ(report.error.detail, ENOMEM);
  EXPECT_EQ(accepted, 0U);
  EXPECT_EQ(dumb.returned, dumb.given);
  EXPECT_EQ(report.built(), document_of({1, 2}));
}

TEST(ArrowStream, WithARowThatIsNullAsAWholeIsRefusedFromThereOn) {
  for (const char* options : {"", R"({"on_refused":"skip"})"}) {
    ArrowData table = errors({1, 2, 3});
    table.buffers[0] = host::bits_of({true, false, true});
    for (const int64_t count : {1, -1, 0}) {
      table.null_count = count;
      Handle report("ekvio.errors", options);
      Producer producer({table});
      EXPECT_EQ(report.append_stream(producer.open()), TS_BATCH_MALFORMED);
      EXPECT_STREQ(report.error.message, "the Arrow array is malformed: a row is null");
      EXPECT_EQ(report.error.row, 1);
      EXPECT_EQ(report.built(), document_of({1}));
    }
  }
}

TEST(ArrowStream, MayBeReadBetween) {
  Handle report("ekvio.errors");
  std::string document;
  for (int64_t code = 0; code < 3; ++code) {
    Producer producer({errors({code})});
    ASSERT_EQ(report.append_stream(producer.open()), TS_OK);
    ASSERT_EQ(report.read(1000, document), TS_OK);
  }
  EXPECT_EQ(document + report.built(), document_of({0, 1, 2}));
}

TEST(ArrowArrayRows, AreAppendedFromWhereAHostSays) {
  const host::ArrowPair pair(host::sliced(errors({1, 2, 3, 4, 5}), 3));
  Handle report("ekvio.errors");
  uint64_t accepted = 9;
  const auto append = [&](int64_t first, int64_t count) {
    return ts_array_append(report.raw(), &pair.schema, &pair.array, first, count, &accepted, &report.error);
  };
  EXPECT_EQ(append(3, 2), TS_OK);
  EXPECT_EQ(accepted, 2U);
  EXPECT_EQ(append(0, 1), TS_OK);
  EXPECT_EQ(accepted, 1U);
  EXPECT_EQ(append(5, 0), TS_OK);
  EXPECT_EQ(append(1, 2), TS_OK);
  for (const auto& [first, count] : std::initializer_list<std::pair<int64_t, int64_t>>{
           {0, 6}, {5, 1}, {6, 0}, {-1, 1}, {0, -1}, {INT64_MAX, INT64_MAX}, {1, INT64_MAX}, {INT64_MIN, INT64_MIN}}) {
    EXPECT_EQ(append(first, count), TS_INVALID_ARGUMENT) << first << ' ' << count;
    EXPECT_STREQ(report.error.message, "the Arrow array has no such rows");
    EXPECT_EQ(accepted, 0U);
  }
  EXPECT_EQ(report.built(), document_of({4, 5, 1, 2, 3}));
  EXPECT_EQ(append(0, 1), TS_REPORT_FINISHED);
  EXPECT_NE(pair.array.release, nullptr);
}

TEST(ArrowArrayRows, OfNoArrayLookAtTheSchemaAlone) {
  const host::ArrowPair good(errors({1}));
  const host::ArrowPair bad(host::table({host::texts("u", "code", {"x"}), host::texts("u", "code", {"x"})}));
  Handle report("ekvio.errors");
  const auto append = [&](const ArrowSchema* schema) {
    return ts_array_append(report.raw(), schema, nullptr, 0, 0, nullptr, &report.error);
  };
  EXPECT_EQ(append(&good.schema), TS_OK);
  EXPECT_EQ(append(&bad.schema), TS_INVALID_ARGUMENT);
  EXPECT_EQ(append(nullptr), TS_INVALID_ARGUMENT);
  EXPECT_EQ(ts_array_append(nullptr, &good.schema, nullptr, 0, 0, nullptr, nullptr), TS_INVALID_ARGUMENT);
}

}  // namespace
