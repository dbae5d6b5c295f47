"""rare.py OUT - archives that real programs made (tests/data/archives), and what becomes of them

Solid, encrypted, in volumes, with a method nobody reads, cut, doubled, with something before
and behind; rar by hand, as nobody may write it; and files of the same kind as those that
libarchive's own tests hold against it.
"""
import gzip
import lzma
import os
import random
import re
import struct
import subprocess
import zlib

from expect import PLANT, Out

out = Out()
MADE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "archives")
PLAIN = b"A letter.\n" + PLANT + b"\nYours\n"


def made(name):
    with open(os.path.join(MADE, name), "rb") as f:
        data = f.read()
    return gzip.decompress(data) if name.endswith(".iso.gz") else data


def vint(n):
    b = bytearray()
    while n > 127:
        b.append(n & 127 | 128)
        n >>= 7
    return bytes(b + bytes([n]))


# ---- as they are ------------------------------------------------------------------------
TWO = """lzma2.7z lzma.7z ppmd.7z bzip2.7z deflate.7z copy.7z solid.7z bcj2.7z delta.7z bzip2.zip
lzma.zip ppmd.zip mszip.cab stored.cab lh0.lzh lh1.lzh lh5.lzh lh6.lzh lh7.lzh xz.xar bzip2.xar gzip.xar bin.cpio
odc.cpio bsd.a gnu.a plain.warc""".split()
for name in TWO:
    out.add(name, made(name), "complete", found=2, members=2)
for name in ("joliet", "deep"):
    out.add(name + ".iso", made(name + ".iso.gz"), "complete", found=2, members=2)
for name in ("a.txt.Z", "a.txt.lz", "a.txt.lz4", "legacy.lz4", "a.txt.zst"):
    out.add(name, made(name), "complete", found=1, members=1)
for name in ("encrypted.7z", "aes.zip", "zipcrypto.zip"):
    out.add(name, made(name), "partial", "encrypted", members=2, why="the names are there, the content is not")
out.add("encrypted-header.7z", made("encrypted-header.7z"), "partial|none", "encrypted", why="not even the names")
# After the first of them libarchive has lost its way in the file.
for name in ("deflate64.7z", "arm64.7z"):
    out.add(name, made(name), "partial", "unsupported-type malformed?", members=2)
out.add("deflate64.zip", made("deflate64.zip"), "partial", "unsupported-type", members=2)
out.add("long31.zst", made("long31.zst"), "partial", "limit-memory", why="a window of 2 GiB")
out.add("skippable.zst", b"\x50\x2a\x4d\x18\4\0\0\0skip" + made("a.txt.zst"), "complete", found=1)

# ---- zip: methods that the tools at hand do not write -----------------------------------


def zipped(method, packed, size, crc, flags=0):
    head = struct.pack("<5H3L2H", 63, flags, method, 0, 0x21, crc, len(packed), size, 5, 0)
    local = b"PK\3\4" + head + b"a.txt" + packed
    entry = b"PK\1\2" + struct.pack("<H", 63) + head[:-4] + struct.pack("<5H2L", 5, 0, 0, 0, 0, 0, 0) + b"a.txt"
    return local + entry + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entry), len(local), 0)


content = lzma.decompress(lzma.compress(PLAIN * 30))
crc = zlib.crc32(content)
out.add("method-xz.zip", zipped(95, lzma.compress(content), len(content), crc), "complete", found=30)
zstd = subprocess.run(["zstd", "-q", "-c"], input=content, capture_output=True)
if zstd.returncode == 0:
    out.add("method-zstd.zip", zipped(93, zstd.stdout, len(content), crc), "complete", found=30)
for method in (1, 6, 9, 10, 12, 14, 93, 95, 97, 98):
    out.add("method-%d-garbage.zip" % method, zipped(method, b"\xa7\x5d\0\x80" * 50, 1000, crc), "partial",
            "malformed|unsupported-type|limit-memory container-slack?")

# ---- 7z: what its header says -----------------------------------------------------------


def sevenz(data, old, new):
    """Change bytes of a header that is not packed, and make its sums right."""
    at, size = struct.unpack("<QQ", data[12:28])
    header = data[32 + at:32 + at + size]
    assert header.count(old) >= 1, old
    header = header.replace(old, new)
    tail = struct.pack("<QQL", at, size, zlib.crc32(header))
    return data[:8] + struct.pack("<L", zlib.crc32(tail)) + tail + data[32:32 + at] + header


lzma2, ppmd, copy = made("lzma2.7z"), made("ppmd.7z"), made("copy.7z")
prop = re.search(rb"\x21\x21\x01(.)", lzma2, re.S).group(1)
for bits in (37, 40):
    out.add("dictionary-%d.7z" % bits, sevenz(lzma2, b"\x21\x21\x01" + prop, b"\x21\x21\x01" + bytes([bits])),
            "partial|complete", "limit-memory? malformed?", (0, 2), never_silent=True, why="a dictionary of GiB")
