"""zips.py OUT - zip files that hide, lie, overlap and expand"""
import io
import struct
import zipfile
import zlib

from expect import PLANT, Out, prose

out = Out()


def deflate(data, level=9):
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    return c.compress(data) + c.flush()


class Member:
    """A member of which every field can be a lie."""

    def __init__(self, name, data, method=8, flags=0, raw=None, csize=None, size=None,
                 crc=None, local_name=None, central=True, local=True, extra=b"",
                 comment=b"", descriptor=False):
        self.name, self.local_name = name, name if local_name is None else local_name
        self.raw = raw if raw is not None else deflate(data) if method == 8 else data
        self.method, self.flags = method, flags | (8 if descriptor else 0)
        self.csize = len(self.raw) if csize is None else csize
        self.size = len(data) if size is None else size
        self.crc = zlib.crc32(data) if crc is None else crc
        self.central, self.extra, self.comment = central, extra, comment
        self.descriptor = descriptor
        self.offset = 0

    def local(self):
        sizes = (0, 0, 0) if self.descriptor else (self.crc, self.csize, self.size)
        b = struct.pack("<4s5H3L2H", b"PK\3\4", 20, self.flags, self.method, 0, 0x21, *sizes,
                        len(self.local_name), len(self.extra))
        b += self.local_name + self.extra + self.raw
        if self.descriptor:
            b += struct.pack("<4s3L", b"PK\x07\x08",
                             self.crc, self.csize, self.size)
        return b

    def entry(self):
        return struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, self.flags, self.method, 0, 0x21,
                           self.crc, self.csize, self.size, len(self.name), len(self.extra),
                           len(self.comment), 0, 0, 0, self.offset) + \
            self.name + self.extra + self.comment


def eocd(count, size, offset, comment=b""):
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset,
                       len(comment)) + comment


def build(members, prefix=b"", gaps=(), suffix=b"", comment=b"", count=None, cd_offset=None,
          base=None):
    """`gaps`: bytes put before the member of that number."""
    b = bytearray(prefix)
    shift = len(prefix) if base is None else base
    for i, m in enumerate(members):
        b += dict(gaps).get(i, b"")
        m.offset = len(b) - shift
        b += m.local()
    b += dict(gaps).get(len(members), b"")
    at = len(b)
    listed = [m for m in members if m.central]
    for m in listed:
        b += m.entry()
    b += eocd(len(listed) if count is None else count, len(b) - at,
              at - shift if cd_offset is None else cd_offset, comment)
    return bytes(b + suffix)


def text(n):
    return b"A letter, number %d.\n" % n + PLANT + b"\nYours\n"


def ms(n, **more):
    return [Member(b"letter%d.txt" % i, text(i), **more) for i in range(n)]


def line(what):
    return b"\n" + what + b" " + PLANT + b"\n"


out.add("plain.zip", build(ms(3)), "complete", found=3, members=3)
out.add("stored.zip", build(ms(3, method=0)), "complete", found=3, members=3)
out.add("descriptors.zip", build(ms(3, descriptor=True)), "complete", found=3, members=3)
out.add("empty.zip", eocd(0, 0, 0), "complete")

# Hidden members, gaps, prefix and suffix.
hidden = ms(3)
hidden[1].central = False
out.add("hidden-member.zip", build(hidden), "complete|partial", "container-slack", 3,
        why="a member that the directory does not name")
out.add("hidden-all.zip", build([Member(b"a", text(0), central=False),
                                 Member(b"b", text(1), central=False)]),
        "complete|partial", "container-slack malformed?", 2)
out.add("gap.zip", build(ms(2), gaps={1: line(b"between members")}), "complete|partial",
        "container-slack", 3)
out.add("gap-before-directory.zip", build(ms(2), gaps={2: line(b"before the directory")}),
        "complete|partial", "container-slack", 3)
out.add("gap-of-20.zip", build(ms(1), gaps={1: b"AB123456C NI number\n"}),
        "complete|partial", "container-slack", 2, why="no tolerance for short gaps")
out.add("prefix.zip", build(ms(2), prefix=b"#!/bin/sh\n" + line(b"a stub") * 2),
        "complete|partial", "container-slack", 4)
out.add("prefix-offsets-of-file.zip",
        build(ms(2), prefix=b"MZ" + line(b"a stub"), base=0), "complete|partial",
        "container-slack", 3, why="self-extracting, offsets from the start of the file")
out.add("suffix.zip", build(ms(2), suffix=line(b"after the end")), "complete|partial",
        "container-slack", 3)
out.add("zip-after-zip.zip", build(ms(2)) + build(ms(2)), "complete|partial",
        "container-slack", 4)
