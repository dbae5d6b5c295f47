# scan-lib.sh - what the scripts that scan whole trees share.  Sourced with the program and
# the source directory as arguments; makes $tmp, and removes it at the end.
set -u
assay=$1 source=$2
failures=0
umask 022
tmp=$(mktemp -d) || exit 99
chmod 755 "$tmp"
trap 'chmod -R u+rwx "$tmp" 2>/dev/null; rm -rf "$tmp"' EXIT

# One value that a rule finds with confidence, in a line of its own.  It is the prefix that
# never is issued, from the issuer's documentation.
plant='NI number: AB123456C'

# A sanitizer takes its time: times are multiplied by this.
patience=1
ldd "$assay" | grep -q 'lib[at]san' && patience=10

need() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null || { echo "skipped: no $tool here"; exit 0; }
	done
}

note() { echo "  $*"; }

fail() {
	echo "WRONG: $*" >&2
	failures=$((failures + 1))
}

finish() {
	[ "$failures" = 0 ] || { echo "$failures things are wrong" >&2; exit 1; }
	exit 0
}

# scan LOG ARGS...: scan to a log of every object; $rc is the exit status.  A scan that ends
# by a signal, takes too long or leaves a log that does not verify is wrong whatever it found.
scan() {
	local log=$1
	shift
	timeout "$((patience * ${limit_s:-120}))" "$assay" scan --json --emit=all "$@" >"$log" 2>"$tmp/stderr"
	rc=$?
	[ "$rc" -lt 16 ] || fail "scan $*: exit $rc: $(tail -3 "$tmp/stderr")"
	check_log "$log"
}

check_log() {
	"$assay" verify "$1" >/dev/null 2>&1 || fail "assay verify refuses $1"
	reconcile "$1"
}

# The sums of a log, worked out again from its events.
reconcile() {
	jq -es '
		(map(select(.type == "run_end")) | .[0].counters) as $c |
		map(select(.type == "object" and .inner == [])) as $o |
		map(select(.type == "gap")) as $g |
		($o | length) == $c.enumerated and
		($c.complete + $c.partial + $c.none + $c.excluded) == $c.enumerated and
		($o | map(select(.coverage == "complete")) | length) == $c.complete and
		($o | map(select(.coverage == "partial")) | length) == $c.partial and
		($o | map(select(.coverage == "none")) | length) == $c.none and
		($o | map(select(.coverage == "excluded")) | length) == $c.excluded and
		(map(select(.type == "object" and .inner != [])) | length) == $c.members and
		($g | length) == $c.gaps and
		(map(select(.type == "finding" and .part == 0)) | length) == $c.findings and
		# what was not read whole says why
		($g | map({ key: .path, value: 1 }) | from_entries) as $why |
		([$o[] | select(.coverage != "complete" and ($why[.path] | not))] | length) == 0 and
		# one status for each object
		(map(select(.type == "object") | .obj) | (length == (unique | length)))
	' "$1" >/dev/null || fail "the sums of $1 do not reconcile"
}

# status LOG PATH: coverage and reasons of an outer file, or nothing.
status() {
	jq -rs --arg p "$2" '
		(map(select(.type == "gap" and .path == $p and .inner == [])) |
			map(.reason) | unique | join(",")) as $why |
		map(select(.type == "object" and .path == $p and .inner == []))[] |
		.coverage + " " + $why
	' "$1"
}

# expect LOG PATH "COVERAGE REASONS" what
expect() {
	local got
	got=$(status "$1" "$2")
	got=${got% }
	[ "$got" = "$3" ] || fail "${4:-$2}: is \`$got', should be \`$3'"
}

# found LOG PATH [RULE]: how many values of a rule (uk.nino) were found in the file, members
# and all.
found() {
	jq -rs --arg p "$2" --arg r "${3:-uk.nino}" '
		(map(select(.type == "object" and .path == $p) | .obj)) as $objs |
		map(select(.type == "finding" and .part == 0 and .rule == $r and
			(.obj as $o | $objs | index($o)))) |
		map(.counts.high + .counts.medium + .counts.low) | add // 0
	' "$1"
}

has_plant() {
	[ "$(found "$1" "$2")" -ge 1 ] || fail "${3:-$2}: the planted value was missed in silence"
}
