#!/usr/bin/env bash
# The demo on databases of all kinds: where they stand, whether they are Moodle's, and that nothing is written beside them.
set -euo pipefail
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
folder=$(mktemp -d "${TMPDIR:-/tmp}/any database.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"

wrong() {
  echo "$*"
  cat output 2>/dev/null || true
  exit 1
}

# refuses DATABASE: with one sentence and exit code 2, leaving the folder as it was.
refuses() {
  local code=0 before after
  before=$(ls -lA --time-style=full-iso "$folder/sites")
  bash "$root/bindings/demo.sh" "$1" >output 2>error || code=$?
  after=$(ls -lA --time-style=full-iso "$folder/sites")
  cat error >>output
  [ "$code" -eq 2 ] || wrong "exit code $code instead of 2 for $1"
  [ "$(wc -l <error)" -eq 1 ] || wrong "not one sentence for $1"
  [ "$before" = "$after" ] || wrong "something was written beside $1"
}

# takes DATABASE: leaves both reports, and the folder as it was.
takes() {
  local before after
  before=$(ls -lA --time-style=full-iso "$folder/sites")
  rm -f "$root"/build/demo/*.json
  bash "$root/bindings/demo.sh" "$1" >output 2>&1 || wrong "exit code $? for $1"
  after=$(ls -lA --time-style=full-iso "$folder/sites")
  [ "$before" = "$after" ] || wrong "something was written beside $1"
  [ -s "$root/build/demo/ekvio-trainings.json" ] || wrong "no report of trainings from $1"
  [ -s "$root/build/demo/eloomi-participants.json" ] || wrong "no report of participants from $1"
}

mkdir sites
python3 "$root/bindings/moodle/generate.py" sites/site.sqlite --learners 30 --seed 1
cp sites/site.sqlite sites/half.sqlite
cp sites/site.sqlite sites/wal.sqlite
cp sites/site.sqlite 'sites/what?.sqlite'
python3 - <<'END'
import sqlite3

with sqlite3.connect("sites/half.sqlite") as half:
    half.execute("DROP TABLE mdl_quiz_attempts")
sqlite3.connect("sites/wal.sqlite").execute("PRAGMA journal_mode = WAL")
sqlite3.connect("sites/other.sqlite").execute("CREATE TABLE notes (text)")
END
echo 'not a database' >sites/text.sqlite
: >sites/empty.sqlite
python3 "$root/bindings/moodle/generate.py" sites/broken.sqlite --learners 30 --seed 1 --broken 3
chmod 0444 sites/*
chmod 0555 sites

refuses sites/nothing.sqlite
refuses sites
refuses sites/text.sqlite
refuses sites/empty.sqlite
refuses sites/other.sqlite
refuses sites/half.sqlite

takes sites/site.sqlite
takes sites/wal.sqlite
takes 'sites/what?.sqlite'
takes sites/broken.sqlite
grep -q 'refused [1-9]' output || wrong "nothing is said of refused rows"
chmod 0755 sites

# A host that writes one byte more is found out.
mkdir bin
real=$(command -v php8.2 || command -v php)
# shellcheck disable=SC2016  # the host's own words
printf '#!/bin/sh\n"%s" "$@"\nfor last; do :; done\nprintf " " >>"$last"\n' "$real" >bin/php8.2
chmod +x bin/php8.2
code=0
PATH="$folder/bin:$PATH" bash "$root/bindings/demo.sh" sites/site.sqlite >output 2>&1 || code=$?
if [ "$code" -ne 1 ] || ! grep -q 'Python and PHP do not write the same' output; then wrong "a wrong byte is not noticed"; fi