out.add("zip-after-text.zip", line(b"a text file first") * 40 + build(ms(2), base=0),
        "complete|partial", "container-slack", 42)
out.add("comments.zip", build([Member(b"a", text(0), comment=line(b"of the member"))],
                              comment=line(b"of the archive")),
        "complete|partial", "container-slack?", 3)
out.add("extra.zip", build([Member(b"a", text(0), extra=struct.pack("<2H", 0x4141, 40) +
                                   (b"in the extra field " + PLANT).ljust(40))]),
        "complete|partial", "container-slack?", (2, 3))
two = build(ms(1))
out.add("directory-in-comment.zip", build([Member(b"b", text(1))], comment=two),
        "complete|partial", "container-slack? malformed?", 2,
        why="which of two end records counts")

# Names.
out.add("name-mismatch.zip", build([Member(b"harmless.txt", text(0), local_name=b"other.txt")]),
        "complete|partial", "malformed?", 1)
out.add("name-mismatch-local.zip", build([Member(b"harmless.txt", b"nothing", local_name=PLANT + b".txt")]),
        "complete|partial", "malformed?", 1, why="the name that only the local header has")
out.add("name-mismatch-central.zip", build([Member(PLANT + b".txt", b"nothing", local_name=b"harmless.txt")]),
        "complete|partial", "malformed?", 1)
names = [b"../../../etc/passwd", b"/etc/shadow", b"C:\\x", b"nul\0byte", b"new\nline",
         b"\x1b[31mred", b"\xff\xfe", b"x" * 65000, b"", b"dir/", b"=cmd()",
         b"right\xe2\x80\xaeleft"]
out.add("names.zip", build([Member(n, text(i)) for i, n in enumerate(names)]),
        "complete|partial", "malformed? container-slack?", len(names), members=len(names))
out.add("plant-in-name.zip", build([Member(PLANT + b".txt", b"nothing")]), "complete", found=1)

# Broken.
whole = build(ms(3))
out.add("no-directory.zip", whole[:whole.index(b"PK\1\2")], "partial", "malformed container-slack?",
        3)
big = build([Member(b"a.txt", text(0)), Member(b"b.txt", prose(20000) + text(1)),
             Member(b"c.txt", text(2))])
