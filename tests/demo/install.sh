#!/usr/bin/env bash
# What the install script does on a machine that lacks everything, played by stand-ins for the package tools.
set -euo pipefail
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/bin" "$folder/checkout/bindings"
cp "$root"/bindings/install.sh "$root"/bindings/requirements-*.txt "$folder/checkout/bindings"
install=$folder/checkout/bindings/install.sh

stand_in() {
  printf '#!/bin/sh\n%s\n' "$2" >"$folder/bin/$1"
  chmod +x "$folder/bin/$1"
}

wrong() {
  echo "$*"
  cat "$folder/output"
  exit 1
}

# run STATUS ENVIRONMENT... ARGUMENT: the script, whose exit code is to be STATUS.
run() {
  local wanted=$1 code=0
  shift
  rm -f "$folder/calls"
  env "PATH=$folder/bin:$PATH" "${@:1:$#-1}" bash "$install" "${@: -1}" >"$folder/output" 2>&1 || code=$?
  [ "$code" -eq "$wanted" ] || wrong "exit code $code instead of $wanted: $*"
}

stand_in dpkg-query 'exit 1'
stand_in sudo 'exec "$@"'
stand_in apt-get "echo \"\$*\" >>'$folder/calls'"

run 1 TRAINSTAT_NO_INSTALL=1 demo
grep -q 'apt-get install .*\bg++ .*\bphp8.2-cli\b' "$folder/output" || wrong "the line to run is not shown"
[ ! -e "$folder/calls" ] || wrong "installed in spite of TRAINSTAT_NO_INSTALL"
[ ! -e "$folder/checkout/build" ] || wrong "made a build folder in spite of TRAINSTAT_NO_INSTALL"

# A virtual environment that is whole, so that only packages are missing.
mkdir "$folder/checkout/build"
ln -s "$root/build/venv" "$folder/checkout/build/venv"
run 0 tests
head -n 1 "$folder/output" | grep -q '^Installing Debian packages: .*\bclang\b' || wrong "does not say first what it installs"
grep -q '^install .*\bclang\b' "$folder/calls" || wrong "does not install"

# The names that dpkg-query is asked for stand behind its two options and the format.
# shellcheck disable=SC2016  # the stand-in's own words
stand_in dpkg-query 'shift 3; for name; do echo "$name installed"; done'
run 0 tests
if [ -e "$folder/calls" ] || [ -s "$folder/output" ]; then wrong "does something although all is there"; fi
run 0 TRAINSTAT_NO_INSTALL=1 tests
[ ! -s "$folder/output" ] || wrong "prints something although all is there"

stand_in apt-get 'exit 100'
stand_in dpkg-query 'exit 1'
run 1 demo
run 2 everything
