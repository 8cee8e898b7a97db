#!/usr/bin/env bash
# Fetches writers of JSON that Debian does not have, to be measured beside the library: out of the source packages of Python's
# bindings, into build/peers. What cannot be had is left out of the table.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

peers=build/peers
mkdir -p "$peers"
fetched=$(mktemp --directory)
trap 'rm -r "$fetched"' EXIT

# fetch PACKAGE FILE_OR_FOLDER...
fetch() {
  local package=$1 file
  shift
  for file; do
    [ -e "$peers/$(basename "$file")" ] || break
  done && [ -e "$peers/$(basename "$file")" ] && return
  if build/venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary "${package%%==*}" --dest "$fetched" "$package" 2>/dev/null &&
    tar --extract --gzip --file "$fetched/${package/==/-}.tar.gz" --directory "$fetched" &&
    cp --recursive "${@/#/$fetched/${package/==/-}/}" "$peers"; then
    return
  fi
  echo "$package cannot be fetched: left out" >&2
}

fetch yyjson==4.0.6 yyjson/yyjson.h yyjson/yyjson.c
fetch fastsimdjson==0.8.0 vendor/simdjson.h vendor/simdjson.cpp
fetch pybind11-jsoncons==0.1.2 src/include/jsoncons
