# test_same_share.sh ASSAY SOURCE_DIR - a share of many small files: what is found is the same
# whoever walks it in whatever order, with how many workers, on which processor, by which
# engine, and when all of it lies in one archive.  ASSAY_TEST_FULL=1: 20,000 files, not 800.
. "$(dirname "$0")/scan-lib.sh"
need python3

files=800 part=100
[ "${ASSAY_TEST_FULL:-}" = 1 ] && files=20000 part=1000
limit_s=300
key=$tmp/key
head -c 32 /dev/zero | tr '\0' 'k' >"$key"
python3 "$source/tests/hostile/mixed.py" "$tmp/share" $files || fail "mixed.py"
cd "$tmp" || exit 99

# What a log says of each object and finding, one a line and sorted, by name alone: names of
# roots, and of an archive that holds the whole share, are taken off.
cat >lines.py <<'PY'
import json, sys
whole = sys.argv[2] if len(sys.argv) > 2 else None
at, out = {}, []
for line in open(sys.argv[1], encoding="utf-8"):
    e = json.loads(line)
    if e["type"] == "object":
        path = ([] if e["root"] in (".", "share") else [e["root"]]) + [e["path"]]
        parts = ["/".join(path).removeprefix("share/")] + e["inner"]
        if whole:
            parts = parts[1:]
            if parts and parts[0].endswith(".tar"):
                parts = parts[1:]
            if not parts:
                continue
        at[e["obj"]] = "!".join(parts)
        out.append((at[e["obj"]], "object", e["coverage"], e["mime"], e["records"], e["low"],
                    e["marking"] and [e["marking"][k] for k in ("label", "tier", "where", "confidence")]))
    elif e["type"] == "finding" and e["obj"] in at:
        out.append((at[e["obj"]], e["rule"], e.get("counts"), e.get("unique"), e.get("values_fp"), e["part"],
                    [[o["off"], o["len"], o["loc"], o["fp"], o["conf"], o["mask"]] for o in e["occurrences"]]))
    elif e["type"] == "gap" and e["obj"] in at:
        out.append((at[e["obj"]], "gap", e["reason"], e["blocking"]))
print("\n".join(sorted(json.dumps(o) for o in out)))
PY

# take FILE WHOLE ARGS...: the lines of a scan with these arguments
take() {
	local file=$1 whole=$2
	shift 2
	timeout "$limit_s" "$assay" scan --json --emit=all --key-file "$key" --min-confidence=low --max-occurrences=0 \
		--max-members=1000000 --file-timeout=120s "$@" >log 2>stderr
	[ $? -lt 16 ] || fail "scan $*: $(tail -3 stderr)"
	python3 lines.py log $whole >"$file"
}

# same WHAT WHOLE ARGS...
same() {
	local what=$1
	shift
	take got "$@"
	cmp -s want got || {
		fail "$what: other findings"
		diff want got | cut -c1-300 | head -6 >&2
	}
}

scan log --key-file "$key" share # its sums, once
[ "$rc" -lt 16 ] || fail "the share: exit $rc"
take want "" -j1 share
[ "$(grep -c '"object"' want)" -ge $files ] || fail "only $(grep -c '"object"' want) objects"
[ "$(grep -vc '"object"' want)" -ge $((files / 2)) ] || fail "only $(grep -vc '"object"' want) findings"

# Workers and walkers.
for j in 2 8; do same "-j$j" "" -j$j share; done
for n in 2 16; do same "--walkers=$n" "" --walkers=$n share; done
# The order of things.
same "roots from the last to the first" "" share/d9 share/d3 share/d8 share/d7 share/d6 share/d0 share/d5 \
	share/d4 share/d2 share/d1
for order in cat tac; do
	$order share.list | sed 's,^,share/,' >list
	same "--files-from, $order" "" --files-from=list
done
# Instruction sets.
for isa in scalar avx2 avx512; do
	timeout 60 "$assay" scan -q --isa=$isa --allow-empty /dev/null >/dev/null 2>&1
	[ $? = 2 ] && { note "no $isa here"; continue; }
	same "--isa=$isa" "" --isa=$isa share
done
# Carriers: the same by the names inside.  Only what stood at the top stands one level lower.
for carrier in share.zip share.tar.gz; do same "$carrier" whole $carrier; done
# The slow engine, on a part.
head -n $part share.list | sed 's,^,share/,' >list
take want "" --files-from=list
same "--engine=reference" "" --engine=reference --files-from=list
finish
