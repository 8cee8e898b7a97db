#!/usr/bin/env bash
# The shell scripts are clean for shellcheck.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
{ find bindings tests -name '*.sh' -print0 && printf '.ci/run\0'; } | xargs -0 shellcheck
