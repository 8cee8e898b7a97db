// Every allocation of a scenario fails once, and then it and all that follow it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

#include "fault/failing_memory.hpp"
#include "fault/trial.hpp"

namespace fault {

/// Where two transcripts part, a few lines of it; empty where they do not.
inline std::string difference(const std::string& found, const std::string& expected) {
  const auto parting = std::ranges::mismatch(found, expected);
  if (parting.in1 == found.end() && parting.in2 == expected.end()) return {};
  constexpr std::size_t most = 200;
  const std::string there(parting.in1, found.end());
  const std::string here(parting.in2, expected.end());
  const std::string before(found.begin(), parting.in1);
  return "..." + before.substr(before.size() - std::min(before.size(), most)) + "\n   answered: " + there.substr(0, most) +
         "\n   and undisturbed: " + here.substr(0, most);
}

/// Runs the scenario with the first allocation failing, then the second, until there is no such allocation. `after` sees the
/// finished run and whether it was given up. Gives the number of allocations.
inline std::uint64_t fail_everywhere(const std::function<void(Trial&)>& scenario, const std::function<void(bool)>& after) {
  Trial undisturbed(false);
  scenario(undisturbed);
  after(false);
  const std::int64_t live = memory::live_blocks();
  std::uint64_t most = 0;
  for (const memory::Failing how : {memory::Failing::once, memory::Failing::from_there}) {
    for (const bool gives_up : {false, true}) {
      bool has_failed = true;
      std::uint64_t n = 0;
      while (has_failed) {
        Trial trial(gives_up);
        memory::fail_at(++n, how);
        try {
          scenario(trial);
        } catch (const Trial::GivenUp&) {
        }
        has_failed = memory::give_back();
        const std::string place = "allocation " + std::to_string(n) +
                                  (how == memory::Failing::once ? "" : " and all behind it") +
                                  (gives_up ? ", given up" : ", tried again");
        // A run that was given up has the beginning of the transcript.
        if (gives_up && has_failed) {
          const std::string beginning = undisturbed.transcript().substr(0, trial.transcript().size());
          EXPECT_EQ(difference(trial.transcript(), beginning), "") << place;
        } else {
          EXPECT_EQ(difference(trial.transcript(), undisturbed.transcript()), "") << place;
        }
        EXPECT_EQ(memory::live_blocks(), live) << place;
        after(gives_up && trial.transcript() != undisturbed.transcript());
        if (testing::Test::HasFailure()) return most;
      }
      most = std::max(most, n - 1);
    }
  }
  return most;
}

inline void nothing(bool) {}

}  // namespace fault
