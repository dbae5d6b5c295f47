#!/bin/bash
# test_markings.sh ASSAY SOURCE_DIR - markings in every form and place are found, none invented,
# and both engines agree
. "$(dirname "$0")/scan-lib.sh"
need jq python3

python3 "$source/tests/scripts/markings.py" "$tmp/in" || fail "markings.py"

# label FILE.jsonl: name without suffix, and the label, of every file
labels() {
	jq -r 'select(.type == "object" and .inner == []) | [(.path | sub("\\.[a-z]+$"; "")), (.marking.label // "-")] | @tsv' "$1" |
		sort
}

scan "$tmp/marked.jsonl" -j2 "$tmp/in/marked"
labels "$tmp/marked.jsonl" >"$tmp/got"
cut -f1,2 "$tmp/in/answers.tsv" | sort >"$tmp/want"
all=$(wc -l <"$tmp/want")
wrong=$(comm -13 "$tmp/got" "$tmp/want" | wc -l)
note "$all marked documents, $wrong with a wrong label or none"
[ "$all" -ge 200 ] || fail "only $all marked documents"
[ $((wrong * 100)) -le "$all" ] || {
	fail "labels: $wrong of $all"
	join -t "$(printf '\t')" <(comm -13 "$tmp/got" "$tmp/want") "$tmp/got" | head -20 >&2
}

scan "$tmp/unmarked.jsonl" -j2 "$tmp/in/unmarked"
all=$(labels "$tmp/unmarked.jsonl" | wc -l)
note "$all near misses"
[ "$all" -ge 1000 ] || fail "only $all near misses"
jq -r 'select(.type == "object" and .marking != null) | [.path, .marking.label] | @tsv' "$tmp/unmarked.jsonl" >"$tmp/invented"
[ ! -s "$tmp/invented" ] || { fail "markings were invented"; head -20 "$tmp/invented" >&2; }

# The reference engine finds the same.
scan "$tmp/reference.jsonl" -j2 --engine=reference "$tmp/in"
scan "$tmp/staged.jsonl" -j2 "$tmp/in"
for log in reference staged; do
	jq -rc 'select(.type == "object") | [.path, .inner, .marking]' "$tmp/$log.jsonl" | sort >"$tmp/$log"
done
cmp -s "$tmp/reference" "$tmp/staged" || { fail "the engines differ"; diff "$tmp/reference" "$tmp/staged" | head -6 >&2; }
finish
