"""borders.py OUT - values over the borders that a scanner cuts text at, and where they are

Writes OUT/.places: file, then a tab and the offsets of the planted values in order.
"""
import gzip
import os
import random
import struct
import sys
import zlib

out = sys.argv[1]
os.makedirs(out)
KiB, MiB = 1 << 10, 1 << 20
VALUE = b"AB123456C"
LINE = b"\nNI number: " + VALUE + b" a.b@police.uk\n"
AT = LINE.index(VALUE)
random.seed(11)
WORDS = b"the of and to in a is that for it as was with be by on not he his but at are this have".split()
places = open(os.path.join(out, ".places"), "w")


def filler(size):
    b = bytearray()
    while len(b) < size:
        b += random.choice(WORDS) + (b"\n" if random.random() < 0.1 else b" ")
    return b[:size]


block = filler(MiB)


def planted(size, at):
    """Text of that size with a value at each of the offsets."""
    b = bytearray((block * (size // MiB + 1))[:size])
    for off in at:
        b[off - AT:off - AT + len(LINE)] = LINE
    return bytes(b)


def put(name, data, at):
    with open(os.path.join(out, name), "wb") as f:
        f.write(data)
    places.write("%s\t%s\n" % (name, " ".join(map(str, at))))


# Every way a value can lie over a border of 256 KiB, one border after the other.
at = [k * 256 * KiB - 64 + 3 * k for k in range(1, 48)]
windows = planted(13 * MiB, at)
put("windows.txt", windows, at)
# The same for the borders of ranges, with values near them that belong to either side.
at = sorted(k * 8 * MiB + d + 1 for k, d in ((1, -9), (1, 60), (2, -1), (2, 4096), (3, -5), (3, -4096 - 40), (4, 0), (4, -70),
                                           (5, -8), (5, 30)))
at.append(44 * MiB - 9)
put("ranges.txt", planted(44 * MiB, at), at)
# The margins of a range: 4 KiB either side.
at = sorted(8 * MiB + d for d in (-4096 - 5, -4096 + 64, -100, 4096 - 5, 4096 + 64, -2000, 2000))
put("margins.txt", planted(17 * MiB, at), at)
# A table: rows are whole in one range or the other.
rows, at = bytearray(b"name,NI number,note\n"), []
while len(rows) < 17 * MiB:
    if len(rows) % (8 * MiB) > 8 * MiB - 200 or len(rows) < 200 or random.random() < 0.001:
        rows += b"a person,"
        at.append(len(rows))
        rows += VALUE + b",\"quoted, with a\nline\"\n"
    else:
        rows += b"somebody,none,%s\n" % filler(40).replace(b"\n", b" ")
put("table.csv", bytes(rows), at)
# UTF-16: offsets are the source's.
text = planted(3 * MiB, [k * 128 * KiB + k for k in range(1, 20)])
for name, enc, bom in (("le.txt", "utf-16-le", b"\xff\xfe"), ("be.txt", "utf-16-be", b"\xfe\xff")):
    put(name, bom + text.decode().encode(enc), [2 + 2 * (k * 128 * KiB + k) for k in range(1, 20)])
# Characters of several bytes before it, cut by windows anywhere.
wide = bytearray()
at = []
for k in range(40):
    wide += ("£é€𝄞 " * (4000 + k)).encode() + b"x" * k + LINE
    at.append(len(wide) - len(LINE) + AT)
put("multi-byte.txt", bytes(wide), at)
# Long lines: no line feed near.
text = planted(3 * MiB, [k * 256 * KiB - 5 for k in range(1, 11)]).replace(b"\n", b" ")
put("one-line.txt", text, [k * 256 * KiB - 5 for k in range(1, 11)])


# Deflate: blocks end in the middle of values, and at any place.
def deflate_blocks(data, wbits):
    c = zlib.compressobj(6, zlib.DEFLATED, wbits)
    z, last = b"", 0
    while last < len(data):
        step = random.choice((1, 7, 100, 5000, 32768, 65535))
        z += c.compress(data[last:last + step]) + c.flush(random.choice(
            (zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH, zlib.Z_BLOCK)))
        last += step
    return z + c.flush()


at = [k * 32 * KiB - 64 + 5 * k for k in range(1, 24)]
small = planted(MiB, at)
put("blocks.txt.gz", deflate_blocks(small, 31), at)
at = [k * 256 * KiB - 64 + 3 * k for k in range(1, 48)]
put("windows.txt.gz", gzip.compress(windows, 1), at)
places.close()
