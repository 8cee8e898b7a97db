#!/usr/bin/env bash
# C and C++ files stand as .clang-format says. `bash format.sh --write` puts them so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mode=(--dry-run -Werror)
if [ "${1-}" = --write ]; then mode=(-i); fi
find include src abi bindings tests \( -name '*.c' -o -name '*.h' -o -name '*.cpp' -o -name '*.hpp' \) -print0 |
  xargs -0 clang-format --style=file "${mode[@]}"
