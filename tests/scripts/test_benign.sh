#!/bin/bash
# test_benign.sh ASSAY SOURCE - ordinary texts stay quiet: what is reported at medium or above
# of tests/benign must stand in its expected.txt
set -euo pipefail
assay=$1 dir=$2/tests/benign
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

rc=0
"$assay" scan -q -o "$tmp/run.jsonl" --min-confidence=medium -x /expected.txt "$dir" || rc=$?
[ "$rc" -le 1 ] || { echo "exit $rc: not all was read" >&2; exit 1; }
jq -rn '[inputs]
	| (map(select(.type == "object") | {(.obj): .path}) | add) as $path
	| .[] | select(.type == "finding")
	| "\($path[.obj]) \(.rule)"' "$tmp/run.jsonl" | sort -u >"$tmp/found"
awk '!/^#/ && NF { print $1, $2 }' "$dir/expected.txt" | sort -u >"$tmp/expected"

comm -13 "$tmp/found" "$tmp/expected" | sed 's/^/no longer found, take it out of expected.txt: /'
if comm -23 "$tmp/found" "$tmp/expected" | grep .; then
	echo "the findings above are false: mend the rule, or say in expected.txt why not" >&2
	exit 1
fi