mem = re.search(rb"\x23\x03\x04\x01\x05.(....)", ppmd, re.S).group(1)
for size in (1 << 30, 0xffffffff):
    out.add("ppmd-%x.7z" % size, sevenz(ppmd, mem, struct.pack("<L", size)), "partial|complete",
            "limit-memory? malformed?", (0, 2), never_silent=True)
for i, cut in enumerate((900, 1800)):
    # The content lies there as it is; the plant of the first member is at 1240.
    out.add("volumes-%d.7z.001" % cut, copy[:cut], "partial", "malformed", i, why="the directory is in another volume")
for name in ("solid.7z", "bcj2.7z"):
    whole = made(name)
    out.add("cut-" + name, whole[:len(whole) // 2], "partial", "malformed")
    damaged = bytearray(whole)
    damaged[32 + 100] ^= 0x55
    out.add("damaged-" + name, bytes(damaged), "partial", "malformed unsupported-type?", (0, 1))
out.add("header-sum.7z", lzma2[:-1] + bytes([lzma2[-1] ^ 1]), "partial|none", "malformed unsupported-type?", (0, 2))
out.add("before.7z", b"MZ a stub\n" + PLAIN + b"\n" + lzma2, "partial", "unsupported-type", 3, members=3,
        why="what extracts itself")
for name, head in (("picture.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(300000)), ("program.exe", b"MZ" + bytes(70000)),
                   ("picture.gif", b"GIF89a" + bytes(65536 - 9)), ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(65536 * 2 - 11))):
    out.add("7z-behind-" + name, head + made("lzma2.7z"), "partial", "no-text? unsupported-type?", 2, members=3,
            why="an archive hides behind it")
out.add("7z-behind-text.txt", b"just a note of some length\n" * 400 + lzma2, "partial", "unsupported-type", 2, members=3)
out.add("locked-7z-behind-picture.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(300000) + made("encrypted-header.7z"), "partial",
        "no-text? unsupported-type? encrypted")
for name in ("lzma2.7z", "stored.cab", "lh5.lzh", "bin.cpio", "bsd.a", "joliet.iso.gz", "gzip.xar", "xz.xar", "bzip2.xar"):
    out.add("behind-" + name.replace(".gz", ""), made(name) + b"\n" + PLAIN, "complete|partial", "container-slack", 3)

# ---- rar: stored members, by the published description ----------------------------------


def rar4(members, main=0, file=0, whole=1):
    def block(kind, flags, body, data=b""):
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xffff) + head + data
    b = b"Rar!\x1a\7\0" + block(0x73, main, bytes(6))
    for name, data in members:
        b += block(0x74, 0x8000 | file, struct.pack("<LLBLLBBHL", len(data), len(data) * whole, 3, zlib.crc32(data),
                                                    0x21 << 16, 20, 0x30, len(name), 0o100644) + name, data)
    return b + block(0x7b, 0x4000, b"")


def rar5(members, main=0, extra=b"", first=b"", split=0, info=0, whole=1):
    def block(kind, flags, body, data=b""):
        head = vint(kind) + vint(flags) + body
        head = vint(len(head)) + head
        return struct.pack("<L", zlib.crc32(head)) + head + data
    b = b"Rar!\x1a\7\1\0" + first + block(1, 0, vint(main) + (vint(0) if main & 2 else b""))
    for name, data in members:
        sizes = (vint(len(extra)) if extra else b"") + vint(len(data))
        b += block(2, 2 | bool(extra) | split, sizes + vint(4) + vint(len(data) * whole) + vint(0o100644) +
                   struct.pack("<L", zlib.crc32(data)) + vint(info) + vint(1) + vint(len(name)) + name + extra, data)
    return b + block(5, 0, vint(0))


letters = [(b"a.txt", PLAIN), (b"b.txt", PLAIN)]
out.add("stored.rar", rar4(letters), "complete", found=2, members=2)
out.add("solid.rar", rar4(letters, main=8, file=0x10), "complete|partial", "unsupported-type? malformed?", (0, 2), never_silent=True)
out.add("encrypted.rar", rar4(letters, file=4), "partial", "encrypted", members=2)
out.add("encrypted-header.rar", rar4(letters, main=0x80), "partial|none", "encrypted malformed? unsupported-type?", (0, 2))
out.add("volumes.rar", rar4(letters[:1], main=1, file=2, whole=3), "partial", "malformed", (0, 1), never_silent=True)
out.add("stored5.rar", rar5(letters), "complete", found=2, members=2)
crypt = b"\x00\x00\x0f" + b"s" * 16 + b"i" * 16
crypt = vint(len(crypt) + 1) + b"\1" + crypt
out.add("encrypted5.rar", rar5([(n, b"\xa7" * 32) for n, _ in letters], extra=crypt), "partial",
        "encrypted", members=2, why="nothing in the content tells")
out.add("encrypted5.rar.gz", gzip.compress(rar5([(n, b"\xa7" * 32) for n, _ in letters], extra=crypt)), "partial", "encrypted",
        members=2)
body = vint(4) + vint(0) + b"\0\0\x0f" + b"s" * 16
body = vint(len(body)) + body
out.add("encrypted-header5.rar", rar5(letters, first=struct.pack("<L", zlib.crc32(body)) + body), "partial|none",
        "encrypted", (0, 2))
out.add("volumes5.rar", rar5(letters[:1], main=3, split=0x10, whole=3), "partial", "malformed", (0, 1))
out.add("volumes5.part2.rar", rar5(letters[:1], main=3, split=8, whole=3), "partial|complete", "malformed?", (0, 1), never_silent=True)
out.add("volumes.part2.rar", rar4(letters[:1], main=1, file=1, whole=3), "partial", "malformed", (0, 1), never_silent=True)
out.add("window5.rar", rar5(letters, info=15 << 10 | 3 << 7), "partial", "limit-memory|malformed|unsupported-type")
out.add("bid.rar", b"Rar!\x1a\7\x55" + PLAIN, "partial|none", "malformed", 1,
        why="a version that libarchive does not take for its own")
out.add("rar-behind-picture.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(300000) + rar5(letters), "partial",
        "no-text? unsupported-type?", (2, 4), members=3)
out.add("behind5.rar", rar5(letters) + b"\n" + PLAIN, "complete|partial", "container-slack", 3)
out.add("behind.rar", rar4(letters) + b"\n" + PLAIN, "complete|partial", "container-slack", 3)

# ---- in volumes -------------------------------------------------------------------------
cab = bytearray(made("stored.cab"))
cab[30:32] = struct.pack("<H", 2)
out.add("volumes.cab", bytes(cab[:36]) + b"next.cab\0disk 2\0" + bytes(cab[36:]), "partial|complete",
        "malformed|unsupported-type container-slack?", (0, 2))
out.add("volumes.zip.001", made("bzip2.zip")[:700], "partial", "malformed container-slack?", (0, 1))

# ---- streams in a row, and with something around them -----------------------------------
for name in ("a.txt.lz", "a.txt.lz4", "a.txt.zst", "legacy.lz4"):
    one = made(name)
    ext = name.rsplit(".", 1)[1] + ("l" if "legacy" in name else "")
    out.add("two." + ext, one + one, "complete", "container-slack?", 2)
    out.add("behind." + ext, one + b"\n" + PLAIN, "complete|partial", "container-slack? malformed?", (0, 2), never_silent=True)
    out.add("cut." + ext, one[:len(one) * 2 // 3], "partial", "malformed")
out.add("behind.warc", made("plain.warc") + b"\n" + PLAIN, "partial", "malformed", (2, 3))
out.add("behind.Z", made("a.txt.Z") + b"\n" + PLAIN, "complete|partial", "malformed? container-slack?", (0, 2), never_silent=True)

# ---- cab, iso, lha, xar: bad ones, of the kinds that break libarchive --------------------
# Each must cost itself alone: what a worker dies of is said, and so is what it hangs on.
SAID = "malformed? crash-quarantined? limit-time? limit-memory? unsupported-type? container-slack? encrypted?"
rng = random.Random(20)


def cabinet(kind, blocks, names=2, first_at=None):
    """One folder of a kind of compression, its blocks (packed, size)."""
    files = b"".join(struct.pack("<LLHHHH", PLAIN and 1000, 1000 * i, 0, 0x5a21, 0, 32) + b"%d.txt\0" % i for i in range(names))
    data = b"".join(struct.pack("<LHH", 0, len(p), n) + p for p, n in blocks)
    files_at = 36 + 8
    head = struct.pack("<4s3L2L2B5H", b"MSCF", 0, files_at + len(files) + len(data), 0, files_at, 0, 3, 1, 1, names, 0, 7, 0)
    return head + struct.pack("<LHH", first_at or files_at + len(files), len(blocks), kind) + files + data


for window in (15, 18, 21):
    for n in range(4):
        blocks = [(rng.randbytes(rng.randrange(20, 4000)), 32768) for _ in range(3)]
        out.add("lzx-%d-%d.cab" % (window, n), cabinet(3 | window << 8, blocks), "partial|none", SAID, seconds=25)
out.add("skip.cab", cabinet(1, [(b"CK" + rng.randbytes(60), 32768)] * 3, names=40), "partial|none", SAID, seconds=25)
out.add("skip-past-end.cab", cabinet(0, [(b"x" * 100, 100)], first_at=0xfffffff0), "partial|none", SAID, seconds=25)
out.add("skip-zero.cab", cabinet(0, [(b"", 0)] * 200, names=200), "partial|none", SAID, seconds=25)
out.add("quantum.cab", cabinet(0x1202, [(rng.randbytes(100), 1000)]), "partial|none", "unsupported-type|malformed unsupported-type?")
for n in range(6):
    data = bytearray(rar5([(b"%d" % i, rng.randbytes(3000)) for i in range(3)], main=4, info=(n % 6) << 10 | 3 << 7 | 0x40))
    out.add("window-%d.rar" % n, bytes(data), "partial|none", SAID, seconds=25, why="packed data that is none, window after window")

iso = bytearray(made("joliet.iso.gz"))
root = struct.unpack("<L", iso[16 * 2048 + 158:16 * 2048 + 162])[0] * 2048
ce = iso.index(b"CE\x1c\x01", root)
loop = struct.unpack("<L", iso[ce + 4:ce + 8])[0] * 2048 + struct.unpack("<L", iso[ce + 12:ce + 16])[0]
iso[loop:loop + 28] = iso[ce:ce + 28]
out.add("continued-by-itself.iso", bytes(iso), "partial|complete|none", SAID, (0, 2), seconds=25, never_silent=True,
        why="Rock Ridge's continuation is where it stands")
deep = made("deep.iso.gz")
rock = deep.replace(b"SP\x07\x01", b"XX\x07\x01").replace(b"RRIP_1991A", b"XXXX_1991A").replace(b"RR\x05\x01", b"XX\x05\x01")
wide = "é".encode("utf-16-be")
out.add("joliet-deep.iso", rock, "complete|partial", SAID, (0, 2), seconds=25, never_silent=True)
out.add("joliet-wide.iso", rock.replace(wide, "\u20ac".encode("utf-16-be")), "complete|partial", SAID, (0, 2), seconds=25,
        never_silent=True, why="names that grow when they are converted")
for n, at in enumerate((16 * 2048 + 80, 16 * 2048 + 166, root + 2, root + 10)):
    bad = bytearray(made("joliet.iso.gz"))
    bad[at:at + 4] = b"\xff\xff\xff\x7f"
    out.add("number-%d.iso" % n, bytes(bad), "partial|complete|none", SAID, (0, 2), seconds=25, never_silent=True)


def xar(toc, heap=b""):
    z = zlib.compress(toc)
    return struct.pack(">LHHQQL", 0x78617221, 28, 1, len(z), len(toc), 0) + z + heap


def xar_toc(files):
    return b'<?xml version="1.0"?><xar><toc>' + files + b"</toc></xar>"


def xar_file(i, link):
    return b'<file id="%d"><name>f%d</name><type link="%s">hardlink</type></file>' % (i, i, link)


out.add("linked-to-each-other.xar", xar(xar_toc(xar_file(1, b"2") + xar_file(2, b"1"))), "partial|complete|none", SAID, seconds=25)
out.add("linked-to-itself.xar", xar(xar_toc(xar_file(1, b"1"))), "partial|complete|none", SAID, seconds=25)
out.add("linked-twice.xar", xar(xar_toc(
    b'<file id="1"><name>o</name><type link="original">hardlink</type></file>' + xar_file(2, b"1") * 2 +
    b'<file id="1"><name>o</name><type link="original">hardlink</type></file>')), "partial|complete|none", SAID, seconds=25)
out.add("deep.xar", xar(xar_toc(b'<file id="1"><name>d</name><type>directory</type>' * 20000)), "partial|none", SAID, seconds=25)
for name in ("lh5.lzh", "lh7.lzh", "gzip.xar", "mszip.cab", "bin.cpio", "plain.warc"):
    whole = made(name)
    for n in range(6):
        bad = bytearray(whole)
        for _ in range(3):
            bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        out.add("flipped-%d-%s" % (n, name), bytes(bad), "partial|complete|none", SAID, (0, 2), seconds=25)
warc = made("plain.warc")
out.add("length.warc", re.sub(rb"Content-Length: \d+", b"Content-Length: 99999999999999999999", warc), "partial|none|complete", SAID,
        (0, 2), never_silent=True)
out.add("without-length.warc", re.sub(rb"Content-Length: \d+\r\n", b"", warc), "partial|none|complete", SAID, (0, 2), never_silent=True)
for level in (4, 255):
    lzh = bytearray(made("lh0.lzh"))
    lzh[20] = level
    out.add("level-%d.lzh" % level, bytes(lzh), "partial|none|complete", SAID, (0, 2), never_silent=True)
out.add("size.lzh", (lambda b: b[:7] + b"\xff\xff\xff\x7f" + b[11:])(made("lh0.lzh")), "partial|none|complete", SAID, (0, 2),
        never_silent=True)
out.done()
