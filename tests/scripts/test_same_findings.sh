# test_same_findings.sh ASSAY SOURCE_DIR - what is found does not depend on how many look for
# it, with what, in which carrier, or on where the text was cut
. "$(dirname "$0")/scan-lib.sh"
need jq python3

key=$tmp/key
head -c 32 /dev/zero | tr '\0' 'k' >"$key"

# Findings with all that must not change, one a line.
findings() {
	jq -rs '(map(select(.type == "object") | { key: .obj, value: (.path + " " + (.inner | join("!"))) }) | from_entries) as $at |
		map(select(.type == "finding")) | group_by(.finding_id)[] |
		[$at[.[0].obj], .[0].rule, (.[0].counts | tostring), .[0].unique, .[0].values_fp,
		 ([.[].occurrences[] | [.off, .len, .loc.line, .fp, .conf]] | tostring)] | @tsv' "$1" | sort
}

# take FILE DIR OPTIONS...: the findings of a scan with these options
take() {
	local file=$1 dir=$2
	shift 2
	scan "$tmp/log" --key-file "$key" --min-confidence=low --max-occurrences=0 "$@" "$dir"
	findings "$tmp/log" >"$file"
}

# same WHAT DIR OPTIONS...: does a scan with these options find what $tmp/want has?
same() {
	local what=$1 dir=$2
	shift 2
	take "$tmp/got" "$dir" "$@"
	cmp -s "$tmp/want" "$tmp/got" || {
		fail "$what: other findings"
		diff "$tmp/want" "$tmp/got" | cut -c1-200 | head -6 >&2
	}
}

# ---- borders ----------------------------------------------------------------------------

borders=$tmp/borders
python3 "$source/tests/hostile/borders.py" "$borders" || fail "borders.py"
take "$tmp/want" "$borders" -j1
while IFS=$'\t' read -r file places; do
	got=$(jq -rs --arg p "$file" '(map(select(.type == "object" and .path == $p).obj)) as $o |
		[.[] | select(.type == "finding" and .rule == "uk.nino" and (.obj as $x | $o | index($x))) |
		 .occurrences[].off] | map(tostring) | join(" ")' "$tmp/log")
	[ "$got" = "$places" ] || {
		fail "$file: values are not where they were planted, each once"
		diff <(tr ' ' '\n' <<<"$places") <(tr ' ' '\n' <<<"$got") | head -6 >&2
	}
done <"$borders/.places"
# The same two values in each: split or not, they are the same two.
[ "$(jq -rs '(map(select(.type == "object" and (.path | test("table") | not)).obj)) as $o |
	map(select(.type == "finding" and .part == 0 and (.obj as $x | $o | index($x)))) |
	group_by(.rule)[] | [.[0].rule, (map([.unique, .values_fp]) | unique | length)] | join(" ")' "$tmp/log")" = "net.email 1
uk.nino 1" ] || fail "distinct values are counted in another way where a file is split"
same "-j8" "$borders" -j8
same "--isa=scalar" "$borders" --isa=scalar
# What this machine does not have is refused, not taken for the same.
for isa in avx2 avx512; do
	timeout 60 "$assay" scan -q --isa=$isa --allow-empty /dev/null >/dev/null 2>&1
	[ $? = 2 ] && { note "no $isa here"; continue; }
	same "--isa=$isa" "$borders" --isa=$isa
done
rm "$borders/ranges.txt" "$borders/margins.txt" "$borders/le.txt" "$borders/table.csv"
take "$tmp/want" "$borders" -j2
same "--engine=reference" "$borders" --engine=reference
rm -rf "$borders"

# ---- carriers ---------------------------------------------------------------------------

carriers=$tmp/carriers
python3 "$source/tests/hostile/carriers.py" "$carriers" || fail "carriers.py"
scan "$tmp/log" --key-file "$key" --min-confidence=low "$carriers"
check_log "$tmp/log"
# Rule, values and their number; markings are words in tables and data.
in_carrier() {
	jq -rs --arg p "$1" '(map(select(.type == "object" and .path == $p).obj)) as $o | map(
		select(.type == "finding" and .part == 0 and (.obj as $x | $o | index($x)) and
		(.rule | startswith("marking.") | not)))[] |
		[.rule, .unique, .values_fp, (.counts.high + .counts.medium + .counts.low)] | @tsv' "$tmp/log" | sort
}
in_carrier plain.txt >"$tmp/want"
[ "$(wc -l <"$tmp/want")" -ge 12 ] || fail "carriers: only $(wc -l <"$tmp/want") rules found in plain text"
for file in "$carriers"/*; do
	in_carrier "${file##*/}" >"$tmp/got"
	cmp -s "$tmp/want" "$tmp/got" || {
		fail "${file##*/}: other findings than in plain text"
		diff "$tmp/want" "$tmp/got" | head -6 >&2
	}
done
for file in plain.txt crlf.txt utf16le.txt utf16be.txt utf8-mark.txt page.html runs.docx plain.zip plain.txt.gz \
	zip-in-tar.tar.gz docx-in-zip.zip; do
	[ "$(jq -rs --arg p "$file" 'map(select(.type == "object" and .path == $p and .inner == []))[0].marking.label' "$tmp/log")" = OFFICIAL-SENSITIVE ] ||
		fail "$file: its marking was not seen"
done
findings "$tmp/log" >"$tmp/want"
for options in -j8 --engine=reference --isa=scalar; do
	scan "$tmp/log" --key-file "$key" --min-confidence=low $options "$carriers"
	findings "$tmp/log" >"$tmp/got"
	cmp -s "$tmp/want" "$tmp/got" || fail "carriers, $options: other findings"
done
finish
