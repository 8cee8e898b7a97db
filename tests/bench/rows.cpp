#include "bench/rows.hpp"

#include <random>

namespace bench {

std::vector<Learner> learners(std::size_t count) {
  const std::vector<std::string> names = {
      "\u0418\u0432\u0430\u043d\u043e\u0432\u0430 \u0410\u043d\u043d\u0430 \u041f\u0435\u0442\u0440\u043e\u0432\u043d\u0430",
      "\u041f\u0435\u0442\u0440\u043e\u0432 \u041e\u043b\u0435\u0433", "Smith John", "M\u00fcller J\u00fcrgen",
      "O'Neil \"Bob\" Robert"};
  const std::vector<std::string> regions = {"North", "\u041c\u043e\u0441\u043a\u0432\u0430", "South-West",
                                            "\u0423\u0440\u0430\u043b"};
  std::mt19937_64 random(20240703);  // NOLINT: the same rows at each run
  std::vector<Learner> made(count);
  for (std::size_t i = 0; i < count; ++i) {
    Learner& learner = made[i];
    learner.user = static_cast<int64_t>(1000 + i);
    learner.material = static_cast<int64_t>(random() % 500);
    learner.name = names[random() % names.size()];
    learner.login = "learner" + std::to_string(learner.user) + "@host.example";
    learner.course = "\u041e\u0445\u0440\u0430\u043d\u0430 \u0442\u0440\u0443\u0434\u0430 " + std::to_string(learner.material);
    learner.region = regions[random() % regions.size()];
    learner.started = static_cast<int64_t>(1500000000 + random() % 200000000);
    learner.seconds = static_cast<int64_t>(random() % 100000);
    learner.percent = static_cast<int64_t>(random() % 101);
    learner.is_active = random() % 10 != 0;
  }
  return made;
}

void to_cells(const Learner& learner, host::Row& cells) {
  using namespace host;
  cells.assign({integer(learner.user),
                integer(learner.material),
                text(learner.name),
                text(learner.is_active ? "active" : "blocked"),
                text(learner.login),
                integer(learner.started),
                null(),
                integer(learner.seconds),
                text(learner.course),
                integer(1),
                integer(learner.percent),
                integer(100),
                integer(1),
                integer(2),
                integer(3),
                integer(4),
                integer(5),
                integer(6),
                integer(learner.seconds),
                text("completed"),
                integer(learner.percent),
                integer(7),
                integer(10),
                integer(70),
                integer(learner.started + learner.seconds),
                integer(1),
                integer(3),
                text("LMS"),
                text(learner.region),
                null(),
                null(),
                text(learner.region),
                null(),
                null(),
                null()});
}

}  // namespace bench
