// Instantiates a suite of parameterized tests with every file of tests/vectors.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "vector_case.hpp"

#define TRAINSTAT_EVERY_VECTOR_FILE(Suite)                                           \
  INSTANTIATE_TEST_SUITE_P(Files, Suite, testing::ValuesIn(vectors::vector_files()), \
                           [](const auto& file) { return std::filesystem::path(file.param).stem().string(); })
