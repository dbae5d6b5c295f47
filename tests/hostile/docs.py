"""docs.py OUT - compound files, Rich Text, databases and pictures that loop, lie and hide"""
import io
import os
import sqlite3
import struct
import zipfile
import zlib

from expect import PLANT, Out

out = Out()
FREE, END, OF_FAT = 0xffffffff, 0xfffffffe, 0xfffffffd
SAID = "malformed? unsupported-type? container-slack? limit-overlap? limit-size? limit-memory? encrypted? limit-members?"


class Cfb:
    """Streams in sectors of 512 bytes; every table is at hand before it is written."""

    def __init__(self, *streams):
        self.streams = [(n, d if len(d) >= 4096 else d + bytes(4096 - len(d))) for n, d in streams]
        self.sectors, self.fat = [], []
        self.starts = [self.put(d) for _, d in self.streams]
        self.sizes = [len(d) for _, d in self.streams]
        self.entries = []
        self.entry("Root Entry", 5, END, 0, child=1)
        for i, (name, _) in enumerate(self.streams):
            last = i + 1 == len(self.streams)
            self.entry(name, 2, self.starts[i], self.sizes[i], right=FREE if last else i + 2)

    def put(self, data):
        first = len(self.sectors)
        for at in range(0, len(data), 512):
            self.sectors.append(data[at:at + 512].ljust(512, b"\0"))
            self.fat.append(len(self.sectors))
        self.fat[-1] = END
        return first

    def entry(self, name, kind, start, size, left=FREE, right=FREE, child=FREE):
        wide = name.encode("utf-16-le") + b"\0\0"
        self.entries.append(wide.ljust(64, b"\0") + struct.pack("<HBB3L36xLQ", len(wide), kind, 1, left, right, child, start, size))

    def bytes(self, fat=None, version=3, shift=9, difat=END, count=None):
        """`fat` may change what is to be the table."""
        directory = self.put(b"".join(self.entries).ljust(-(-len(self.entries) // 4) * 512, b"\0"))
        tables = len(self.sectors) // 128 + 1
        first = len(self.sectors)
        table = self.fat + [OF_FAT] * tables
        table += [FREE] * (tables * 128 - len(table))
        if fat:
            fat(table)
        body = b"".join(self.sectors) + struct.pack("<%dL" % len(table), *table)
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
            "<5H6x3L5L", 0x3e, version, 0xfffe, shift, 6, 0, tables if count is None else count, directory,
            0, 4096, END, 0, difat)
        head += struct.pack("<L", 0 if difat == END else 1)
        head += b"".join(struct.pack("<L", first + i if i < tables else FREE) for i in range(109))
        return head + body


# ---- word -------------------------------------------------------------------------------
TEXT = b"A letter.\r" + PLANT + b"\rYours\r"


def word(pieces=None, flags=0, ccp=None, clx=None, lcb=None):
    """`pieces`: (characters, offset, narrow)"""
    main = bytearray(0x400) + TEXT
    pieces = [(len(TEXT), 0x400, True)] if pieces is None else pieces
    cps, at = [0], 0
    for n, _, _ in pieces:
        at += n
        cps.append(at)
    plc = b"".join(struct.pack("<L", cp & 0xffffffff) for cp in cps) + b"".join(
        struct.pack("<HLH", 0, (2 * fc | 0x40000000 if narrow else fc) & 0xffffffff, 0) for _, fc, narrow in pieces)
    table = b"\2" + struct.pack("<L", len(plc) if lcb is None else lcb) + plc
    struct.pack_into("<HH", main, 0, 0xa5ec, 0xc1)
    struct.pack_into("<H", main, 10, 0x200 | flags)
    struct.pack_into("<LL", main, 0x18, 0x400, len(main))
    struct.pack_into("<L", main, 0x4c, (len(TEXT) if ccp is None else ccp) & 0xffffffff)
    struct.pack_into("<LL", main, 0x1a2, 0, len(table) if clx is None else clx)
    return [("WordDocument", bytes(main)), ("1Table", table)]


n = len(TEXT)
out.add("plain.doc", Cfb(*word()).bytes(), "complete", found=1)
out.add("encrypted.doc", Cfb(*word(flags=0x100)).bytes(), "partial|none", "encrypted|password-protected", (0, 1))
for name, pieces in (("overlapping", [(n, 0x400, True)] * 3), ("negative", [(n, 0x400, True), (-5, 0x400, True), (n, 0x400, True)]),
                     ("past-the-end", [(n, 0x7fffff00, True)]), ("huge", [(0x7fffffff, 0x400, True)]),
                     ("many", [(1, 0x400, True)] * 20000), ("one-place", [(n, 0x400, True)] * 5000), ("backwards", [
                         (5, 0x400 + i, True) for i in range(n, 0, -5)])):
    out.add("pieces-%s.doc" % name, Cfb(*word(pieces)).bytes(), "complete|partial", SAID, (0, 5000), why="pieces of text")
out.add("table-huge.doc", Cfb(*word(lcb=0xfffffff0)).bytes(), "complete|partial", SAID, (0, 1), never_silent=True)
out.add("table-past-the-end.doc", Cfb(*word(clx=0x7fffffff)).bytes(), "complete|partial", SAID, (0, 1), never_silent=True)
out.add("characters.doc", Cfb(*word(ccp=-1)).bytes(), "complete|partial", SAID, (0, 1), never_silent=True)

# ---- the container ----------------------------------------------------------------------
whole = Cfb(*word()).bytes()


def loop(table):
    table[0] = 0


def crossed(table):
    table[3] = 9


def endless(table):
    table[:16] = [(i * 7 + 1) % 16 for i in range(16)]


def nowhere(table):
    table[2] = 0x00ffffff


for name, fat in (("loop", loop), ("crossed", crossed), ("endless", endless), ("nowhere", nowhere)):
    # An order of sectors that is merely another one cannot be told from the right one.
    out.add("chain-%s.doc" % name, Cfb(*word()).bytes(fat), "partial|none|complete", SAID, (0, 2), never_silent=name != "endless")
for name, more in (("shift-0", dict(shift=0)), ("shift-31", dict(shift=31)), ("version-9", dict(version=9)), ("no-table", dict(count=0)),
                   ("tables", dict(count=0xffffffff)), ("difat-loop", dict(difat=0)), ("difat-nowhere", dict(difat=0xffffff))):
    out.add("header-%s.doc" % name, Cfb(*word()).bytes(**more), "partial|none|complete", SAID, (0, 2), never_silent=True)
for name, links in (("itself", (1, 1, 1)), ("root", (0, 0, 0)), ("nowhere", (0x7fffffff,) * 3), ("each-other", (2, 2, 1))):
    c = Cfb(*word())
    c.entries[1] = c.entries[1][:68] + struct.pack("<3L", *links) + c.entries[1][80:]
    out.add("directory-%s.doc" % name, c.bytes(), "partial|none|complete", SAID, (0, 2), never_silent=True)
for size in (0, 1, 0x7fffffff, 0xffffffffffffffff):
    c = Cfb(*word())
    c.entries[1] = c.entries[1][:120] + struct.pack("<Q", size)
    out.add("size-%x.doc" % size, c.bytes(), "partial|none|complete", SAID, (0, 2), why="the size of a stream")
c = Cfb(*word(), *[("Stream %d" % i, b"x") for i in range(1500)])
out.add("streams-1500.doc", c.bytes(), "partial|complete", SAID, 1, seconds=8)
for at in (600, 3000, 6000):
    out.add("cut-%d.doc" % at, whole[:at], "partial|none", SAID, (0, 1))
out.add("slack.doc", whole + b"\n" + PLANT + b"\n", "partial|complete", SAID, (1, 2), why="behind the last sector")

# ---- sheets -----------------------------------------------------------------------------


def record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def book(strings, count=None, tail=b"", cells=1, before=b"", cut=None):
    sst = b"".join(struct.pack("<HB", len(s), 0) + s for s in strings)
    sst = struct.pack("<LL", len(strings) if count is None else count, len(strings) if count is None else count) + sst
    if cut:
        sst = sst[:cut]
    bof = record(0x809, struct.pack("<HHHHLL", 0x600, 5, 0, 0, 0, 0))
    sheet = record(0x809, struct.pack("<HHHHLL", 0x600, 0x10, 0, 0, 0, 0)) + b"".join(
        record(0xfd, struct.pack("<HHHL", i, 0, 0, i)) for i in range(cells)) + record(10, b"")
    data = bof + before + record(0xfc, sst) + tail + record(10, b"") + sheet
    return Cfb(("Workbook", data)).bytes()


out.add("plain.xls", book([PLANT, b"two"]), "complete", found=1)
out.add("encrypted.xls", book([PLANT], before=record(0x2f, struct.pack("<HHH", 1, 1, 1) + bytes(48))), "partial|none",
        "encrypted|password-protected", (0, 1))
for name, more in (("count", dict(count=0xffffffff)), ("count-negative", dict(count=0x80000000)), ("cut", dict(cut=30)),
                   ("index", dict(cells=400)), ("continued", dict(tail=record(0x3c, b"") * 2000)),
                   ("record", dict(tail=struct.pack("<HH", 0xfc, 0xffff))), ("nested", dict(tail=record(0x809, bytes(16)) * 3000))):
    out.add("lies-%s.xls" % name, book([PLANT, b"two", b"three"], **more), "partial|complete|none", SAID, (0, 2), never_silent=True,
            why="the table of strings")
out.add("length.xls", book([PLANT]).replace(struct.pack("<HB", len(PLANT), 0) + PLANT[:4], b"\xff\xff\0" + PLANT[:4]),
        "partial|complete", SAID, (0, 2), never_silent=True)

# ---- rich text --------------------------------------------------------------------------
rtf = {
    "deep": b"{" * 300000 + PLANT + b"}" * 300000,
    "closed": b"}" * 100000 + PLANT,
    "open": b"{\\b " * 100000 + PLANT,
    "binary": b"\\bin2147483647 " + PLANT,
    "binary-negative": b"\\bin-5 " + PLANT,
    "words": b"\\" + b"x" * 1000000 + b" " + PLANT,
    "number": b"\\u" + b"9" * 100000 + b"? " + PLANT,
    "skips": b"\\uc2147483647\\u65 ????\\par " + PLANT,
    "hex": b"\\'zz\\'4\\'" + PLANT,
    "object": b"{\\object{\\*\\objdata " + b"zz" * 1000 + b"}}" + PLANT,
    "pictures": b"{\\pict " + b"ff" * 500000 + b"}" + PLANT,
    "hidden": b"{\\*\\unheardof " + PLANT + b"}",
    "cut": PLANT + b"\\",
}
for name, body in rtf.items():
    out.add(name + ".rtf", b"{\\rtf1\\ansi " + body + (b"}" if name != "cut" else b""), "complete|partial", SAID + " limit-depth?", (0, 1),
            never_silent=True, seconds=6)
out.add("trailing.rtf", b"{\\rtf1 text}\n" + PLANT + b"\n", "complete|partial", SAID, 1)

# ---- databases --------------------------------------------------------------------------


def database(name, *statements, wal=False):
    path = os.path.join(out.dir, ".made.db")
    c = sqlite3.connect(path, isolation_level=None)
    for s in statements:
        c.execute(s)
    with open(path, "rb") as f:
        data = f.read()
    log = b""
    if wal:
        with open(path + "-wal", "rb") as f:
            log = f.read()
    c.close()
    os.unlink(path)
    return data, log


planted = "insert into t values ('%s')" % PLANT.decode()
good, _ = database("x", "create table t (a)", planted)
out.add("plain.db", good, "complete", found=1)
in_wal, log = database("x", "pragma journal_mode=wal", "create table t (a)", planted, "pragma wal_checkpoint(truncate)",
                       "insert into t values ('and more')", wal=True)
out.add("wal.db", in_wal, "complete", found=1, why="the header says that there is a log beside it")
out.add("wal.db-wal", log, "partial", "unsupported-type", why="what is in the log alone is read as strings, and that is said")
for at, what in ((16, b"\xff\xff"), (16, b"\0\0"), (16, b"\0\3"), (18, b"\xff\xff"), (20, b"\xff"), (28, b"\xff" * 4), (32, b"\0\0\0\1"),
                 (32, b"\xff" * 8), (52, b"\0\0\0\2"), (56, b"\0\0\0\x09"), (100, b"\x05"), (103, b"\xff\xff"), (105, b"\xff\xff")):
    bad = bytearray(good)
    bad[at:at + len(what)] = what
    out.add("header-%d-%s.db" % (at, what.hex()), bytes(bad), "complete|partial|none", SAID + " password-protected?", (0, 2),
            never_silent=True)
out.add("cut.db", good[:len(good) // 2], "partial|none|complete", SAID, (0, 1))
evil, _ = database("x", "create table t (a)", planted, "create view v as with recursive r(x) as (select 1 union all select x + 1 from r) "
                   "select x from r", "create trigger g after insert on t begin select 1; end")
out.add("endless-view.db", evil, "complete", found=1, why="views are not asked")
loops = bytearray(good)
at = loops.index(b"CREATE TABLE t (a)")
loops[at - 2:at - 1] = b"\1"
out.add("root-page.db", bytes(loops), "complete|partial", SAID, (0, 2), never_silent=True, why="a table whose root is the schema's page")
cipher = b"".join(zlib.crc32(b"%d" % i).to_bytes(4, "big") for i in range(4096))
out.add("all-encrypted.db", cipher, "partial|none", "unsupported-type malformed?")

# ---- pictures ---------------------------------------------------------------------------


def chunk(kind, data, size=None):
    return struct.pack(">L", len(data) if size is None else size) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">LL5B", 1, 1, 8, 0, 0, 0, 0))
app1 = b"\xff\xe1" + struct.pack(">H", 40) + b"Exif\0\0II*\0\x08\0\0\0" + b"\xff" * 24
pictures = {"text.png": png + chunk(b"tEXt", b"Comment\0" + PLANT), "size.png": png + chunk(b"tEXt", b"Comment\0" + PLANT, 0xffffffff),
            "bomb.png": png + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(64 << 20))),
            "segment.jpg": b"\xff\xd8" + app1 + b"\xff\xe1\xff\xff" + PLANT, "segments.jpg": b"\xff\xd8" + b"\xff\xe1\0\2" * 100000 + PLANT,
            "directory-loop.tif": b"II*\0\x08\0\0\0\0\0\x08\0\0\0" + PLANT}
