#!/usr/bin/env bash
# Passes every test: installs what is missing, builds with gcc, with clang and sanitized, and runs ctest in all three trees.
# Ends with one line of counts; fails if a test fails or none ran.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

bash bindings/install.sh tests || exit 1

jobs=$(nproc)
presets=(release clang sanitize)
mkdir -p build
for preset in "${presets[@]}"; do
  tree=build/$preset
  log=$tree.log
  rm -f "$tree/ctest.xml"
  echo "$preset: building"
  if ! { cmake --preset "$preset" -DBUILD_TESTING=ON && cmake --build "$tree" --parallel "$jobs"; } >"$log" 2>&1; then
    tail -n 60 "$log"
    continue
  fi
  echo "$preset: testing"
  ctest --test-dir "$tree" --parallel "$jobs" --output-junit ctest.xml >"$log" 2>&1
done
exec build/venv/bin/python -X utf8 tests/summary.py "${presets[@]/#/build/}"
