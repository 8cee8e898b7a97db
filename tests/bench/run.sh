#!/usr/bin/env bash
# Builds the library as it is delivered and prints one table: its speed and memory beside its peers'.
#
#   bash tests/bench/run.sh [--quick]
#
# --quick takes at most 200,000 rows and a minute.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

bash bindings/install.sh tests
bash tests/bench/peers.sh
log=build/bench.log
mkdir -p build
if ! { cmake --preset release -DBUILD_TESTING=ON && cmake --build build/release --target bench --parallel "$(nproc)"; } >"$log" 2>&1; then
  tail -n 40 "$log"
  exit 1
fi
exec build/venv/bin/python tests/bench/table.py build/release "$@"
