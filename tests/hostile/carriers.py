"""carriers.py OUT - the same text in every carrier: what is found in one is found in all"""
import gzip
import html
import io
import json
import os
import random
import sys
import tarfile
import zipfile

sys.argv, out = [sys.argv[0], sys.argv[1] + "/.unused"], sys.argv[1]
os.makedirs(out)
random.seed(12)
# Published test values and prefixes that are never issued.
LINES = [
    "NI number: AB123456C", "NHS number: 999 000 0018", "Card 4111 1111 1111 1111 please",
    "IBAN GB82 WEST 1234 5698 7654 32", "Mail: a.person@police.uk", "Call 07700 900123 today",
    "PNC ID 2001/0000001S", "Postcode SW1A 1AA", "Driver number MORGA657054SM9IJ",
    "token ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "password=hunter2horse", "VRM AB51 DVL",
    "Vehicle registration: AB51 DVL", "sort code 08-99-99 account number 66374958",
    "UTR: 1123456789", "Passport number: 925665416", "OFFICIAL-SENSITIVE",
]
text = "A letter.\n" + "\n".join(LINES) + "\nYours sincerely\n"
plain = text.encode()


def put(name, data):
    with open(os.path.join(out, name), "wb") as f:
        f.write(data)


def zipped(*members):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        for n, d in members:
            z.writestr(n, d)
    return b.getvalue()


def tarred(name, data):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w") as t:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        t.addfile(info, io.BytesIO(data))
    return b.getvalue()


def pieces(s):
    """A text cut anywhere, as an editor leaves it."""
    while s:
        n = random.randrange(1, 6)
        yield s[:n]
        s = s[n:]


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
         'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
runs = "".join("<w:p>%s</w:p>" % "".join(
    '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r>' % html.escape(p) for p in pieces(line))
    for line in text.splitlines())
docx = zipped(("[Content_Types].xml", TYPES), ("word/document.xml", "<w:document %s><w:body>%s</w:body></w:document>" % (W, runs)))

put("plain.txt", plain)
put("crlf.txt", plain.replace(b"\n", b"\r\n"))
put("utf16le.txt", b"\xff\xfe" + text.encode("utf-16-le"))
put("utf16be.txt", b"\xfe\xff" + text.encode("utf-16-be"))
put("utf8-mark.txt", b"\xef\xbb\xbf" + plain)
put("page.html", ("<html><body>" + "".join("<p>%s</p>" % html.escape(s) for s in text.splitlines()) + "</body></html>").encode())
put("runs.docx", docx)
put("plain.zip", zipped(("plain.txt", plain)))
put("plain.txt.gz", gzip.compress(plain, mtime=0))
put("zip-in-tar.tar.gz", gzip.compress(tarred("plain.zip", zipped(("plain.txt", plain))), mtime=0))
put("docx-in-zip.zip", zipped(("runs.docx", docx)))
# One cell a line, and one string a line.
put("cells.csv", ('id,text\n' + "".join('%d,"%s"\n' % (i, s) for i, s in enumerate(text.splitlines()))).encode())
put("strings.json", json.dumps(text.splitlines(), indent=1).encode())
put("lines.xml", ("<?xml version='1.0'?><a>" + "".join("<b>%s</b>\n" % html.escape(s) for s in text.splitlines()) + "</a>").encode())
