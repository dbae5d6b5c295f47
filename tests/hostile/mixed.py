"""mixed.py OUT COUNT [SEED] - a share in little: COUNT small files of many kinds, by seed

Beside OUT come OUT.zip and OUT.tar.gz with the same files in them, OUT.list with their names.
Values are published test values and prefixes that are never issued."""
import gzip
import html
import io
import json
import os
import random
import sys
import tarfile
import zipfile

out, count = sys.argv[1], int(sys.argv[2])
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 7
WORDS = ("the of and report meeting office budget agenda apples invoice station river people note about week "
         "order page number system list update plan visit summer east harbour ladder window paper").split()
MARKS = ["OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "RESTRICTED"]
# Decimal digits by chance, apart from what a rule proves.
VALUES = [
    lambda r: "NI number: AB%06dC" % r.randrange(10**6),
    lambda r: "NHS number: 999 000 0018",
    lambda r: "Card 4111 1111 1111 1111 please",
    lambda r: "IBAN GB82 WEST 1234 5698 7654 32",
    lambda r: "Mail: %s.%s@police.uk" % (r.choice(WORDS), r.choice(WORDS)),
    lambda r: "Call 07700 900%03d today" % r.randrange(1000),
    lambda r: "PNC ID 2001/0000001S",
    lambda r: "Postcode SW1A 1AA",
    lambda r: "password=hunter%dhorse" % r.randrange(100),
    lambda r: "sort code 08-99-99 account number 66374958",
    lambda r: "UTR: 1123456789",
    lambda r: "order 4539148803436468 of week %d" % r.randrange(53),  # wrong check digit
    lambda r: "version 192.0.2.%d" % r.randrange(256),
]


def lines(r):
    """Some text; in about half of all texts something to be found."""
    found = [" ".join(r.choice(WORDS) for _ in range(r.randrange(3, 12))) for _ in range(r.randrange(3, 14))]
    if r.random() < 0.5:
        for _ in range(r.randrange(1, 4)):
            found.insert(r.randrange(len(found) + 1), r.choice(VALUES)(r))
    if r.random() < 0.1:
        mark = r.choice(MARKS)
        found = [mark, ""] + found + ["", mark]
    return found


def text(r):
    return ("\n".join(lines(r)) + "\n").encode()


def utf16(r):
    return b"\xff\xfe" + "\r\n".join(lines(r)).encode("utf-16-le")


def table(r):
    rows = ["id,name,ni number,telephone,note"]
    for i in range(r.randrange(2, 20)):
        rows.append("%d,%s,AB%06dD,07700 900%03d,\"%s, %s\"" % (i, r.choice(WORDS), r.randrange(10**6), r.randrange(1000),
                                                                r.choice(WORDS), r.choice(WORDS)))
    return ("\n".join(rows) + "\n").encode()


def tree(r):
    return json.dumps({"items": [{"text": s, "n": r.randrange(10**9)} for s in lines(r)]}, indent=r.choice([None, 1])).encode()


def page(r):
    return ("<html><head><title>%s</title></head><body>%s</body></html>" % (
        r.choice(WORDS), "".join("<p>%s</p>\n" % html.escape(s) for s in lines(r)))).encode()


def log(r):
    return "".join("2026-01-%02dT10:%02d:00Z host app[%d]: %s\n" % (r.randrange(1, 29), r.randrange(60), r.randrange(9999), s)
                   for s in lines(r)).encode()


def source(r):
    return "".join("/* %s */\nint %s_%d(void);\n" % (s, r.choice(WORDS), r.randrange(99)) for s in lines(r)).encode()


def noise(r):
    return r.randbytes(r.randrange(16, 400))


def zipped(members):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return b.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
         'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')


def document(r):
    body = "".join("<w:p><w:r><w:t xml:space='preserve'>%s</w:t></w:r></w:p>" % html.escape(s) for s in lines(r))
    return zipped([("[Content_Types].xml", TYPES), ("word/document.xml", "<w:document %s><w:body>%s</w:body></w:document>" % (W, body))])


def archive(r):
    return zipped([("m%d%s" % (i, ext), make(r)) for i in range(r.randrange(1, 5)) for ext, make in [r.choice(PLAIN)]])


def tarball(r):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w") as t:
        for i in range(r.randrange(1, 5)):
            ext, make = r.choice(PLAIN + [(".zip", archive)])
            data = make(r)
            info = tarfile.TarInfo("t%d%s" % (i, ext))
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return gzip.compress(b.getvalue(), mtime=0)


PLAIN = [(".txt", text), (".csv", table), (".json", tree), (".html", page), (".log", log), (".c", source), (".txt", utf16)]
KINDS = PLAIN + [(".bin", noise), (".docx", document), (".zip", archive), (".tar.gz", tarball),
                 (".txt.gz", lambda r: gzip.compress(text(r), mtime=0)), ("", text), (".txt", lambda r: b"")]
# As on a share: mostly plain files, many documents.
WEIGHTS = [30, 10, 6, 6, 6, 6, 3, 3, 14, 5, 4, 3, 3, 1]

names = []
zip_all = zipfile.ZipFile(out + ".zip", "w", zipfile.ZIP_DEFLATED)
tar_all = tarfile.open(out + ".tar.gz", "w:gz", compresslevel=1)
for i in range(count):
    r = random.Random(seed * 10**6 + i)  # so that file i is the same however many there are
    ext, make = r.choices(KINDS, WEIGHTS)[0]
    name = "d%d/e%d/%06d%s" % (i % 10, i // 10 % 20, i, ext)
    data = make(r)
    os.makedirs(os.path.join(out, os.path.dirname(name)), exist_ok=True)
    with open(os.path.join(out, name), "wb") as f:
        f.write(data)
    zip_all.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar_all.addfile(info, io.BytesIO(data))
    names.append(name)
zip_all.close()
tar_all.close()
with open(out + ".list", "w") as f:
    f.write("".join(n + "\n" for n in names))
