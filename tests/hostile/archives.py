"""archives.py OUT - tar, cpio, ar, 7z and the compressors, odd and broken"""
import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zlib

from expect import PLANT, Out, prose

out = Out()


def text(n=0):
    return b"A letter, number %d.\n" % n + PLANT + b"\nYours\n"


def gz(data, level=9):
    return gzip.compress(data, level, mtime=0)


def tar(members, form=tarfile.GNU_FORMAT):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w", format=form) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            if isinstance(data, bytes):
                info.size = len(data)
                t.addfile(info, io.BytesIO(data))
            else:
                info.type, info.linkname = data
                t.addfile(info)
    return b.getvalue()


def header(name, size, kind=b"0", size_field=None, magic=b"ustar\x0000", link=b""):
    b = bytearray(512)
    b[0:len(name)] = name
    b[100:108] = b"0000644\0"
    b[108:124] = b"0000000\0" * 2
    b[124:136] = size_field or b"%011o\0" % size
    b[136:148] = b"%011o\0" % 0
    b[148:156] = b" " * 8
    b[156:157] = kind
    b[157:157 + len(link)] = link
    b[257:265] = magic
    b[148:156] = b"%06o\0 " % sum(b)
    return bytes(b)


def block(data):
    return data + bytes(-len(data) % 512)


END = bytes(1024)
two = [("a.txt", text(0)), ("b.txt", text(1))]

