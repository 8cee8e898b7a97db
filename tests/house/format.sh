#!/usr/bin/env bash
# C and C++ files stand as .clang-format says. `bash format.sh --write` puts them so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
sources() {
  find include src abi bindings tests \( -name '*.c' -o -name '*.h' -o -name '*.cpp' -o -name '*.hpp' \) -print0
}

if [ "${1-}" = --write ]; then
  sources | xargs -0 clang-format --style=file -i
elif ! places=$(sources | xargs -0 clang-format --style=file --dry-run -Werror 2>&1); then
  echo "Not as .clang-format says; bash tests/house/format.sh --write puts it right:"
  grep -oE '^[^ :]+:[0-9]+' <<<"$places" | sort -u
  exit 1
fi
