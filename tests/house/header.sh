#!/usr/bin/env bash
# The header compiles as strict C99 and as C++ with both compilers, and its declarations need no preprocessor.
#
#   bash header.sh include/trainstat.h
set -euo pipefail
header=$1
failed=0

for compiler in gcc clang; do
  for language in c:c99 c:c11 c++:c++98 c++:c++20; do
    flags=(-x "${language%%:*}" -std="${language#*:}" -pedantic-errors -Wall -Wextra -Werror -Wno-long-long -Wno-variadic-macros)
    if ! echo "#include \"$header\"" | "$compiler" "${flags[@]}" -fsyntax-only -; then
      echo "$header does not compile as ${language#*:} with $compiler"
      failed=1
    fi
  done
done

# PHP's parser of declarations skips preprocessor lines without a word.
declarations=$(sed -n '/<declarations>/,/<\/declarations>/p' "$header")
if [ "$(wc -l <<<"$declarations")" -lt 3 ]; then
  echo "$header has no declarations between its two marks"
  failed=1
fi
if grep -n '^[[:space:]]*#' <<<"$declarations"; then
  echo "$header has preprocessor lines between its two marks"
  failed=1
fi
exit $failed
