#!/bin/sh
# library.sh FINDINGS - the example program on one file of published test values
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
printf 'Patient NHS No: 943 476 5919\nNI number AB 12 34 56 C\n' >"$dir/note.txt"
"$1" "$dir/note.txt" | sed "s|$dir/||" >"$dir/out"
cat >"$dir/want" <<'END'
note.txt: uk.nhs-number medium 1 999 999 9999
note.txt: uk.nino medium 1 AA 99 99 99 A
END
sort "$dir/out" | diff -u "$dir/want" -
