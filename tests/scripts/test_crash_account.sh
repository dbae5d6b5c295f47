# test_crash_account.sh ASSAY SOURCE_DIR - workers die, hang, eat and are killed: what they
# were on is named, and nothing else is lost or found twice
. "$(dirname "$0")/scan-lib.sh"
need jq python3 pgrep

tree=$tmp/tree
key=$tmp/key
head -c 32 /dev/zero | tr '\0' 'k' >"$key"
files=4000
[ -z "${ASSAY_TEST_FULL:-}" ] || files=40000

# What was found, without what differs between two runs.
findings() {
	jq -rs '(map(select(.type == "object") | { key: .obj, value: (.path + " " + (.inner | join("!"))) }) | from_entries) as $at |
		map(select(.type == "finding")) | group_by(.finding_id)[] |
		[$at[.[0].obj], .[0].rule, (.[0].counts | tostring), .[0].unique, .[0].values_fp,
		 ([.[].occurrences[] | [.off, .fp]] | tostring)] | @tsv' "$1" | sort
}

gaps() { jq -rs 'map(select(.type == "gap").reason) | group_by(.)[] | "\(length) \(.[0])"' "$1" | sort -n; }

# ---- crash, hang, eat -------------------------------------------------------------------

python3 - "$tree" $files <<'PY'
import os, random, sys
top, n = sys.argv[1], int(sys.argv[2])
random.seed(3)
for i in range(n):
    d = "%s/%02d" % (top, i % 50)
    os.makedirs(d, exist_ok=True)
    with open("%s/%05d.txt" % (d, i), "w") as f:
        f.write("A letter.\n" * random.randrange(1, 60))
        if i % 3 == 0:
            f.write("NI number: AB%06dC\nmail: person%d@police.uk\n" % (i, i))
PY
scan "$tmp/log" --key-file "$key" "$tree"
findings "$tmp/log" >"$tmp/without"
[ -s "$tmp/without" ] || fail "nothing found in good files"
python3 - "$tree" <<'PY'
import random, sys
random.seed(4)
for what, times in (("!CRASH", 20), ("!HANG", 6), ("!EAT-MEMORY", 4)):
    for i in range(times):
        with open("%s/%02d/bad-%s-%d.txt" % (sys.argv[1], random.randrange(50), what[1:], i), "w") as f:
            f.write(what + "\nNI number: AB123456C\n")
PY
scan "$tmp/log" --key-file "$key" --test-hooks --file-timeout=300ms "$tree"
if [ "$(gaps "$tmp/log" | head -1)" = "" ]; then
	echo "skipped: this build does not obey test hooks"
	exit 0
fi
[ "$rc" = 5 ] || fail "crash, hang, eat: exit $rc, should be 5"
[ "$(gaps "$tmp/log" | tr '\n' ' ')" = "4 limit-memory 6 limit-time 20 crash-quarantined " ] ||
	fail "crash, hang, eat: gaps are $(gaps "$tmp/log" | tr '\n' ' ')"
jq -es --argjson n $files 'map(select(.type == "run_end"))[0].counters |
	.enumerated == $n + 30 and .complete == $n and .none == 30' "$tmp/log" >/dev/null ||
	fail "crash, hang, eat: a good file is not complete"
jq -es 'map(select(.type == "gap" and (.path | test("bad-(CRASH|HANG|EAT)") | not))) == []' "$tmp/log" >/dev/null ||
	fail "crash, hang, eat: a good file has a gap"
findings "$tmp/log" >"$tmp/with"
cmp -s "$tmp/without" "$tmp/with" ||
	fail "crash, hang, eat: other findings than without the bad files"
# Every other way to go wrong costs its own file alone.
for what in '!EXEC-MEMORY' '!FORBIDDEN-CALL' '!OPEN-FILE' '!CONNECT' '!FORK' '!LIE'; do
	printf '%s\n' "$what" >"$tree/00/worse$what.txt"
done
scan "$tmp/log" --key-file "$key" --test-hooks --file-timeout=300ms "$tree"
findings "$tmp/log" >"$tmp/with"
cmp -s "$tmp/without" "$tmp/with" || fail "worse: other findings than without the bad files"
jq -es --argjson n $files 'map(select(.type == "run_end"))[0].counters |
	.enumerated == $n + 36 and .complete >= $n' "$tmp/log" >/dev/null || fail "worse: the sums"

# ---- all of them bad --------------------------------------------------------------------

