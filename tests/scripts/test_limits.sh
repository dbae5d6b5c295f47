# test_limits.sh ASSAY SOURCE_DIR - every limit is an option, and a gap names the one that was met
. "$(dirname "$0")/scan-lib.sh"
need jq gzip xz python3

made=$source/tests/data/archives
seq 3000000 | gzip -1 >"$tmp/lines.gz"
yes "<p>A line that says nothing.</p>" | head -c 20000 >"$tmp/page.html"
xz -9 <"$tmp/page.html" >"$tmp/page.html.xz"
python3 - "$tmp/table.db" "$tmp/long.zip" "$plant" <<'PY'
import sqlite3, sys, zipfile
c = sqlite3.connect(sys.argv[1])
c.execute("create table t (a)")
c.execute("insert into t values (?)", ("x" * 100000,))
c.commit()
with zipfile.ZipFile(sys.argv[2], "w") as z:
    z.writestr("x" * 20000 + " " + sys.argv[3], "nothing")
PY

# limit FILE OPTION REASON [WORDS]: the gap's limit is the option, or its detail has the words
limit() {
	local file=$1 option=$2 reason=$3 words=${4:-} name=${2#--}
	scan "$tmp/log" $option "$file" # may be several
	jq -es --arg r "$reason" --arg n "${name%%=*}" --arg v "${name#*=}" --arg w "$words" '
		map(select(.type == "gap" and .reason == $r)) |
		length > 0 and all(.[]; if $w == "" then .limit.name == $n else .detail | contains($w) end)' "$tmp/log" >/dev/null ||
		fail "$option: $(jq -c 'select(.type == "gap") | [.reason, .detail, .limit]' "$tmp/log")"
	# Out of its way it is silent.
	scan "$tmp/log" "$file"
	jq -es --arg r "$reason" 'map(select(.type == "gap" and .reason == $r)) == []' "$tmp/log" >/dev/null ||
		fail "$option: $reason without it"
}

limit "$made/lzma2.7z" --max-member=1KiB limit-size
limit "$made/solid.7z" --max-out=1KiB limit-size
limit "$made/bzip2.zip" --max-member=1KiB limit-size
limit "$made/a.txt.zst" --max-member=1KiB limit-size
limit "$tmp/table.db" --max-member=4KiB limit-size
limit "$tmp/page.html" --max-text=1KiB limit-size
limit "$made/bin.cpio" --max-members=1 limit-members
limit "$made/bzip2.zip" --max-members=1 limit-members
limit "$made/joliet.iso.gz" --max-depth=1 limit-depth
limit "$tmp/lines.gz" --max-ratio=2 limit-ratio
limit "$tmp/lines.gz" --file-timeout=1ms limit-time --file-timeout
# A sanitizer needs the address space that this one takes away.
[ "$patience" -gt 1 ] || limit "$tmp/page.html.xz" "--worker-memory=96MiB --max-member=1MiB" limit-memory "compressed data"

# A name is kept in part and scanned whole.
scan "$tmp/log" "$tmp/long.zip"
has_plant "$tmp/log" "" "the end of a long name"
jq -es 'all(.[] | select(.type == "object" and .inner != []); .inner[0] | length <= 4096)' "$tmp/log" >/dev/null ||
	fail "more than 4 KiB of a name are kept"
finish
