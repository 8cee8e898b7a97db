// Batches that lie, and what a report must make of them.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>

#include "abi/handle.hpp"
#include "abi/told_batch.hpp"

namespace host {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr int rounds_of_changes = 20000;
#else
inline constexpr int rounds_of_changes = 200000;
#endif

/// A few changes at random places: bytes, bits, cuts, pieces twice.
inline std::string changed_at_random(std::string changed, std::mt19937_64& random) {
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  for (std::size_t changes = 1 + below(4); changes > 0 && !changed.empty(); --changes) {
    switch (below(6)) {
      case 0:
        changed[below(changed.size())] = static_cast<char>(random());
        break;
      case 1:
        changed.resize(below(changed.size() + 1));
        break;
      case 2:
        changed.erase(below(changed.size()), 1 + below(8));
        break;
      case 3:
        changed.insert(below(changed.size()), 1 + below(8), static_cast<char>(below(8)));
        break;
      case 4: {
        const std::string piece = changed.substr(below(changed.size()), below(40));
        changed.insert(below(changed.size()), piece);
        break;
      }
      default: {
        const std::size_t place = below(changed.size());
        changed[place] = static_cast<char>(changed[place] ^ (1 << below(8)));
      }
    }
  }
  return changed;
}

/// Two reports, one given the batch and one given the rows that the batch tells of, cell by cell, are the same to the letter.
inline void expect_as_told(std::string_view batch, const ToldBatch& tale, const char* options) {
  Handle packed("ekvio.errors", options);
  Handle told("ekvio.errors", options);
  uint64_t accepted = 0;
  const int32_t status = packed.append_batch(batch, accepted);

  int32_t told_status = TS_OK;
  uint64_t told_accepted = 0;
  for (const Row& row : tale.rows) {
    told_status = told.append(row);
    if (told_status != TS_OK) break;
  }
  const auto counts = nlohmann::json::parse(told.problems());
  told_accepted = counts["accepted"];
  if (told_status == TS_OK && !tale.is_well_formed) {
    told_status = TS_BATCH_MALFORMED;
    ASSERT_EQ(packed.error.row, static_cast<int64_t>(tale.rows.size()));
  } else {
    ASSERT_EQ(packed.problems(), told.problems());
    ASSERT_STREQ(packed.error.message, told.error.message);
  }
  ASSERT_EQ(status, told_status);
  ASSERT_EQ(accepted, told_accepted);
  const std::string document = packed.built();
  ASSERT_EQ(document, told.built());
  ASSERT_TRUE(document.empty() || nlohmann::json::accept(document));
}

}  // namespace host