# ---- tar --------------------------------------------------------------------------------
for name, form in (("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT), ("ustar", tarfile.USTAR_FORMAT)):
    out.add("plain-%s.tar" % name, tar(two, form), "complete", found=2, members=2)
out.add("v7.tar", header(b"a.txt", len(text()), magic=bytes(8)) + block(text()) + END, "complete", found=1)
out.add("long-names.tar", tar([("d" * 90 + "/" + "x" * 3000, text(0)), ("é" * 200, text(1))]),
        "complete", found=2)
out.add("links-and-devices.tar", tar([
    ("a.txt", text(0)), ("hard", (tarfile.LNKTYPE, "/etc/passwd")), ("soft", (tarfile.SYMTYPE, "../../etc/shadow")),
    ("null", (tarfile.CHRTYPE, "")), ("disk", (tarfile.BLKTYPE, "")), ("pipe", (tarfile.FIFOTYPE, "")),
    ("dir", (tarfile.DIRTYPE, "")), ("../../up", text(1)), ("/etc/abs", text(2)), ("new\nline\x1b[31m", text(3))]),
    "complete", found=4, members=4)
out.add("plant-in-name.tar", tar([(PLANT.decode() + ".txt", b"nothing")]), "complete", found=1)
out.add("after-end.tar", tar(two) + b"\n" + text(2), "complete|partial", "container-slack?", 3,
        why="data after the end of the archive")
out.add("tar-after-tar.tar", tar(two) + tar(two), "complete|partial", "container-slack?", 4)
out.add("no-end.tar", header(b"a.txt", len(text())) + block(text()), "complete|partial", "malformed?", 1)
out.add("truncated.tar", tar([("a.txt", text(0)), ("b.txt", prose(20000) + text(1))])[:20000],
        "partial", "malformed", 1)
out.add("size-of-8-gib.tar", header(b"a.txt", 8 << 30, size_field=b"\x80" + bytes(6) + (8 << 30).to_bytes(5, "big")) +
        block(text()) + END, "partial", "malformed limit-size?", 1)
out.add("size-negative.tar", header(b"a.txt", 0, size_field=b"\xff" * 12) + block(text()) + END,
        "partial|none", "malformed container-slack? unsupported-type?", (0, 1))
out.add("size-garbage.tar", header(b"a.txt", 0, size_field=b"99999999999\0") + block(text()) + END,
        "partial|complete", "malformed? container-slack?", (0, 1))
out.add("checksum-wrong.tar", (lambda t: t[:148] + b"123456\0 " + t[156:])(tar(two)),
        "partial|none", "malformed? unsupported-type?", (0, 2))
out.add("checksum-wrong-second.tar", (lambda t: t[:1024 + 148] + b"123456\0 " + t[1024 + 156:])(tar(two)),
        "partial", "malformed container-slack?", (1, 2))
out.add("pax-huge.tar", header(b"x", 1 << 30, kind=b"x") + block(b"30 path=aaaaaaaaaaaaaaaaaaaaa\n" * 1000) +
        header(b"a.txt", len(text())) + block(text()) + END, "partial|none", "malformed container-slack? limit-size? limit-memory?",
        (0, 1))
out.add("pax-loop.tar", (header(b"x", 30, kind=b"x") + block(b"30 path=aaaaaaaaaaaaaaaaaaaaa\n")) * 5000 +
        header(b"a.txt", len(text())) + block(text()) + END, "partial", "malformed container-slack?", (0, 1))
out.add("long-name-bomb.tar", header(b"././@LongLink", 64 << 20, kind=b"L", magic=b"ustar  \0") +
        block(b"x" * (64 << 20)) + header(b"a.txt", len(text())) + block(text()) + END,
        "complete|partial|none", "malformed? container-slack? limit-size?", (0, 1))
out.add("members-20000.tar", tar([("%05d" % i, b"x") for i in range(19999)] + [("last", text())]),
        "complete", found=1, members=20000)
out.add("gaps.tar", header(b"a.txt", len(text())) + text() + b"\n" + PLANT + b"\n" +
        bytes(-(2 * len(PLANT) + 30) % 512)[:512 - len(text()) - len(PLANT) - 2] + END, "complete|partial",
        "container-slack? malformed?", (1, 2), why="padding of a block is not zero")
out.add("zip-in-tar-in-gz.tgz", gz(tar([("in.tar.gz", gz(tar(two)))])), "complete", found=2)

# ---- cpio, ar ---------------------------------------------------------------------------


def newc(name, data, namesize=None, filesize=None):
    name += b"\0"
    h = b"070701" + b"".join(b"%08x" % v for v in (
        1, 0o100644, 0, 0, 1, 0, len(data) if filesize is None else filesize, 0, 0, 0, 0,
        len(name) if namesize is None else namesize, 0))
    h += name
    h += bytes(-len(h) % 4)
    return h + data + bytes(-len(data) % 4)


trailer = newc(b"TRAILER!!!", b"")
out.add("plain.cpio", newc(b"a", text(0)) + newc(b"b", text(1)) + trailer, "complete", found=2)
out.add("after-end.cpio", newc(b"a", text(0)) + trailer + bytes(512) + text(1), "complete|partial", "container-slack?", 2)
out.add("name-size.cpio", newc(b"a", text(0), namesize=0xffffffff) + trailer, "partial|none",
        "malformed|limit-memory container-slack? limit-size? unsupported-type?", (0, 1))
out.add("file-size.cpio", newc(b"a", text(0), filesize=0xfffffff0) + trailer, "partial", "malformed", 1)


def ar(name, data, size=None):
    return b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 0, 0, 0, 0o644, len(data) if size is None else size) + \
        data + b"\n" * (len(data) % 2)


out.add("plain.a", b"!<arch>\n" + ar(b"a/", text(0)) + ar(b"b/", text(1)), "complete", found=2)
out.add("size.a", b"!<arch>\n" + ar(b"a/", text(0), 999999999), "partial", "malformed", 1)
out.add("name-index.a", b"!<arch>\n" + ar(b"/99999999", text(0)), "partial|complete|none", "malformed? container-slack?", (0, 1))

# ---- streams ----------------------------------------------------------------------------
makers = (("gz", gz), ("bz2", bz2.compress), ("xz", lzma.compress),
          ("lzma", lambda d: lzma.compress(d, lzma.FORMAT_ALONE)))
for ext, make in makers:
    out.add("plain.txt." + ext, make(text()), "complete", found=1)
    out.add("zeros-first." + ext, make(bytes(1024) + text()), "complete|partial", "unsupported-type?", 1,
            why="content that looks like an empty tar")
    out.add("tar." + ext, make(tar(two)), "complete", found=2)
    whole = make(prose(30000) + text())
    out.add("truncated." + ext, whole[:len(whole) * 2 // 3], "partial", "malformed")
    if ext != "lzma":
        # libarchive gives nothing of a short xz with something behind it: said, at least.
        out.add("trailing." + ext, make(text(0)) + b"\n" + text(1), "complete|partial",
                "container-slack? malformed?", (0, 2) if ext == "xz" else 2,
                never_silent=True, why="bytes after the stream")
        out.add("two." + ext, make(text(0)) + make(text(1)), "complete", "container-slack?", 2)
        damaged = bytearray(make(text(0) + prose(60000)))
        damaged[len(damaged) // 2] ^= 0x55
        out.add("damaged." + ext, bytes(damaged), "partial|none", "malformed", (0, 1))
b = io.BytesIO()
with gzip.GzipFile(filename=PLANT.decode() + ".txt", fileobj=b, mode="w", mtime=0) as f:
    f.write(b"nothing")
out.add("plant-in-name.gz", b.getvalue(), "complete", found=1)
commented = bytearray(gz(text()))
commented[3] = 16
out.add("plant-in-comment.gz", bytes(commented[:10]) + PLANT + b"\0" + bytes(commented[10:]), "complete", found=(1, 2))
out.add("crc-wrong.gz", gz(text())[:-8] + b"\1\2\3\4" + gz(text())[-4:], "partial", "malformed", 1)
nested = text()
for i in range(200):
    nested = gz(nested)
    if i == 5:
        out.add("nested-6.gz", nested, "complete", found=1)
out.add("nested-200.gz", nested, "partial", "limit-depth")
mixed = text()
for i in range(7):
    mixed = (gz, bz2.compress, lzma.compress)[i % 3](mixed)
out.add("nested-mixed.gz", mixed, "complete", found=1)

# Bombs: each names its limit, and the time is bounded.
c = zlib.compressobj(9, zlib.DEFLATED, 31)
out.add("bomb.gz", b"".join(c.compress(bytes(1 << 20)) for _ in range(1024)) + c.flush(), "partial",
        "limit-ratio|limit-size unsupported-type?")
out.add("bomb.bz2", bz2.compress(bytes(45 << 20)) * 30, "partial", "limit-ratio|limit-size unsupported-type?", seconds=8)
out.add("bomb.xz", lzma.compress(bytes(128 << 20), preset=0), "partial", "limit-ratio|limit-size unsupported-type?", seconds=8)
text_bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
line = (b"a line that says nothing at all\n" * 32768)
out.add("bomb-of-text.gz", b"".join(text_bomb.compress(line) for _ in range(1024)) + text_bomb.flush(),
        "partial", "limit-ratio|limit-size", seconds=8)
out.add("gz-of-gz-bomb.gz", gz(gz(bytes(128 << 20))), "partial", "limit-ratio|limit-size unsupported-type?")

# Dictionaries that want more memory than there is.
xz = bytearray(lzma.compress(text()))
at = 12 + 4   # block header: size, flags, filter id 0x21, size of properties, dictionary
assert xz[at - 2] == 0x21
for bits in (37, 39, 40):
    xz[at] = bits
    size = (xz[12] + 1) * 4
    xz[12 + size - 4:12 + size] = struct.pack("<L", zlib.crc32(bytes(xz[12:12 + size - 4])))
    out.add("dictionary-%d.xz" % bits, bytes(xz), "partial|none", "limit-memory")
alone = bytearray(lzma.compress(text(), lzma.FORMAT_ALONE))
alone[1:5] = struct.pack("<L", 0xfffffff0)
out.add("dictionary.lzma", bytes(alone), "partial|none|complete", "limit-memory? unsupported-type? malformed?", (0, 1))

# ---- magic numbers with nothing behind them ---------------------------------------------
# Never complete with the value unread: found, or said not to be.
magics = {
    "7z": b"7z\xbc\xaf\x27\x1c\0\4", "rar4": b"Rar!\x1a\7\0", "rar5": b"Rar!\x1a\7\1\0",
    "cab": b"MSCF\0\0\0\0", "xar": b"xar!\0\x1c\0\1", "zstd": b"\x28\xb5\x2f\xfd", "lz4": b"\x04\x22\x4d\x18",
    "Z": b"\x1f\x9d\x90", "gz": b"\x1f\x8b\x08\0", "bz2": b"BZh9", "xz": b"\xfd7zXZ\0", "lzip": b"LZIP\1",
    "zip": b"PK\3\4", "ole2": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "pdf": b"%PDF-1.7\n", "ar": b"!<arch>\n",
    "cpio": b"070701", "warc": b"WARC/1.0\r\n", "lha": b"\x24\0-lh5-", "sqlite": b"SQLite format 3\0",
    "rtf": b"{\\rtf1", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff\xe1", "elf": b"\x7fELF", "pst": b"!BDN",
    "gif": b"GIF89a", "tiff": b"II*\0", "iso": None, "xml": b"<?xml ", "utf16": b"\xff\xfe", "utf32": b"\xff\xfe\0\0",
}
for name, magic in magics.items():
    if magic is None:
        magic = bytes(32769) + b"CD001\1"
    anything = "|".join(("complete", "partial", "none"))
    reasons = ("malformed? unsupported-type? no-text? encrypted? container-slack? limit-memory? "
               "limit-size? limit-time?")
    out.add("alone." + name, magic, anything, reasons)
    out.add("zeros." + name, magic + bytes(65536), anything, reasons)
    out.add("ones." + name, magic + b"\xff" * 65536, anything, reasons)
    for filler, what in ((b"\0", "zeros"), (b"\xff", "ones")):
        out.add("%s-then-plant.%s" % (what, name), magic + filler * 4096 + b"\n" + text(), anything, reasons,
                (0, 1), never_silent=True)
    if not name.startswith("utf"):  # what a byte order mark makes of ASCII is no text
        out.add("text." + name, magic + b"\n" + text() * 3, anything, reasons, (0, 3),
                never_silent=True)
out.done()
