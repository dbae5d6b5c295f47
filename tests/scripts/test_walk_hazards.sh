# test_walk_hazards.sh ASSAY SOURCE_DIR - everything a tree can do to the one who walks it
. "$(dirname "$0")/scan-lib.sh"
need jq python3

tree=$tmp/tree
mkdir "$tree"
cd "$tree" || exit 99

put() { printf 'A letter.\n%s\n' "$plant" >"$1"; }

# Every entry of the log against what find(1) sees: each once, none besides.
same_names() {
	(cd "$2" && find . ! -type d -printf '%P\0') >"$tmp/names"
	python3 - "$1" "$tmp/names" <<-'PY' || fail "$3: the log's names are not the tree's"
		import base64, json, sys
		log = []
		for line in open(sys.argv[1], encoding="utf-8"):
		    e = json.loads(line)
		    if e["type"] == "object" and not e["inner"] and e["mime"] != "inode/directory":
		        log.append(base64.b64decode(e["path_b64"]) if e.get("path_b64")
		                   else e["path"].encode())
		names = [n for n in open(sys.argv[2], "rb").read().split(b"\0") if n]
		for n in set(names) ^ set(log):
		    print("only in the", "tree:" if n in names else "log:", n[:200], file=sys.stderr)
		sys.exit(sorted(names) != sorted(log))
	PY
}

# ---- links, pipes, devices --------------------------------------------------------------

mkdir kinds kinds/sub
put kinds/file
ln -s file kinds/link
ln -s . kinds/loop
ln -s ../../.. kinds/sub/up
ln -s nowhere kinds/dangling
ln -s self kinds/self
mkfifo kinds/fifo
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' kinds/sock
devices=
if [ "$(id -u)" = 0 ] && mknod kinds/null c 1 3 2>/dev/null && mknod kinds/disk b 7 250 2>/dev/null; then
	devices="kinds/null kinds/disk"
else
	note "not root: without device nodes"
fi
scan "$tmp/log" .
has_plant "$tmp/log" kinds/file
for name in link loop sub/up dangling self; do
	expect "$tmp/log" "kinds/$name" "excluded symlink-not-followed"
done
for name in kinds/fifo kinds/sock $devices; do
	expect "$tmp/log" "$name" "excluded special-file"
done
same_names "$tmp/log" . kinds
scan "$tmp/log" kinds/link
[ "$(found "$tmp/log" "")" = 1 ] || fail "a root that is a link is not resolved"
timeout 20 "$assay" scan --json kinds/fifo </dev/null >/dev/null 2>&1
[ $? = 2 ] || fail "a pipe alone: should be exit 2, nothing scanned"
rm -r kinds

# ---- names ------------------------------------------------------------------------------

mkdir names
for name in $'new\nline' $'escape\x1b[31m\x1b]0;title\x07' $'invalid\xff\xfe.txt' \
	$'right\xe2\x80\xaeto-left' -rf '=cmd()' ' space ' '"quote"' 'back\slash' '$(touch x)' \
	'%s%n' $'bell\x07' $'c1\xc2\x9b31m' '.hidden' 'a:b' '*' '!CRASH'; do
	put "names/$name"
done
python3 -c '
import os, sys
os.chdir(b"names")
for name in (b"x" * 255, b"\x01" * 255, b"\xff" * 255):
    open(name, "w").write(sys.argv[1])' "$plant"
