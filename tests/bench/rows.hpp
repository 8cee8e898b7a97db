// Rows as a real site has them, made the same at each run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "abi/cells.hpp"

namespace bench {

/// One learner's row of ekvio.trainings_statistic, as values.
struct Learner {
  int64_t user = 0;
  int64_t material = 0;
  std::string name;
  std::string login;
  std::string course;
  std::string region;
  int64_t started = 0;
  int64_t seconds = 0;
  int64_t percent = 0;
  bool is_active = true;
};

/// `count` learners who differ.
std::vector<Learner> learners(std::size_t count);

/// The row's cells; borrows the learner's texts.
void to_cells(const Learner& learner, host::Row& cells);

/// The bytes that a plain RapidJSON Writer makes of the same rows, nothing checked: the keys, order and values of the format.
std::string written_plainly(const std::vector<Learner>& rows);

}  // namespace bench
