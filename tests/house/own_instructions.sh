#!/usr/bin/env bash
# Objects compiled for newer processors share no function with others: the linker would keep one of the two for all, and a processor
# that lacks the instructions would end there.
#
#   bash own_instructions.sh OBJECT...
set -euo pipefail
failed=0
for object in "$@"; do
  # Of ours the tables may be shared, and the steps themselves, which have another name for each set of instructions.
  shared=$(nm -C --defined-only "$object" | grep -E ' [Wu] ' | grep -vE ' trainstat::RowSteps<trainstat::WideText<' || true)
  if [ -n "$shared" ]; then
    echo "$object shares with other objects:"
    echo "$shared"
    failed=1
  fi
done
exit "$failed"
