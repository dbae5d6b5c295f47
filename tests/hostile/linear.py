"""linear.py ASSAY DIR - four times the text takes about four times the time"""
import os
import resource
import subprocess
import sys

SHAPES = {
    "secret.txt": b"SECRET\n", "markings.txt": b"OFFICIAL-SENSITIVE ", "hyphens.txt": b"1-2-3-4-",
    "banner.txt": b"SECRET//NOFORN", "portions.txt": b"(S//NF)\n", "sec.txt": b"[SEC=", "foi.txt": b"withheld under FOI s31 ",
    "header.txt": b"X-Classification: ", "folded.txt": b"From: a\nMSIP_Labels: a\n b\n", "originator.txt": b"shared without the ",
    "digits.txt": b"12 34 56 78 ", "label.txt": b"NHS number ", "word.txt": b"x", "email.txt": b"a.b@c.",
    "brackets.json": b"[", "keys.json": b'{"a":', "strings.json": b'"a","b",', "less.html": b"<",
    "comments.html": b"<!--", "tags.xml": b"<a>", "entities.html": b"&amp;", "quotes.csv": b'"a""b",',
    "commas.csv": b",", "newlines.txt": b"\n", "password.txt": b"password=", "random.txt": b"a1B/ c9-",
    "open.pdf": b"%PDF-1\n1 0 obj<<", "strings.pdf": b"%PDF-1\n1 0 obj<</T(", "trailers.pdf": b"%PDF-1\ntrailer<</Info 1 0 R/A(",
    "members.pdf": b"%PDF-1\n1 0 obj<</Type/ObjStm/N 9/First 4>>stream\n", "packets.pdf": b"%PDF-1\n<?xpacket begin",
    "segments.jpg": b"\xff\xd8\xff\xe1\0\2", "comments.gif": b"GIF89a\0\0\0\0\0\0\0!\xfe\1a\0",
}
SMALL, TIMES = 1 << 20, 4


def cpu(assay, path):
    best = 1e9
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([assay, "scan", "-q", "-j1", "--", path], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=120)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return best


def main():
    assay, top, wrong = sys.argv[1], sys.argv[2], 0
    os.makedirs(top)
    empty = os.path.join(top, "empty.txt")
    open(empty, "wb").close()
    start = cpu(assay, empty)
    for name, piece in SHAPES.items():
        path = os.path.join(top, name)
        took = []
        for size in (SMALL, SMALL * TIMES):
            with open(path, "wb") as f:
                f.write(piece * (size // len(piece)))
            took.append(max(cpu(assay, path) - start, 0.005))
        os.unlink(path)
        # Larger files are split, and a page cache has moods: twice is no alarm.
        if took[1] > 2 * TIMES * took[0] + 0.1:
            print("WRONG: %s: %.2f s for %d MiB, %.2f s for %d" % (
                name, took[0], SMALL >> 20, took[1], SMALL * TIMES >> 20))
            wrong += 1
    sys.exit(wrong > 0)


main()
