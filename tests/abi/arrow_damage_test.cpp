// Arrow structures that lie: every field of every structure, one at a time.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "abi/arrow.hpp"
#include "abi/handle.hpp"
#include "abi/memory_of_process.hpp"

namespace {

using host::ArrowData;
using host::Handle;
using host::Producer;

constexpr int64_t rows = 70;  // more than are read at once

/// Long texts, so that views have buffers, and a dictionary; the columns of ekvio.errors.
ArrowData sample(const char* texts) {
  std::vector<std::optional<int64_t>> codes;
  host::Texts fields;
  std::vector<std::optional<int16_t>> indices;
  for (int64_t row = 0; row < rows; ++row) {
    codes.push_back(row);
    fields.push_back("the field number " + std::to_string(row));
    indices.push_back(static_cast<int16_t>(row % 2));
  }
  ArrowData table =
      host::table({host::figures<int64_t>("l", "code", codes), host::texts(texts, "field", fields),
                   host::dictionary(host::figures<int16_t>("s", "message", indices),
                                    host::texts(texts, "", {"a message that is long enough", "and another one of its kind"}))});
  return host::sliced(std::move(table), 5);
}

enum Place : std::size_t { code, field, message };

constexpr const char* text_formats[] = {"u", "U", "vu"};

struct Damage {
  const char* what;
  std::function<void(ArrowArray&)> done;
};

/// All that can be seen before the first row.
void expect_malformed(const char* texts, const Damage& damage) {
  for (const char* options : {"", R"({"on_refused":"skip"})"}) {
    SCOPED_TRACE(std::string(damage.what) + " in " + texts);
    Handle report("ekvio.errors", options);
    Producer producer({sample(texts), sample(texts), sample(texts)});
    producer.on_array = [&](ArrowArray& array) {
      if (producer.asked == 2) damage.done(array);
    };
    uint64_t accepted = 9;
    EXPECT_EQ(report.append_stream(producer.open(), accepted), TS_BATCH_MALFORMED);
    EXPECT_TRUE(std::string_view(report.error.message).starts_with("the Arrow array is malformed: ")) << report.error.message;
    EXPECT_EQ(accepted, static_cast<uint64_t>(rows));
    EXPECT_EQ(report.error.row, rows);
    EXPECT_EQ(report.error.column, -1);
    EXPECT_EQ(producer.asked, 2);
    EXPECT_EQ(producer.returned, producer.given);
    Producer good({sample(texts)});
    EXPECT_EQ(report.append_stream(good.open()), TS_OK);
    EXPECT_NE(report.problems().find(R"("accepted":140,"refused":1,)"), std::string::npos) << report.problems();
  }
}

constexpr int64_t most = std::numeric_limits<int64_t>::max();
constexpr int64_t least = std::numeric_limits<int64_t>::min();

TEST(DamagedArrow, LengthsAndOffsetsAreFound) {
  for (const char* texts : text_formats) {
    for (const auto& [name, of] : std::initializer_list<std::pair<const char*, std::function<ArrowArray&(ArrowArray&)>>>{
             {"the table", [](ArrowArray& array) -> ArrowArray& { return array; }},
             {"figures", [](ArrowArray& array) -> ArrowArray& { return *array.children[code]; }},
             {"texts", [](ArrowArray& array) -> ArrowArray& { return *array.children[field]; }},
             {"indices", [](ArrowArray& array) -> ArrowArray& { return *array.children[message]; }},
             {"words", [](ArrowArray& array) -> ArrowArray& { return *array.children[message]->dictionary; }}}) {
      const auto& part = of;  // which a lambda may capture, unlike a binding's name with clang 14
      for (const int64_t length : {int64_t{-1}, least, most, most / 2}) {
        expect_malformed(texts, {name, [&](ArrowArray& array) { part(array).length = length; }});
      }
      for (const int64_t offset : {int64_t{-1}, least, most, most - rows, int64_t{1} << 60}) {
        expect_malformed(texts, {name, [&](ArrowArray& array) { part(array).offset = offset; }});
      }
      for (const int64_t count : {int64_t{-2}, least, most}) {
        expect_malformed(texts, {name, [&](ArrowArray& array) { part(array).null_count = count; }});
      }
      for (const int64_t count : {int64_t{0}, int64_t{-1}, least}) {
        expect_malformed(texts, {name, [&](ArrowArray& array) { part(array).n_buffers = count; }});
      }
      expect_malformed(texts, {name, [&](ArrowArray& array) { part(array).buffers = nullptr; }});
      for (const int64_t count : {int64_t{-1}, int64_t{1}, most, least}) {
        expect_malformed(texts, {name, [&](ArrowArray& array) { part(array).n_children = count; }});
      }
    }
  }
}

TEST(DamagedArrow, PartsThatAreMissingOrTooManyAreFound) {
  for (const char* texts : text_formats) {
    for (const Damage& damage : std::initializer_list<Damage>{
             {"no children", [](ArrowArray& array) { array.children = nullptr; }},
             {"fewer children", [](ArrowArray& array) { array.n_children = 2; }},
             {"a child is null", [](ArrowArray& array) { array.children[field] = nullptr; }},
             {"a child is released", [](ArrowArray& array) { array.children[field]->release = nullptr; }},
             {"a child is short", [](ArrowArray& array) { array.children[code]->length = rows + 4; }},
             {"texts are short", [](ArrowArray& array) { array.children[field]->length = rows + 4; }},
             {"indices are short", [](ArrowArray& array) { array.children[message]->length = rows + 4; }},
             {"a slice beyond its children", [](ArrowArray& array) { array.offset = 6; }},
             {"a longer table", [](ArrowArray& array) { array.length = rows + 1; }},
             {"no dictionary", [](ArrowArray& array) { array.children[message]->dictionary = nullptr; }},
             {"a dictionary is released", [](ArrowArray& array) { array.children[message]->dictionary->release = nullptr; }},
             {"a dictionary where none is",
              [](ArrowArray& array) { array.children[code]->dictionary = array.children[field]; }},
             {"a table with a dictionary", [](ArrowArray& array) { array.dictionary = array.children[field]; }},
             {"a dictionary in a dictionary",
              [](ArrowArray& array) { array.children[message]->dictionary->dictionary = array.children[field]; }},
             {"no figures", [](ArrowArray& array) { array.children[code]->buffers[1] = nullptr; }},
             {"no offsets", [](ArrowArray& array) { array.children[field]->buffers[1] = nullptr; }},
             {"no texts", [](ArrowArray& array) { array.children[field]->buffers[2] = nullptr; }},
             {"no indices", [](ArrowArray& array) { array.children[message]->buffers[1] = nullptr; }},
             {"no words", [](ArrowArray& array) { array.children[message]->dictionary->buffers[2] = nullptr; }},
             {"nulls without a bitmap", [](ArrowArray& array) { array.children[code]->null_count = 1; }},
             {"null rows without a bitmap", [](ArrowArray& array) { array.null_count = 1; }},
             {"one buffer more", [](ArrowArray& array) { array.children[code]->n_buffers = 3; }},
             {"one buffer less", [](ArrowArray& array) { array.children[field]->n_buffers = 2; }},
             {"a table with two buffers", [](ArrowArray& array) { array.n_buffers = 2; }}}) {
      expect_malformed(texts, damage);
    }
  }
}

TEST(DamagedArrow, BuffersOfViewsAreFound) {
  const auto sizes = [](ArrowArray& array) {
    return const_cast<char*>(static_cast<const char*>(array.children[field]->buffers[4]));
  };
  const auto set = [&](ArrowArray& array, int64_t size) { std::memcpy(sizes(array) + 8, &size, sizeof size); };
  for (const Damage& damage :
       std::initializer_list<Damage>{{"no sizes", [](ArrowArray& array) { array.children[field]->buffers[4] = nullptr; }},
                                     {"a negative size", [&](ArrowArray& array) { set(array, -1); }},
                                     {"the least size", [&](ArrowArray& array) { set(array, least); }},
                                     {"more buffers than can be named",
                                      [](ArrowArray& array) { array.children[field]->n_buffers = int64_t{1} << 40; }}}) {
    expect_malformed("vu", damage);
  }
}

/// What is seen only when a value is read: the rows before it are taken.
void expect_malformed_from(int64_t row, const ArrowData& table) {
  for (const char* options : {"", R"({"on_refused":"skip"})"}) {
    Handle report("ekvio.errors", options);
    Producer producer({table});
    uint64_t accepted = 9;
    EXPECT_EQ(report.append_stream(producer.open(), accepted), TS_BATCH_MALFORMED);
    EXPECT_EQ(accepted, static_cast<uint64_t>(row)) << report.error.message;
    EXPECT_EQ(report.error.row, row);
    EXPECT_EQ(producer.returned, producer.given);
  }
}

template <class Figure>
void put(ArrowData& data, std::size_t buffer, std::size_t place, Figure figure) {
  std::memcpy(data.buffers[buffer]->data() + place * sizeof figure, &figure, sizeof figure);
}

template <class Offset>
void expect_offsets_checked(const char* format) {
  using Limits = std::numeric_limits<Offset>;
  for (const Offset wrong : {Offset{-1}, Limits::min(), Limits::max(), Offset{1 << 20}, Offset{0}}) {
    for (const int64_t row : {2, 32, 63, 64, 65, 69}) {
      ArrowData table = sample(format);
      // The end of the row before it, and its own begin; at the end of the slice: behind it.
      put<Offset>(table.children[field], 1, static_cast<std::size_t>(5 + row), wrong);
      expect_malformed_from(row - 1, table);
    }
    ArrowData begin = sample(format);
    put<Offset>(begin.children[field], 1, 5, wrong);
    if (wrong < 0 || wrong > 10000) expect_malformed_from(0, begin);
    ArrowData end = sample(format);
    put<Offset>(end.children[field], 1, 5 + rows, wrong);
    if (wrong < 0) expect_malformed_from(0, end);
  }
}

TEST(DamagedArrow, OffsetsOfTextsAreChecked) {
  expect_offsets_checked<int32_t>("u");
  expect_offsets_checked<int64_t>("U");
}

TEST(DamagedArrow, ViewsAreChecked) {
  constexpr int32_t longest = std::numeric_limits<int32_t>::max();
  struct Lie {
    std::size_t figure;  // of the four of a view
    int32_t value;
  };
  for (const Lie& lie : {Lie{0, -1}, Lie{0, std::numeric_limits<int32_t>::min()}, Lie{0, longest}, Lie{0, 3000}, Lie{2, -1},
                         Lie{2, 2}, Lie{2, longest}, Lie{3, -1}, Lie{3, longest}, Lie{3, 3000}}) {
    for (const int64_t row : {0, 1, 32, 63, 64, 65, 69}) {
      ArrowData table = sample("vu");
      put<int32_t>(table.children[field], 1, static_cast<std::size_t>(5 + row) * 4 + lie.figure, lie.value);
      expect_malformed_from(row, table);
    }
    ArrowData table = sample("vu");
    put<int32_t>(*table.children[message].dictionary, 1, 4 + lie.figure, lie.value);
    expect_malformed_from(1, table);
  }
}

TEST(DamagedArrow, IndicesOfADictionaryAreChecked) {
  for (const char* texts : text_formats) {
    for (const int16_t index :
         {int16_t{2}, int16_t{-1}, std::numeric_limits<int16_t>::min(), std::numeric_limits<int16_t>::max()}) {
      for (const int64_t row : {0, 1, 32, 63, 64, 65, 69}) {
        ArrowData table = sample(texts);
        put<int16_t>(table.children[message], 1, static_cast<std::size_t>(5 + row), index);
        expect_malformed_from(row, table);
      }
    }
    ArrowData empty = sample(texts);
    empty.children[message].dictionary = std::make_shared<ArrowData>(host::texts(texts, "", {}));
    expect_malformed_from(0, empty);
  }
  ArrowData wide = sample("u");
  std::vector<std::optional<uint64_t>> indices(rows + 5, 0);
  indices[5] = std::numeric_limits<uint64_t>::max();
  wide.children[message] = host::dictionary(host::figures<uint64_t>("L", "message", indices), host::texts("u", "", {"word"}));
  expect_malformed_from(0, wide);
}

TEST(DamagedArrow, WhatStandsUnderANullIsNotLookedAt) {
  for (const char* texts : text_formats) {
    ArrowData table = sample(texts);
    std::vector<bool> valid(rows + 5, true);
    valid[5 + 3] = false;
    for (const Place place : {field, message}) table.children[place].buffers[0] = host::bits_of(valid);
    put<int16_t>(table.children[message], 1, 5 + 3, -7);
    if (texts == std::string_view("vu")) {
      for (std::size_t figure = 0; figure < 4; ++figure) put<int32_t>(table.children[field], 1, (5 + 3) * 4 + figure, -7);
    }
    Handle report("ekvio.errors", R"({"on_refused":"skip"})");
    Producer producer({table});
    uint64_t accepted = 0;
    EXPECT_EQ(report.append_stream(producer.open(), accepted), TS_OK) << report.error.message;
    EXPECT_EQ(accepted, static_cast<uint64_t>(rows - 1));
  }
}

TEST(DamagedArrow, SchemasAreRefusedBeforeAnyRow) {
  struct DamagedSchema {
    const char* what;
    std::function<void(ArrowSchema&)> done;
  };
  for (const DamagedSchema& damage : std::initializer_list<DamagedSchema>{
           {"released", [](ArrowSchema& schema) { schema.release(&schema); }},
           {"no format", [](ArrowSchema& schema) { schema.format = nullptr; }},
           {"another format", [](ArrowSchema& schema) { schema.format = "l"; }},
           {"an empty format", [](ArrowSchema& schema) { schema.format = ""; }},
           {"a dictionary", [](ArrowSchema& schema) { schema.dictionary = schema.children[field]; }},
           {"no children", [](ArrowSchema& schema) { schema.children = nullptr; }},
           {"a negative number of children", [](ArrowSchema& schema) { schema.n_children = -1; }},
           {"the least number of children", [](ArrowSchema& schema) { schema.n_children = least; }},
           {"a child is null", [](ArrowSchema& schema) { schema.children[field] = nullptr; }},
           {"a child is released", [](ArrowSchema& schema) { schema.children[field]->release = nullptr; }},
           {"a child has no format", [](ArrowSchema& schema) { schema.children[field]->format = nullptr; }},
           {"a name twice", [](ArrowSchema& schema) { schema.children[field]->name = "code"; }},
           {"a dictionary is released", [](ArrowSchema& schema) { schema.children[message]->dictionary->release = nullptr; }},
           {"a dictionary has no format", [](ArrowSchema& schema) { schema.children[message]->dictionary->format = nullptr; }},
           {"a dictionary in itself",
            [](ArrowSchema& schema) { schema.children[message]->dictionary->dictionary = schema.children[message]; }},
           {"indices are no integers", [](ArrowSchema& schema) { schema.children[message]->format = "g"; }}}) {
    SCOPED_TRACE(damage.what);
    Handle report("ekvio.errors");
    Producer producer({sample("u")});
    producer.on_schema = damage.done;
    EXPECT_EQ(report.append_stream(producer.open()), TS_INVALID_ARGUMENT);
    EXPECT_EQ(report.error.row, -1);
    EXPECT_EQ(producer.asked, 0);
    EXPECT_EQ(producer.returned, producer.given);
    EXPECT_EQ(report.problems(), R"({"accepted":0,"refused":0,"problems":[]})");
  }
}

TEST(DamagedArrow, ANamelessColumnIsNone) {
  Handle report("ekvio.errors");
  Producer producer({sample("u")});
  producer.on_schema = [](ArrowSchema& schema) { schema.children[field]->name = nullptr; };
  EXPECT_EQ(report.append_stream(producer.open()), TS_ROW_REFUSED);
  EXPECT_EQ(producer.returned, producer.given);
}

TEST(DamagedArrow, AnArrayOfAnotherTypeThanTheSchemaSaysIsNotReadBeyondItsBuffers) {
  // What the schema says is what is read: fewer buffers, more children.
  for (const char* texts : text_formats) {
    for (const char* other : text_formats) {
      if (std::string_view(texts) == other || (texts[0] != 'v' && other[0] != 'v')) continue;
      Handle report("ekvio.errors");
      Producer producer(sample(texts), {sample(other)});
      const int32_t status = report.append_stream(producer.open());
      EXPECT_EQ(status, TS_BATCH_MALFORMED) << texts << " and " << other;
      EXPECT_EQ(producer.returned, producer.given);
    }
  }
}

TEST(DamagedArrow, RandomFiguresInItsBuffersNeverLeadOutsideThem) {
  std::mt19937_64 random(20240229);
  const long before = host::memory_of_process("VmPeak");
  for (int round = 0; round < 3000; ++round) {
    const char* texts = text_formats[round % 3];
    ArrowData table = sample(texts);
    ArrowData& child = round % 2 == 0 ? table.children[field] : *table.children[message].dictionary;
    const bool in_indices = round % 5 == 0;
    std::string& bytes = in_indices ? *table.children[message].buffers[1] : *child.buffers[1];
    for (int flips = 1 + round % 4; flips > 0; --flips) {
      // Not the last offset, behind which only its producer knows where the texts end.
      const std::size_t end = in_indices || texts[0] == 'v' ? bytes.size() : bytes.size() - (texts[0] == 'u' ? 4 : 8);
      bytes[random() % end] = static_cast<char>(random());
    }
    Handle report("ekvio.errors", round % 7 == 0 ? "" : R"({"on_refused":"skip"})");
    Producer producer({table, table});
    uint64_t accepted = 0;
    const int32_t status = report.append_stream(producer.open(), accepted);
    EXPECT_TRUE(status == TS_OK || status == TS_BATCH_MALFORMED || status == TS_ROW_REFUSED) << status;
    EXPECT_LE(accepted, static_cast<uint64_t>(2 * rows));
    EXPECT_EQ(producer.returned, producer.given);
  }
#ifndef __SANITIZE_ADDRESS__
  EXPECT_LT(host::memory_of_process("VmPeak") - before, 10000) << "KiB";
#else
  (void)before;
#endif
}

}  // namespace