for name, data in pictures.items():
    out.add(name, data, "complete|partial|none", SAID + " no-text? limit-ratio?", (0, 1), never_silent=True)

# ---- PDF ----------------------------------------------------------------------------------


def pdf_stream(number, head, data, length=None, pack=True):
    packed = zlib.compress(data) if pack else data
    return b"%d 0 obj<<%s%s/Length %d>>stream\n%s\nendstream endobj\n" % (
        number, head, b"/Filter/FlateDecode" if pack else b"", len(packed) if length is None else length, packed)


def objects(number, *members):
    """A stream of objects: (number, content)."""
    places, body = b"", b""
    for n, content in members:
        places += b"%d %d " % (n, len(body))
        body += content + b" "
    return pdf_stream(number, b"/Type/ObjStm/N %d/First %d" % (len(members), len(places)), places + body)


TAIL = b"trailer<</Info 3 0 R>>\n%%EOF\n"
TITLE = b"<</Title(" + PLANT + b")>>"
PACKET = b"<?xpacket begin=''?><x:xmpmeta><rdf:RDF><dc:title>" + PLANT + b"</dc:title></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
ZEROS = bytes(16 << 20)
pdfs = {
    "info.pdf": objects(5, (3, TITLE)), "info-open.pdf": b"3 0 obj" + TITLE, "info-wide.pdf": b"3 0 obj<</Title <feff%s>>>" % (
        PLANT.decode().encode("utf-16-be").hex().encode()),
    "reference.pdf": b"3 0 obj<</Title 4 0 R>>endobj 4 0 obj(" + PLANT + b")endobj 3 1 R",
    "length-lie.pdf": pdf_stream(4, b"/Type/Metadata", PACKET, length=7), "packet.pdf": pdf_stream(4, b"/Type/Metadata", PACKET, pack=False),
    "no-structure.pdf": PACKET, "junk.pdf": bytes(range(256)) * 300 + b"3 0 obj" + TITLE,
    "endless.pdf": b"3 0 obj" + TITLE + b"1 0 obj<<" * 100000, "deep.pdf": b"3 0 obj" + TITLE + b"endobj 1 0 obj" + b"[" * 1000000,
    "cycle.pdf": b"3 0 obj<</A 3 0 R/B 4 0 R/Title(" + PLANT + b")>>endobj 4 0 obj 4 0 R endobj",
    "catalogues.pdf": b"3 0 obj" + TITLE + b"endobj" + b"".join(b"%d 0 obj<</Type/Catalog/Metadata %d 0 R>>endobj\n" % (i, i) for i in range(9, 50000)),
    "references-to-one.pdf": b"4 0 obj()\n" * 600000 + b"3 0 obj<<" + b"/A 4 0 R" * 90000 + TITLE[2:],
    "revisions.pdf": b"3 0 obj<</Title(before)>>endobj trailer<</Info 3 0 R>>\n" * 50000 + b"3 0 obj" + TITLE,
}
for name, data in pdfs.items():
    out.add(name, b"%PDF-1.7\n" + data + b"\n" + TAIL, "partial", "unsupported-type", 1, seconds=10)
