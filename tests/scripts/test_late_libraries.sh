# test_late_libraries.sh ASSAY SOURCE_DIR - a lone small file is scanned by a worker that has not
# opened the libraries of readers: what comes of it is what comes of it in a scan at full speed
set -euo pipefail
. "$(dirname "$0")/file-lib.sh"

python3 - <<'PY'
import bz2, io, sqlite3, tarfile, zipfile

text = b"Patient NHS No: 999 000 0018\nNI number: AB123456C\n"
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w:gz") as tar:
    member = tarfile.TarInfo("letter.txt")
    member.size = len(text)
    tar.addfile(member, io.BytesIO(text))
packed = packed.getvalue()
out = {"letter.txt": text, "a.tar.gz": packed, "cut.tar.gz": packed[:-20], "a.bz2": bz2.compress(text),
       "unknown.bin": b"\x01\x93\xfe\0" + bytes(range(256)) + text + b"\0\0"}
with zipfile.ZipFile("in/a.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("inner.tar.gz", packed)
with zipfile.ZipFile("in/rare.zip", "w", zipfile.ZIP_BZIP2) as z:
    z.writestr("letter.txt", text * 9)
db = sqlite3.connect("in/a.sqlite")
db.execute("CREATE TABLE people (name TEXT, nino TEXT)")
db.execute("INSERT INTO people VALUES ('x', 'AB123456C')")
db.commit()
db.close()
out["cut.sqlite"] = open("in/a.sqlite", "rb").read()[:700]
for name, content in out.items():
    with open("in/" + name, "wb") as f:
        f.write(content)
PY
cp "$source"/tests/data/archives/{lzma2.7z,mszip.cab,a.txt.Z,a.txt.zst,deflate64.zip,lh5.lzh,gzip.xar} in/

# What a log says of its files, without what differs between two runs.
says() {
	jq -cS 'select(.type == "object" or .type == "finding" or .type == "gap") |
		[.type, .inner, .mime, .coverage, .rule, .counts, .reason, .detail, .occurrences]' log.jsonl | sort
}

head -c 32 /dev/zero | tr '\0' 'k' >key
for file in in/*; do
	file=${file#in/}
	scan "$file" --key-file key
	says >alone
	[ -s alone ] || fail "$file: nothing in the log"
	rm -f log.jsonl
	echo "in/$file" | "$assay" scan --files-from=- --key-file key -o log.jsonl >/dev/null 2>&1 || true
	says >among
	cmp -s alone among || { diff alone among >&2; fail "$file: not what a scan at full speed says"; }
done

# Each was read by its reader, not as runs of characters.
for file in letter.txt a.tar.gz a.zip rare.zip a.bz2 a.sqlite; do
	scan "$file"
	! grep -q '"type":"gap"' log.jsonl || fail "$file: a gap"
	finding uk.nino '[0-9]*' '[0-9]*' '[0-9]*' 1
done

# One of several that wants a library: the others are not scanned twice, nor lost.
for jobs in 1 2; do
	rm -f log.jsonl
	cp in/letter.txt in/other.txt
	"$assay" scan -j$jobs in/letter.txt in/a.tar.gz in/other.txt in/unknown.bin -o log.jsonl >/dev/null 2>&1 || true
	"$assay" verify log.jsonl >/dev/null || fail "-j$jobs: the log does not verify"
	[ "$(grep -c '"type":"finding".*"rule":"uk.nino"' log.jsonl)" = 4 ] || fail "-j$jobs: not one finding a file"
	grep -q '"enumerated":4,"complete":3,"partial":1,.*"members":2,.*"findings":8,' log.jsonl ||
		fail "-j$jobs: other counts"
done
