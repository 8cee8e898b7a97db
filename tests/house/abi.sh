#!/usr/bin/env bash
# The binary interface equals the committed baseline.
#
#   bash abi.sh libtrainstat.so tests/abi/trainstat.abi [--write]
#
# --write renews the baseline after something was added; it refuses any other change.
set -euo pipefail
library=$1
baseline=$2
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")

compare() {
  abidiff --exported-interfaces-only "$@" "$baseline" "$library"
}

if [ "${3-}" = --write ]; then
  if [ -f "$baseline" ] && ! compare --no-added-syms; then
    echo "The interface has not only grown, so the baseline stays."
    exit 1
  fi
  # The C++ behind the interface is no part of it, and neither is the machine.
  abidw --exported-interfaces-only --headers-dir "$root/include" --drop-private-types --drop-undefined-syms \
    --no-corpus-path --no-comp-dir-path --no-show-locs --out-file "$baseline" "$library"
  sed -i "s| path='$root/| path='|" "$baseline"
elif [ ! -f "$baseline" ]; then
  echo "There is no baseline $baseline"
  exit 1
elif ! compare; then
  echo "The interface is not the baseline's."
  exit 1
fi