scan "$tmp/log" .
same_names "$tmp/log" . names
count=$(find names -type f | tr -dc '\n' | wc -c)
files=$(jq -s 'map(select(.type == "object")) | length' "$tmp/log")
with=$(jq -s 'map(select(.type == "finding" and .rule == "uk.nino" and .part == 0)) | length' "$tmp/log")
[ "$with" = "$files" ] || fail "names: $with of $files files have their planted value"
[ "$files" = 20 ] || fail "names: $files files (find printed $count lines)"
dirty() { LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80[\xa8-\xae]|\xc2[\x80-\x9f]' "$1"; }
"$assay" scan --color=never . >"$tmp/text" 2>&1
dirty "$tmp/text" && fail "names: control characters reach the terminal"
"$assay" scan --color=never -- ./names/* >"$tmp/text" 2>&1
dirty "$tmp/text" && fail "names as roots: control characters reach the terminal"
(cd names && "$assay" scan --color=never -x '*' $'gone\x1b[31m' . >"$tmp/text" 2>&1)
dirty "$tmp/text" && fail "a missing name drives the terminal"
if command -v script >/dev/null; then
	TERM=xterm script -qec "'$assay' scan --progress=always ." /dev/null >"$tmp/text" 2>&1 </dev/null
	sed -E 's/\x1b\[(K|[0-9;]*m)//g; s/\r//g' "$tmp/text" >"$tmp/plain"
	dirty "$tmp/plain" && fail "names: control characters reach a terminal beside the colours"
fi
scan "$tmp/log" --files-from=<(printf '%s\n' names/-rf 'names/=cmd()')
[ "$rc" = 1 ] || fail "a list of odd names: exit $rc"
find names -type f -print0 >"$tmp/list0"
scan "$tmp/log" -0 --files-from="$tmp/list0"
[ "$(jq -s 'map(select(.type == "object")) | length' "$tmp/log")" = 20 ] || fail "a list with NULs"
rm -r names

# ---- deep and wide ----------------------------------------------------------------------

# Three trees: 1,500 levels; paths far over PATH_MAX and over 64 KiB with files on every
# level, so that the way back is walked too; a control beside them.
python3 - "$plant" <<'PY'
import os, sys
def dig(top, name, depth, every):
    os.mkdir(top)
    d = os.open(top, os.O_RDONLY)
    for i in range(depth):
        os.mkdir(name, dir_fd=d)
        n = os.open(name, os.O_RDONLY, dir_fd=d)
        if every:
            os.close(os.open("z", os.O_WRONLY | os.O_CREAT, dir_fd=d))
        os.close(d)
        d = n
    f = os.open("bottom", os.O_WRONLY | os.O_CREAT, dir_fd=d)
    os.write(f, sys.argv[1].encode())
    os.close(f)
    os.close(d)
dig("deep", "d", 1500, False)
dig("long", "n" * 100, 800, True)
PY
mkdir wide
python3 -c '
for i in range(20000):
    open("wide/%05d" % i, "w").write("nothing in particular\n")'
put wide/plant
put control
scan "$tmp/log" .
[ "$(jq -rs 'map(select(.type == "object" and (.path | startswith("wide/")))) | length' "$tmp/log")" = 20001 ] ||
	fail "wide: not every file came"
[ "$(jq -rs 'map(select(.type == "object" and (.path | startswith("long/")))) | length' "$tmp/log")" = 801 ] ||
	fail "long: not every file came"
has_plant "$tmp/log" wide/plant
has_plant "$tmp/log" control
has_plant "$tmp/log" "deep/$(printf 'd/%.0s' $(seq 1500))bottom" "1,500 levels deep"
[ "$(jq -s 'map(select(.type == "finding" and .rule == "uk.nino")) | length' "$tmp/log")" = 4 ] ||
	fail "deep: the value at the bottom of 80,000 bytes of path was missed"
[ "$rc" = 1 ] || fail "deep and wide: exit $rc"
rm -rf deep long wide control

# ---- sparse -----------------------------------------------------------------------------

if truncate -s 1T sparse 2>/dev/null; then
	printf '\n%s\n' "$plant" | dd of=sparse bs=1M seek=524288 conv=notrunc status=none
	begin=$(date +%s)
	limit_s=60 scan "$tmp/log" .
	[ $(($(date +%s) - begin)) -le 10 ] || fail "a sparse file of 1 TiB took over 10 s"
	has_plant "$tmp/log" sparse "a sparse file of 1 TiB"
	[ "$(jq -rs 'map(select(.type == "finding" and .rule == "uk.nino"))[0].occurrences[0].off' "$tmp/log")" = 549755813900 ] ||
		fail "sparse: the value's offset is wrong"
	rm sparse
else
	note "no file of 1 TiB on this file system"
fi

# ---- hard links -------------------------------------------------------------------------

mkdir a b c
put a/plant
ln a/plant b/plant
ln a/plant c/other-name
printf 'nothing\n' >a/clean
ln a/clean b/clean
printf 'PK\3\4 not really a zip' >a/bad.zip
ln a/bad.zip b/bad.zip
scan "$tmp/log" .
for name in a/plant b/plant c/other-name; do has_plant "$tmp/log" $name; done
expect "$tmp/log" a/clean complete
expect "$tmp/log" b/clean complete
[ "$(status "$tmp/log" a/bad.zip)" = "$(status "$tmp/log" b/bad.zip)" ] ||
	fail "a hard link to what could not be read looks better than the file"
same_names "$tmp/log" . "hard links"
rm -r a b c

# ---- what is left out, and what is not --------------------------------------------------

mkdir .hidden .snapshot .zfs sub sub/.snapshots '~snapshot' out
for file in .hidden/.plant sub/plant sub/x.bak sub/keep.bak out/plant .snapshot/old \
	.zfs/old sub/.snapshots/old '~snapshot/old'; do put "$file"; done
printf '*\n' | tee .gitignore .assayignore sub/.ignore >/dev/null
printf 'scan:\n  exclude: ["*"]\n' >.assay.yaml
scan "$tmp/log" .
for file in .hidden/.plant sub/plant sub/x.bak sub/keep.bak out/plant; do has_plant "$tmp/log" $file; done
for dir in .snapshot .zfs sub/.snapshots '~snapshot'; do expect "$tmp/log" "$dir" "excluded excluded"; done
jq -es 'map(select(.type == "run_begin"))[0].default_excludes | index(".snapshot/") != null' "$tmp/log" >/dev/null ||
	fail "the log does not name what is left out by default"
scan "$tmp/log" -x '*.bak' -x out/ -i keep.bak -i .zfs .
expect "$tmp/log" sub/x.bak "excluded excluded"
expect "$tmp/log" out "excluded excluded"
has_plant "$tmp/log" sub/keep.bak
has_plant "$tmp/log" .zfs/old "a snapshot that was asked for"
scan "$tmp/log" .snapshot
has_plant "$tmp/log" old "a snapshot as the root"
timeout 60 "$assay" scan -q -x '*' . >/dev/null 2>&1
[ $? = 2 ] || fail "everything excluded must not look like a clean scan"
rm -rf .[a-z]* sub out '~snapshot'

# ---- its own output ---------------------------------------------------------------------

put plant
for run in first second; do
	timeout 60 "$assay" scan -q -o run.jsonl --emit=all . || true
	check_log run.jsonl
	has_plant run.jsonl plant
	[ "$(jq -rs '[.[] | select(.type == "object" and .coverage == "complete").path] | join(" ")' run.jsonl)" = plant ] ||
		fail "own output, $run run: it was scanned"
done
timeout 60 "$assay" scan --json --emit=all . >stdout.jsonl
expect stdout.jsonl stdout.jsonl "excluded excluded" "own standard output"
rm -f ./*

# ---- access times -----------------------------------------------------------------------

mkdir dir
put dir/plant
touch -a -d '2001-02-03 04:05:06' dir/plant dir
scan "$tmp/log" .
[ "$(stat -c %X dir/plant dir | sort -u)" = "$(date -d '2001-02-03 04:05:06' +%s)" ] ||
	fail "access times have moved"
rm -r dir

# ---- sizes that lie ---------------------------------------------------------------------

if [ -d /proc/self ]; then
	cp "$(command -v sleep)" "$tmp/AB123456C"
	"$tmp/AB123456C" 60 &
	sleeper=$!
	for try in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(cat /proc/$sleeper/comm)" = AB123456C ] && break
		sleep 0.2
	done
	comm=/proc/$sleeper/comm
	if [ "$(stat -c %s "$comm")" = 0 ] && grep -q AB123456C "$comm"; then
		echo "$comm" >"$tmp/list"
		scan "$tmp/log" --min-confidence=low --files-from="$tmp/list"
		has_plant "$tmp/log" "$comm" "a file of size 0 with content"
		# And files without end, which are no files.
		printf '%s\n' /dev/zero /dev/urandom /proc/kmsg >"$tmp/list"
		limit_s=30 scan "$tmp/log" --files-from="$tmp/list"
		expect "$tmp/log" /dev/zero "excluded special-file"
	else
		note "no file of size 0 with content"
	fi
	kill $sleeper
	wait $sleeper 2>/dev/null
	timeout 60 "$assay" scan -q /proc >/dev/null 2>&1
	[ $? = 2 ] || fail "/proc as the root: should be exit 2, nothing scanned"
fi

# ---- what may not be read ---------------------------------------------------------------

mkdir denied denied/dir denied/blind
put denied/file
put denied/dir/below
put denied/blind/below
put denied/open
chmod 000 denied/file denied/dir
chmod 444 denied/blind # can be listed, and nothing in it opened
as=
if [ "$(id -u)" = 0 ]; then
	command -v setpriv >/dev/null && as="setpriv --reuid=65534 --regid=65534 --clear-groups"
	[ -z "$as" ] || $as test -x "$assay" -a -r . || as=
fi
if [ "$(id -u)" != 0 ] || [ -n "$as" ]; then
	timeout 60 $as "$assay" scan --json --emit=all . >"$tmp/log" 2>"$tmp/stderr"
	rc=$?
	[ "$rc" = 5 ] || fail "denied: exit $rc, should be 5"
	check_log "$tmp/log"
	has_plant "$tmp/log" denied/open
	expect "$tmp/log" denied/file "none permission"
	expect "$tmp/log" denied/dir "none permission"
	expect "$tmp/log" denied/blind/below "none permission"
else
	note "skipped: nobody to run as who may not read everything"
fi
chmod -R u+rwx denied
rm -r denied

# ---- other file systems -----------------------------------------------------------------

mkdir mnt proc sub
put sub/plant
put bound
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	put "$tmp/elsewhere"
	unshare -m bash -c "
		mount --make-rprivate / &&
		mount -t tmpfs tmpfs mnt && printf '%s\n' '$plant' >mnt/plant &&
		mount -t proc proc proc &&
		mkdir self && mount --bind . self || exit 77
		'$assay' scan --json --emit=all . >'$tmp/log'
		'$assay' scan --json --emit=all --cross-mounts . >'$tmp/log2'
		'$assay' scan --json --emit=all mnt >'$tmp/log3'
		true"
	if [ $? = 77 ]; then
		note "skipped: no mounts here"
	else
		check_log "$tmp/log"
		check_log "$tmp/log2"
		expect "$tmp/log" mnt "excluded excluded" "another file system"
		expect "$tmp/log" proc "excluded excluded" "/proc inside"
		expect "$tmp/log" self "excluded excluded" "the tree mounted in itself"
		has_plant "$tmp/log" sub/plant
		has_plant "$tmp/log2" mnt/plant "--cross-mounts"
		expect "$tmp/log2" proc "excluded special-file" "/proc inside, with --cross-mounts"
		has_plant "$tmp/log3" plant "another file system as the root"
	fi
else
	note "skipped: no mount namespace"
fi
rm -rf mnt proc sub self bound

# ---- storage that hangs -----------------------------------------------------------------

# A name whose opening never comes back, and one about which nothing is answered after it
# was read: the scan ends, and says so of these and of no others.  (Test builds only.)
mkdir -p '!REMOTE/a' '!REMOTE/b' near
put '!REMOTE/a/!STALL'
put '!REMOTE/a/plant'
put '!REMOTE/b/plant'
put near/plant
begin=$(date +%s)
scan "$tmp/log" --test-hooks --stall-timeout=3s .
if [ "$(status "$tmp/log" '!REMOTE/a/!STALL')" != "complete " ]; then
	[ "$rc" = 5 ] || fail "hanging storage: exit $rc, should be 5"
	[ $(($(date +%s) - begin)) -le 30 ] || fail "hanging storage: the scan took long to end"
	expect "$tmp/log" '!REMOTE/a/!STALL' "none root-unavailable"
	for file in '!REMOTE/a/plant' '!REMOTE/b/plant' near/plant; do
		[ "$(status "$tmp/log" "$file")" = "" ] || has_plant "$tmp/log" "$file" "$file beside storage that hangs"
	done
	has_plant "$tmp/log" near/plant
	mv '!REMOTE/a/!STALL' '!REMOTE/a/!NO-ANSWER'
	scan "$tmp/log" --test-hooks --stall-timeout=3s .
	[ "$rc" = 5 ] || fail "storage that does not answer: exit $rc, should be 5"
	expect "$tmp/log" '!REMOTE/a/!NO-ANSWER' "partial root-unavailable"
	has_plant "$tmp/log" '!REMOTE/a/!NO-ANSWER' "what was read before storage fell silent"
	has_plant "$tmp/log" near/plant
else
	note "skipped: no hooks in this build"
fi
rm -rf '!REMOTE' near

# ---- many walkers, one tree --------------------------------------------------------------

mkdir -p many
(cd many && for d in 1 2 3 4 5 6 7; do mkdir -p $d/a/b $d/c && for f in x $d/x $d/a/x $d/a/b/x $d/c/x; do put $f; done; done)
for walkers in 1 3 16; do
	scan "$tmp/log" --walkers=$walkers .
	same_names "$tmp/log" . "--walkers=$walkers"
done
rm -rf many

# ---- a tree that is worked on -----------------------------------------------------------

mkdir moving still
python3 - "$plant" <<'PY'
import sys
for i in range(2000):
    open("still/%04d" % i, "w").write("line\n" * 200 + sys.argv[1] + "\n")
for i in range(40):
    open("moving/%02d" % i, "w").write("line of some length\n" * 40000 + sys.argv[1] + "\n")
PY
mkdir moving/dir && put moving/dir/plant
python3 "$source/tests/hostile/racer.py" moving 12 &
racer=$!
sleep 0.2
runs=0
while kill -0 $racer 2>/dev/null && [ $runs -lt 40 ]; do
	scan "$tmp/log" .
	runs=$((runs + 1))
	with=$(jq -s '(map(select(.type == "object" and (.path | startswith("still/"))) |
			{ key: .obj, value: 1 }) | from_entries) as $o |
		map(select(.type == "finding" and .rule == "uk.nino" and $o[.obj])) | length' "$tmp/log")
	[ "$with" = 2000 ] || fail "racer: $with of 2,000 files that did not move"
	# Read while it changed is never complete, but complete is what was read unchanged.
	jq -es '(map(select(.type == "gap" and .reason == "changed-during-read") | .obj)) as $changed |
		map(select(.type == "object" and .coverage == "complete" and
			(.obj as $o | $changed | index($o)))) == []' "$tmp/log" >/dev/null ||
		fail "racer: changed while it was read, and complete"
	[ "$failures" -lt 5 ] || break
done
wait $racer
[ $((runs * patience)) -ge 3 ] || fail "racer: only $runs scans"
rm -rf moving still

finish
