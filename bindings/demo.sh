#!/usr/bin/env bash
# The main job, from three hosts: both reports of a Moodle database (SQLite) through Python, PHP and C, compared byte for byte.
#
#   bash bindings/demo.sh [DATABASE]
#
# Without DATABASE it makes one with invented people. Leaves build/demo/ekvio-trainings.json and
# build/demo/eloomi-participants.json. Installs what is missing; TRAINSTAT_NO_INSTALL=1 only prints the lines to run.
# Exit code: 0 all three agree, 2 DATABASE is of no use, 1 anything else.
set -euo pipefail

stop() {
  local code=$1
  shift
  echo "$*" >&2
  exit "$code"
}

[ $# -le 1 ] || stop 2 "usage: bash bindings/demo.sh [DATABASE]"
database=${1-}
if [ $# -eq 1 ]; then
  if [ ! -f "$database" ] || [ ! -r "$database" ]; then stop 2 "There is no readable file $database."; fi
  database=$(realpath -- "$database")
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
demo=build/demo
mkdir -p "$demo"

bash bindings/install.sh demo

log=$demo/build.log
: >"$log" || stop 1 "build/demo cannot be written."
echo "Building build/release/libtrainstat.so"
if ! {
  # A tree that the tests have configured keeps its tests.
  { [ -f build/release/build.ninja ] || cmake --preset release -DBUILD_TESTING=OFF; } &&
    cmake --build build/release --target trainstat python_walk moodle_export
} >"$log" 2>&1; then
  tail -n 40 "$log" >&2
  stop 1 "The build failed; its output is in $log."
fi

if [ -z "$database" ]; then
  database=$demo/moodle.sqlite
  if [ ! -f "$database" ] || [ bindings/moodle/generate.py -nt "$database" ]; then
    echo "Making $database, a Moodle site with 1,200 invented learners"
    rm -f "$database.new"
    build/venv/bin/python bindings/moodle/generate.py "$database.new" --learners 1200 --seed 1
    mv "$database.new" "$database"
  fi
  source=$database
else
  source=$database
  # SQLite would create files beside a database in WAL mode, or with an unfinished transaction, even to read it; and a
  # question mark has a meaning in a database URL. Such a database is read from a copy.
  if [ "$(od -An -j18 -N1 -tu1 -- "$database" 2>/dev/null | tr -d ' ')" = 2 ] || [ -s "$database-journal" ] || [[ $database == *\?* ]]; then
    source=$demo/source.sqlite
    rm -f "$source"*
    trap 'rm -f "$source"*' EXIT
    cp -- "$database" "$source"
    for beside in -wal -journal; do
      if [ -s "$database$beside" ]; then cp -- "$database$beside" "$source$beside"; fi
    done
  fi
fi

export TRAINSTAT_LIBRARY=$PWD/build/release/libtrainstat.so
export PYTHONPATH=$PWD/bindings/python${PYTHONPATH:+:$PYTHONPATH}
php=$(command -v php8.2 || command -v php)

# report HOST FORMAT FILE: one report by one host. All of them leave refused rows out.
report() {
  case $1 in
    Python) build/venv/bin/python -m trainstat export --format "$2" --moodle "sqlite:///$source" -o "$3" ;;
    PHP) "$php" bindings/php/export.php --format "$2" --database "$source" --output "$3" ;;
    C) build/release/moodle_export --format "$2" --database "$source" --output "$3" ;;
  esac
}

# compare NAME FORMAT COLUMNS: one report by all three, compared, put in its place and shown.
compare() {
  local name=$1 format=$2 columns=$3 host code begun hundredths counts agreed='' codes='' seconds=''
  for host in Python PHP C; do
    mkdir -p "$demo/$host"
    rm -f "$demo/$host/$name"
    begun=${EPOCHREALTIME//[!0-9]/}
    code=0
    report "$host" "$format" "$demo/$host/$name" >"$demo/$host.log" 2>&1 || code=$?
    hundredths=$(((${EPOCHREALTIME//[!0-9]/} - begun) / 10000))
    seconds+=$(printf ', %s %d.%02d s' "$host" $((hundredths / 100)) $((hundredths % 100)))
    if [ "$code" -ne 0 ] && [ "$code" -ne 3 ]; then
      cat "$demo/$host.log" >&2
      rm -rf "$demo/Python" "$demo/PHP" "$demo/C"
      if [ "$code" -eq 2 ]; then exit 2; fi
      stop 1 "$host could not write the report $format."
    fi
    codes+="$code "
    counts=$(grep -oE '^rows [0-9]+ refused [0-9]+' "$demo/$host.log" || true) # Python counts in words of its own.
    if [ "${agreed:=$counts}" != "$counts" ]; then stop 1 "PHP and C do not count alike in $format: $agreed, $counts."; fi
    cmp -- "$demo/Python/$name" "$demo/$host/$name" >&2 || stop 1 "Python and $host do not write the same $format."
  done
  if [ "$codes" != "$code $code $code " ]; then stop 1 "The hosts do not agree on refused rows: exit codes $codes."; fi
  mv -f "$demo/Python/$name" "$demo/$name"
  echo
  echo "$format: $PWD/$demo/$name"
  build/venv/bin/python -X utf8 bindings/preview.py "$demo/$name" "$columns"
  echo "$agreed; the same $(stat -c %s "$demo/$name") bytes from all three$seconds"
  if [ "$code" -eq 3 ]; then cat "$demo/Python.log"; fi
}

compare ekvio-trainings.json ekvio.trainings_statistic fio,name,user_status,start_time,scorm_status,total_time
compare eloomi-participants.json eloomi.participants user_id,course_id,assigned_at,completed_at,progress,score
rm -rf "$demo/Python" "$demo/PHP" "$demo/C"