out.add("bomb.pdf", b"%PDF-1.7\n" + b"".join(pdf_stream(i, b"/Type/ObjStm/N 1/First 4", ZEROS) for i in range(9, 109)) + b"3 0 obj" + TITLE + TAIL,
        "partial", "unsupported-type limit-ratio|limit-size malformed?", 1, seconds=20)
out.add("packets-bomb.pdf", b"%PDF-1.7\n" + b"".join(pdf_stream(i, b"/Type/Metadata", b"<a>" + ZEROS) for i in range(9, 39)) + b"3 0 obj" + TITLE + TAIL,
        "partial", "unsupported-type limit-ratio|limit-size malformed? limit-size?", 1, seconds=30)
out.add("overlapping-members.pdf", b"%PDF-1.7\n" + pdf_stream(9, b"/Type/ObjStm/N 200000/First 2000000", b"3 0 " * 500000 + b"<<" + b"/A(b)" * 400000 +
        b">>") + b"3 0 obj" + TITLE + TAIL, "partial", "unsupported-type limit-size?", (0, 1), seconds=10, never_silent=True)
out.add("encrypted.pdf", b"%PDF-1.7\n3 0 obj" + TITLE.replace(PLANT, b"\xa7" * 40) + b"endobj " + pdf_stream(4, b"/Type/Metadata", PACKET) +
        b"trailer<</Info 3 0 R/Encrypt 8 0 R>>\n", "partial", "unsupported-type encrypted", 1)
behind = io.BytesIO()
with zipfile.ZipFile(behind, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("a.txt", PLANT)
out.add("zip-behind.jpg", b"\xff\xd8\xff\xfe\0\x08SECRET\xff\xd9" + behind.getvalue(), "partial|complete", "no-text container-slack?", 1,
        marking="SECRET", why="the picture's own comment counts, whatever is behind it")
out.add("zip-behind.pdf", b"%PDF-1.7\n" + objects(5, (3, b"<</bjDocumentSecurityLabel(SECRET)>>")) + TAIL + behind.getvalue(), "partial",
        "unsupported-type container-slack?", 1, marking="SECRET")
out.add("plain.mtree", b"#mtree\n/set type=file\n./a contents=/etc/passwd\n# " + PLANT + b"\n", "complete", found=1,
        why="a list of paths is a text, and nothing is opened")
out.done()
