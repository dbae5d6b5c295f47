"""texts.py OUT - plain text in shapes that cost too much, or hide their end"""
import random

from expect import PLANT, Out

out = Out()
MiB = 1 << 20
END = b"\n" + PLANT + b"\n"


def repeat(piece, size):
    return piece * (size // len(piece))


# Long.  The value at the end tells whether all was read.
out.add("one-line.txt", repeat(b"word ", 64 * MiB) + b" " + PLANT, "complete", found=1, seconds=4)
out.add("one-word.txt", b"x" * (64 * MiB) + b" " + PLANT, "complete", found=1, seconds=4)
out.add("newlines.txt", b"\n" * (32 * MiB) + END, "complete", found=1, seconds=4)
out.add("spaces.txt", b" " * (32 * MiB) + END, "complete", found=1, seconds=4)
out.add("nuls.txt", b"A text\n" + bytes(32 * MiB) + END, "complete|partial", "unsupported-type?", 1, seconds=4)
out.add("cr-only.txt", repeat(b"a line\r", 8 * MiB) + b"\r" + PLANT + b"\r", "complete", found=1)

# Shapes that tempt a rule or a stage at every byte.
tempting = {
    "brackets": b"[", "braces": b"{", "digits": b"8", "digits-spaced": b"12 34 56 78 ", "hyphens": b"1-2-3-4-",
    "nino-like": b"AB123456", "nino-bad": b"AB123456Z ", "at-signs": b"a@", "dots": b"a.b.", "email-like": b"a.b@c.",
    "card-like": b"4111 1111 1111 1112 ", "iban-like": b"GB82WEST1234569876543", "colons": b"a:b:", "hex": b"deadbeef",
    "password": b"password ", "password-is": b"password=", "label": b"NHS number ", "label-colon": b"NI number: ",
    "slashes": b"/", "backslashes": b"\\", "quotes": b'"', "commas": b",", "semicolons": b";", "tabs": b"\t", "less": b"<",
    "tags": b"<a>", "ampersands": b"&", "entities": b"&amp;", "comment-open": b"<!--", "cdata-open": b"<![CDATA[",
    "begin-key": b"-----BEGIN PRIVATE KEY-----\n", "token-like": b"ghp_0123456789", "jwt-like": b"eyJhbGciOiJ.",
    "secret": b"SECRET\n", "markings": b"OFFICIAL-SENSITIVE ", "official": b"OFFICIAL\n", "invalid-utf8": b"\xfe\x80\xffa",
    "overlong": b"\xc0\xaf", "nbsp": b"\xc2\xa0", "full-width": "１２３".encode(), "combining": b"e\xcc\x81",
    "bidi": b"\xe2\x80\xae", "zero-width": b"1\xe2\x80\x8b", "mrz": b"P<GBR<<<<", "date-like": b"01/02/19", "postcode-like": b"SW1A 1A",
    "urls": b"http://a/", "query": b"?a=b&", "base64": b"QUJDREVGR0g=", "json-open": b'{"a":', "json-strings": b'"a","b",',
    "json-escapes": b"\\u0041", "csv-quotes": b'"a""b",', "percent": b"%41%42",
}
for name, piece in tempting.items():
    out.add(name + ".txt", repeat(piece, 2 * MiB) + END, "complete|partial", "limit-hits?", (0, 1) if name in (
        "comment-open", "cdata-open", "json-open") else (1, 10 ** 7), seconds=6)
for name, head in (("csv", b"a,b\n1,2\n"), ("json", b"[1,"), ("xml", b"<?xml version='1.0'?><x>"), ("html", b"<html><body>")):
    for shape in ("brackets", "braces", "digits", "quotes", "commas", "less", "tags", "ampersands", "entities", "comment-open",
                  "cdata-open", "json-open", "json-strings", "json-escapes", "csv-quotes", "backslashes", "newline"):
        piece = tempting.get(shape, b"\n")
        out.add("%s.%s" % (shape, name), head + repeat(piece, 2 * MiB) + END, "complete|partial",
                "limit-hits? malformed? limit-depth?", (0, 2), seconds=6, never_silent=True)

# Tables.
out.add("columns.csv", b",".join(b"column%d" % i for i in range(1000000)) + b",last\n" +
        b",".join(b"%d" % (i % 10) for i in range(1000000)) + b"," + PLANT + b"\n", "complete|partial", "limit-hits?", 1, seconds=6)
out.add("headings.csv", b"NI number," + b",".join(b"column%d" % i for i in range(900)) + b"\n" + b"x," * 200000 + b"\n" +
        b"AB123456C,\n", "complete|partial", "limit-hits?", 1, seconds=6)
out.add("unclosed-quote.csv", b'a,b\n1,"' + repeat(b"text, more\n", 16 * MiB) + END, "complete|partial", "malformed?", 1, seconds=6)
out.add("quoted-newlines.csv", b'a,b\n' + repeat(b'"x\ny",2\n', 8 * MiB) + b'"' + PLANT + b'",3\n', "complete", found=1, seconds=6)

# JSON.
out.add("long-string.json", b'{"a": "' + b"x" * (32 * MiB) + b" " + PLANT + b'"}', "complete|partial", "limit-size?", 1, seconds=6)
out.add("long-key.json", b'{"' + b"k" * (16 * MiB) + b'": "' + PLANT + b'"}', "complete|partial", "limit-size?", 1, seconds=6)
out.add("escaped.json", b'{"a": "NI number: \\u0041\\u0042123456C"}', "complete", found=1)
out.add("escaped-half.json", b'{"a": "\\ud800 \\u00 NI number: AB123456C \\q"}', "complete|partial", "malformed?", 1)

# Encodings.
text = "A letter.\nNI number: AB123456C\n"
for name, enc in (("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-32-le", "utf-32-le"), ("utf-8-sig", "utf-8-sig")):
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-le": b"\xff\xfe\0\0"}.get(name, b"")
    out.add(name + ".txt", bom + text.encode(enc), "complete", found=1)
    if bom:
        out.add(name + "-odd.txt", bom + text.encode(enc) + b"\x41", "complete|partial", "malformed?", 1)
        out.add(name + "-long.txt", bom + ("word " * (2 * MiB)).encode(enc) + ("\n" + text).encode(enc), "complete", found=1)
out.add("utf-16-no-mark.txt", text.encode("utf-16-le"), "complete", found=1)
out.add("surrogates.txt", b"\xff\xfe" + b"\x00\xd8" * 2 * MiB + text.encode("utf-16-le"), "complete|partial", "malformed? unsupported-type?", 1)
out.add("only-bom.txt", b"\xef\xbb\xbf", "complete")
out.add("latin-1.txt", b"caf\xe9 " * 1000 + END, "complete", found=1)

# Chance.
r = random.Random(7)
for n in range(6):
    data = bytearray(r.randbytes(MiB))
    data[MiB // 2:MiB // 2] = END
    out.add("random-%d.bin" % n, bytes(data), "partial|complete", "unsupported-type? malformed?", (1, 3))
for n in range(6):
    data = bytearray(r.choices(b"0123456789 -/.,:;@ABCDEFabcdef\n\"'<>&[]{}=", k=2 * MiB))
    data[MiB:MiB] = END
    out.add("soup-%d.txt" % n, bytes(data), "complete|partial", "limit-hits? malformed?", (1, 10 ** 6), seconds=6)
out.done()