mkdir "$tmp/bad"
for i in $(seq 60); do echo '!CRASH' >"$tmp/bad/$i"; done
scan "$tmp/log" --test-hooks "$tmp/bad"
[ "$(gaps "$tmp/log")" = "60 crash-quarantined" ] || fail "nothing but crashes: $(gaps "$tmp/log")"

# ---- killed workers ---------------------------------------------------------------------

rm -rf "$tree" "$tmp/bad"
python3 - "$tree" <<'PY'
import os, random, sys
random.seed(5)
os.makedirs(sys.argv[1])
def text(size):
    out, left = [], size
    while left > 0:
        s = ("person%d@police.uk AB%06dC 01/02/1980 %s\n" % (random.randrange(10 ** 6), random.randrange(10 ** 6), "word " * 12))
        out.append(s)
        left -= len(s)
    return "".join(out)
block = text(1 << 20)
for i in range(120):
    with open("%s/medium-%03d.txt" % (sys.argv[1], i), "w") as f:
        f.write(block[i * 997:])
for i in range(4):
    with open("%s/large-%d.txt" % (sys.argv[1], i), "w") as f:
        f.write((block[:4096] + "A line that says nothing.\n" * 4000) * 240)
for i in range(1000):
    with open("%s/small-%04d.txt" % (sys.argv[1], i), "w") as f:
        f.write(block[i * 500:i * 500 + 3000])
PY
scan "$tmp/log" --key-file "$key" -j2 "$tree"
findings "$tmp/log" >"$tmp/without"

children() { cat /proc/"$1"/task/*/children 2>/dev/null; }

# The zygote is the first child; workers come after it.
workers() { children "$1" | tr ' ' '\n' | sed '/^$/d' | sort -n | tail -n +2; }

"$assay" scan --json --emit=all --key-file "$key" -j2 "$tree" >"$tmp/log" 2>"$tmp/stderr" &
pid=$!
killed=0
while kill -0 $pid 2>/dev/null; do
	victim=$(workers $pid | shuf -n 1 --random-source=<(yes $killed))
	[ -z "$victim" ] || { kill -9 "$victim" 2>/dev/null && killed=$((killed + 1)); }
	# A unit that loses three workers is given up, so three in a row must be unlikely.
	sleep "$((patience / 2)).2"
done
wait $pid
rc=$?
[ $killed -ge 3 ] || note "the scan was over after $killed workers were killed"
[ $rc -le 5 ] || fail "killed workers: exit $rc: $(tail -1 "$tmp/stderr")"
check_log "$tmp/log"
[ "$(gaps "$tmp/log")" = "" ] || fail "killed workers: gaps $(gaps "$tmp/log" | tr '\n' ' ')"
findings "$tmp/log" >"$tmp/with"
cmp -s "$tmp/without" "$tmp/with" || fail "killed workers: something was lost or found twice"

# ---- stopped ----------------------------------------------------------------------------

for signal in INT TERM; do
	"$assay" scan -q -o "$tmp/stopped.jsonl" --emit=all -j1 "$tree" 2>"$tmp/stderr" &
	pid=$!
	sleep 0.25
	begin=$(date +%s%N)
	kill -$signal $pid 2>/dev/null || note "SIG$signal came too late"
	wait $pid
	rc=$?
	took=$((($(date +%s%N) - begin) / 1000000))
	[ $((rc & 8)) = 8 ] && [ $rc -lt 16 ] || fail "SIG$signal: exit $rc, should have bit 8"
	[ $took -lt 5000 ] || fail "SIG$signal: the end took $took ms"
	check_log "$tmp/stopped.jsonl"
	jq -es 'map(select(.type == "run_end"))[0] | .status == "interrupted"' "$tmp/stopped.jsonl" >/dev/null ||
		fail "SIG$signal: run_end does not say that it was interrupted"
	rm -f "$tmp/stopped.jsonl"
done

# The coordinator itself is killed: nothing of it stays.
"$assay" scan -q -o "$tmp/killed.jsonl" -j2 "$tree" 2>/dev/null &
pid=$!
sleep 0.2
left=$(children $pid)
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
sleep 0.5
for child in $left; do
	# Dead but not waited for is dead; a number that somebody else has now has another name.
	[ "$(cut -d' ' -f2 /proc/"$child"/stat 2>/dev/null)" = "($(basename "$assay"))" ] &&
		[ "$(cut -d' ' -f3 /proc/"$child"/stat 2>/dev/null)" != Z ] &&
		fail "process $child outlives its coordinator"
done
[ ! -e "$tmp/killed.jsonl" ] || fail "a log that is not whole has its final name"
finish
