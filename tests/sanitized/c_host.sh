#!/usr/bin/env bash
# The sanitized C host reads a small site, and says no to what is none, without a finding or a leak.
#
#   bash sanitized.sh build/sanitize/moodle_export
set -euo pipefail
host=$1
bindings=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../bindings")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

expect() {
  local wanted=$1 code=0
  shift
  "$host" --queries "$bindings/moodle" "$@" || code=$?
  [ "$code" -eq "$wanted" ] || { echo "exit code $code instead of $wanted: $*" && exit 1; }
}

site=$folder/site.sqlite
python3 "$bindings/moodle/generate.py" "$site" --learners 40 --seed 1
for format in ekvio.trainings_statistic eloomi.participants; do
  expect 0 --format "$format" --database "$site" --output "$folder/$format.json"
  [ -s "$folder/$format.json" ]
done
python3 "$bindings/moodle/generate.py" "$folder/broken.sqlite" --learners 40 --seed 1 --broken 3
expect 3 --format ekvio.trainings_statistic --database "$folder/broken.sqlite" --output "$folder/broken.json"

expect 2
expect 2 --format ekvio.errors --database "$site" --output "$folder/none.json"
expect 2 --format eloomi.participants --database "$site" --output "$folder/none.json" --prefix "m' "
expect 2 --format eloomi.participants --database "$site" --output "$folder/none.json" --prefix other_
expect 2 --format eloomi.participants --database "$folder/nothing.sqlite" --output "$folder/none.json"
expect 2 --format eloomi.participants --database "$host" --output "$folder/none.json"
expect 2 --format eloomi.participants --database "$site" --output "$folder/no/none.json"
expect 2 --format eloomi.participants --database "$site" --output "$folder/none.json" --library "$folder/none.so"
[ ! -e "$folder/none.json" ]

# A result column that the format does not have is an error, not a column less.
mkdir "$folder/queries"
echo "SELECT 1 AS user_id, 2 AS course_id, 3 AS colour" >"$folder/queries/eloomi.participants.sql"
expect 2 --format eloomi.participants --database "$site" --output "$folder/none.json" --queries "$folder/queries"
# A blob is text; neither that nor its NUL bytes stop the other rows.
echo "SELECT 1 AS user_id, 2 AS course_id UNION ALL SELECT x'00', 3" >"$folder/queries/eloomi.participants.sql"
expect 3 --format eloomi.participants --database "$site" --output "$folder/blob.json" --queries "$folder/queries"
grep -q '"course_id":2' "$folder/blob.json"
[ ! -e "$folder/none.json" ]
