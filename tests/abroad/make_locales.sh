#!/usr/bin/env bash
# Makes locales that write a decimal comma, and one of them a dotless i, for LOCPATH. The machine's own locales stay as they are.
#
#   bash make_locales.sh FOLDER
set -euo pipefail
mkdir -p "$1"
for name in de_DE tr_TR; do
  [ -d "$1/$name.UTF-8" ] || localedef --inputfile "$name" --charmap UTF-8 "$1/$name.UTF-8"
done