out.add("truncated.zip", big[:len(big) // 2], "partial", "malformed container-slack?", (1, 2))
out.add("truncated-header.zip", whole[:20], "partial|none", "malformed container-slack?")
out.add("directory-past-end.zip", build(ms(2), cd_offset=0x7fffffff), "complete|partial",
        "malformed? container-slack?", 2)
out.add("count-too-small.zip", build(ms(3), count=1), "complete|partial",
        "malformed? container-slack?", 3)
out.add("count-too-large.zip", build(ms(3), count=60000), "complete|partial",
        "malformed? container-slack?", 3)
out.add("crc-wrong.zip", build([Member(b"a", text(0), crc=1)]), "complete|partial", "malformed?", 1)
out.add("deflate-garbage.zip", build([Member(b"a", b"", raw=b"\xff" * 500, size=1000),
                                      Member(b"b", text(1))]), "partial", "malformed", 1)
broken = deflate(text(0) + prose(50000))
out.add("deflate-breaks-off.zip",
        build([Member(b"a", b"", raw=broken[:len(broken) // 2] + b"\xff" * 100, size=300000)]),
        "partial", "malformed", 1, why="what came before the break counts")
out.add("offset-wrong.zip", build(ms(2))[:-22].replace(b"PK\1\2", b"PK\1\2") + eocd(2, 98, 3),
        "complete|partial", "malformed? container-slack?", 2)

# Lies about sizes.
out.add("size-small.zip", build([Member(b"a", text(0) * 50, size=10)]), "complete|partial",
        "malformed?", 50)
out.add("size-large.zip", build([Member(b"a", text(0), size=0x7ffffff0)]), "complete|partial",
        "malformed?", 1)
out.add("size-zero.zip", build([Member(b"a", text(0), size=0)]), "complete|partial", "malformed?", 1)
out.add("csize-large.zip", build([Member(b"a", text(0), csize=0x7ffffff0), Member(b"b", text(1))]),
        "partial", "malformed container-slack? limit-overlap?", 2)
out.add("csize-small.zip", build([Member(b"a", text(0) * 9, method=0, csize=5)]),
        "complete|partial", "malformed? container-slack?", 9)
out.add("directory-entry-with-data.zip", build([Member(b"dir/", text(0))]), "complete|partial",
        "malformed?", 1)

# Methods and locks.
out.add("encrypted.zip", build([Member(b"a", text(0), flags=1, method=0, raw=b"\xa7" * 60),
                                Member(b"b", text(1))]), "partial", "encrypted", 1, members=2)
out.add("aes.zip", build([Member(b"a", b"", method=99, flags=1, raw=b"\xa7" * 60,
                                 extra=struct.pack("<HHHHBH", 0x9901, 7, 2, 0x4541, 3, 8))]),
        "partial", "encrypted", members=1)
out.add("unknown-method.zip", build([Member(b"a", b"", method=77, raw=b"\xa7" * 60),
                                     Member(b"b", text(1))]), "partial", "unsupported-type", 1)
for method, name in ((zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", method) as z:
        z.writestr("a.txt", text(0))
        z.writestr("b.txt", text(1))
    out.add("method-%s.zip" % name, b.getvalue(), "complete", found=2)
b = io.BytesIO()
with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
    with z.open("a.txt", "w", force_zip64=True) as f:
        f.write(text(0))
out.add("zip64.zip", b.getvalue(), "complete", found=1)

# Many and deep.
out.add("members-30000.zip",
        build([Member(b"%05d" % i, b"x", method=0) for i in range(29999)] + ms(1)),
        "complete", found=1, members=30000)
out.add("members-70000.zip",
        build([Member(b"%05d" % i, b"x", method=0) for i in range(69999)] + ms(1), count=65535),
        "complete|partial", "malformed? container-slack?", 1, members=65000)


def nest(depth, data, name=b"x"):
    for _ in range(depth):
        data = build([Member(name + b".zip", data)])
    return data


# The file itself is at depth 0: with the innermost text eight levels may be opened.
out.add("nested-7.zip", nest(7, build(ms(1))), "complete", found=1)
out.add("nested-64.zip", nest(63, build(ms(1))), "partial", "limit-depth", why="too deep, and said")
shape42 = build([Member(b"0.dll", bytes(16 << 20))])
for _ in range(5):
    shape42 = build([Member(b"lib %x.zip" % i, shape42) for i in range(16)])
out.add("shape-of-42.zip", shape42, "partial", "limit-ratio limit-size? limit-depth?")

# Bombs.
zeros = zlib.compressobj(9, zlib.DEFLATED, -15)
bomb = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(512)) + zeros.flush()
out.add("ratio.zip", build([Member(b"first.txt", text(0)),
                            Member(b"zeros", b"", raw=bomb, size=512 << 20, crc=0),
                            Member(b"last.txt", text(1))]),
        "partial", "limit-ratio unsupported-type?", (1, 2))

kernel = deflate(bytes(1 << 20))
first = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0x21, 0, len(kernel), 1 << 20, 1, 0) + \
    b"k" + kernel
directory = b"".join(
    struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0x21, 0, len(kernel), 1 << 20, 5, 0,
                0, 0, 0, 0, 0) + b"%05d" % i for i in range(20000))
out.add("overlap-full.zip", first + directory + eocd(20000, len(directory), len(first)),
        "partial", "limit-overlap malformed? limit-ratio? unsupported-type?", why="20,000 names for one member")


def quoted(count):
    """Each member's data begins with a stored block that quotes the next one's header."""
    raw = deflate(bytes(4 << 20))
    tail = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0x21, 0, len(raw), 4 << 20, 4, 0) + \
        b"%04d" % count + raw
    entries, blob, size = [(len(tail), count, len(raw), 4 << 20)], tail, 4 << 20
    for i in range(count - 1, 0, -1):
        head = blob[:34]
        csize, size = len(blob) - 34 + 5 + 34, size + 34
        quote = struct.pack("<BHH", 0, 34, 34 ^ 0xffff)
        blob = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0x21, 0, csize, size, 4, 0) + \
            b"%04d" % i + quote + blob
        entries.append((len(blob), i, csize, size))
    total, cd = len(blob), b""
    for left, i, csize, size in reversed(entries):
        cd += struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0x21, 0, csize, size, 4, 0,
                          0, 0, 0, 0, total - left) + b"%04d" % i
    return blob + cd + eocd(count, len(cd), total)


out.add("overlap-quoted.zip", quoted(1000), "partial", "limit-overlap malformed? limit-ratio? container-slack?",
        why="each member holds the next")
same = ms(2)
overlapping = bytearray(build(same))
cd2 = overlapping.rindex(b"PK\1\2")
overlapping[cd2 + 42:cd2 + 46] = struct.pack("<L", same[0].offset + 3)
out.add("overlap-askew.zip", bytes(overlapping), "complete|partial",
        "limit-overlap? malformed? container-slack?", 2)

out.done()
