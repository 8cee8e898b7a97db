#!/usr/bin/env bash
# Builds the library as it is delivered, and prints one table of its speed and memory beside a plain RapidJSON Writer and memcpy.
#
#   bash tests/bench/run.sh [--quick | ROWS]
#
# ROWS are those of the long report, 10,000,000 where not given; --quick takes 100,000.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

case ${1-} in
  "") rows=10000000 ;;
  --quick) rows=100000 ;;
  *) rows=$1 ;;
esac

bash bindings/install.sh tests
log=build/bench.log
mkdir -p build
if ! { cmake --preset release -DBUILD_TESTING=ON && cmake --build build/release --target writers_bench --parallel "$(nproc)"; } >"$log" 2>&1; then
  tail -n 40 "$log"
  exit 1
fi
build/release/tests/bench/writers_bench "$rows"
