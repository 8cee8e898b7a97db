// A piece of a test in a process of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace fault {

constexpr int killed_by = 128;  // and the signal's number

/// What became of a child: its exit code, or killed_by + the signal.
inline int outcome_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
  }
  return WIFSIGNALED(status) ? killed_by + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Starts a child that runs the body and ends at once: nothing of this process is destroyed or flushed a second time.
template <class Body>
pid_t start_child(Body&& body) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  body();
  std::fflush(nullptr);
  ::_exit(testing::Test::HasFailure() ? 1 : 0);
}

/// Runs the body in a child. Its expectations count: what fails there is printed there, and fails here.
template <class Body>
void in_child(Body&& body) {
  EXPECT_EQ(outcome_of(start_child(body)), 0) << "the child's outcome; above " << killed_by << " a signal";
}

}  // namespace fault
