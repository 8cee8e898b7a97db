// What the tests of reports on files share: a directory, and both ways in which a file waits for its place.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "abi/handle.hpp"
#include "fault/error_rows.hpp"
#include "fault/in_child.hpp"
#include "fault/openings.hpp"
#include "fault/scratch.hpp"

namespace fault {

enum class Way {
  without_a_name,        // O_TMPFILE
  under_a_private_name,  // where the file system has no such files
};

inline void PrintTo(Way way, std::ostream* out) {
  *out << (way == Way::without_a_name ? "without a name" : "under a private name");
}

inline std::string name_of(const testing::TestParamInfo<Way>& info) {
  return info.param == Way::without_a_name ? "WithoutAName" : "UnderAPrivateName";
}

class FileReport : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override { openings::refuse_unnamed_files(GetParam() == Way::under_a_private_name); }
  void TearDown() override { openings::refuse_unnamed_files(false); }

  static std::string options_for(const std::string& path) { return nlohmann::json{{"file", path}}.dump(); }

  /// Opens a report on a path, in the scratch directory where it is only a name.
  host::Handle open(const std::string& name) const {
    return host::Handle("ekvio.errors", options_for(name.find('/') == std::string::npos ? scratch_.path(name) : name));
  }

  /// Writes one document from beginning to end.
  static void write(host::Handle& report, const ErrorRows& rows) {
    ASSERT_NE(report.raw(), nullptr) << report.error.message;
    ASSERT_EQ(rows.append_to(report), TS_OK) << report.error.message;
    std::string rest = "?";
    ASSERT_EQ(report.build(rest), TS_OK) << report.error.message;
    EXPECT_EQ(rest, "");
  }

  static void expect_failure(const host::Handle& report, int reason) {
    EXPECT_EQ(report.error.status, TS_FILE_FAILED);
    EXPECT_EQ(report.error.detail, reason) << report.error.message;
    EXPECT_EQ(report.error.row, -1);
    EXPECT_EQ(report.error.column, -1);
  }

  /// A path that is refused, with its reason.
  void expect_refused(const std::string& path, int reason) const {
    const host::Handle report = open(path);
    EXPECT_EQ(report.raw(), nullptr) << path;
    expect_failure(report, reason);
  }

  using Names = std::vector<std::string>;

  const Scratch scratch_;
  const ErrorRows rows_{3, 20, 'n'};
};

}  // namespace fault
