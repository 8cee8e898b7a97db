// How long participants of eloomi's take to write, whose cells are moments, dates and decimals: by the library, loaded, and by RapidJSON,
// which checks nothing, from the same cells to the same bytes.
//
//   participants ROUNDS NAME=LIBRARY...
//
// Prints JSON: nanoseconds a row by name, medians of interleaved rounds of twenty different reports of 1,000 rows.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "bench/clock.hpp"
#include "bench/moment_text.hpp"
#include "bench/report.hpp"

namespace {

constexpr std::size_t width = 13;
constexpr std::size_t reports = 20;
constexpr std::size_t rows = 1000;
constexpr std::string_view states[] = {"completed", "not_started", "started"};

using Cells = std::vector<ts_value>;

/// As a site has them: moments as Unix seconds, nulls where nothing has happened yet, scores as numbers.
Cells cells_of_report(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t limit) { return static_cast<std::int64_t>(random() % limit); };
  Cells cells;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto state = static_cast<std::size_t>(below(3));
    const std::int64_t assigned = 1600000000 + below(100000000);
    ts_value score{};
    score.kind = TS_NUMBER;
    score.value.number = static_cast<double>(below(10001)) / 100;
    const auto moment_if = [&](bool is_there) { return is_there ? host::integer(assigned + below(5000000)) : host::null(); };
    cells.insert(cells.end(),
                 {host::integer(assigned), host::integer(below(4)), moment_if(state == 0), host::integer(below(500)),
                  moment_if(below(3) > 0), host::integer(state == 0 ? 100 : below(100)), moment_if(below(4) == 0),
                  host::integer(below(2)), score, moment_if(state != 1), host::text(states[state]), host::integer(below(90000)),
                  host::integer(static_cast<std::int64_t>(1000 + row))});
  }
  return cells;
}

class RapidJson {
 public:
  std::string_view write(const Cells& cells) {
    buffer_.Clear();
    Json writer(buffer_);
    writer.StartObject();
    writer.Key("data");
    writer.StartArray();
    for (std::size_t at = 0; at < cells.size(); at += width) write_row(writer, &cells[at]);
    writer.EndArray();
    writer.Key("extended_message");
    writer.Null();
    writer.Key("message");
    writer.Null();
    writer.Key("status");
    writer.String("OK");
    writer.Key("status_code");
    writer.Int(200);
    writer.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  using Json = rapidjson::Writer<rapidjson::StringBuffer>;

  static void write_row(Json& writer, const ts_value* cells) {
    writer.StartObject();
    moment(writer, "assigned_at", cells[0], bench::MomentText::size_of_local);
    integer(writer, "attempts", cells[1]);
    moment(writer, "completed_at", cells[2], bench::MomentText::size_of_local);
    integer(writer, "course_id", cells[3]);
    moment(writer, "deadline", cells[4], bench::MomentText::size_of_date);
    integer(writer, "progress", cells[5]);
    moment(writer, "renewal_at", cells[6], bench::MomentText::size_of_local);
    integer(writer, "required", cells[7]);
    writer.Key("score");
    char score[32];
    string(writer, {score, std::to_chars(score, score + sizeof score, cells[8].value.number, std::chars_format::fixed, 2).ptr});
    moment(writer, "started_at", cells[9], bench::MomentText::size_of_local);
    writer.Key("status");
    string(writer, {cells[10].value.text, cells[10].length});
    integer(writer, "time_spent", cells[11]);
    integer(writer, "user_id", cells[12]);
    writer.EndObject();
  }
  static void integer(Json& writer, const char* key, const ts_value& cell) {
    writer.Key(key);
    writer.Int64(cell.value.integer);
  }
  static void moment(Json& writer, const char* key, const ts_value& cell, std::size_t size) {
    writer.Key(key);
    if (cell.kind == TS_NULL) {
      writer.Null();
    } else {
      string(writer, bench::MomentText(cell.value.integer, ' ').view().substr(0, size));
    }
  }
  static void string(Json& writer, std::string_view text) {
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }

  rapidjson::StringBuffer buffer_;
};

/// Writes a document, valid until the next call.
struct Writer {
  std::string name;
  std::function<std::string_view(const Cells&)> write;
  std::vector<double> nanoseconds;  // of a row, by round
};

Writer by_cells(std::string name, const bench::Library& library) {
  return {std::move(name),
          [&library, report = std::make_shared<std::optional<bench::Report>>()](const Cells& cells) {
            report->emplace(library, "eloomi.participants", R"({"extended_mode":true})");
            for (std::size_t at = 0; at < cells.size(); at += width) (*report)->append({&cells[at], width});
            return (*report)->build();
          },
          {}};
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) bench::fail("usage: participants ROUNDS NAME=LIBRARY...");
  std::vector<Cells> all;
  for (std::size_t seed = 0; seed < reports; ++seed) all.push_back(cells_of_report(seed));
  RapidJson peer;
  std::deque<bench::Library> libraries;  // longer than their reports
  std::vector<Writer> writers = {{"RapidJSON", [&](const Cells& cells) { return peer.write(cells); }, {}}};
  for (int place = 2; place < count; ++place) {
    const std::string given = arguments[place];
    const std::size_t end = given.find('=');
    writers.push_back(by_cells(given.substr(0, end), libraries.emplace_back(given.substr(end + 1).c_str())));
    if (writers.back().write(all.front()) != peer.write(all.front())) bench::fail("the writers disagree");
  }
  for (auto rounds = std::strtoull(arguments[1], nullptr, 10); rounds > 0; --rounds) {
    for (Writer& writer : writers) {
      const double begin = bench::seconds_of_thread();
      for (const Cells& cells : all) writer.write(cells);
      writer.nanoseconds.push_back((bench::seconds_of_thread() - begin) * 1e9 / (reports * rows));
    }
  }
  for (Writer& writer : writers) {
    std::ranges::sort(writer.nanoseconds);
    std::printf("%s\"%s\": %.3f", &writer == writers.data() ? "{" : ", ", writer.name.c_str(),
                writer.nanoseconds[writer.nanoseconds.size() / 2]);
  }
  std::puts("}");
  return 0;
}
