"""office.py OUT - OOXML and other XML that bombs, lies and hides"""
import io
import struct
import zipfile

from expect import PLANT, Out

out = Out()
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
         'content-types"><Default Extension="xml" ContentType="application/xml"/><Override '
         'PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/>'
         '</Types>')
plant = PLANT.decode()


def package(parts, main, kind, types=None):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        if types is not False:
            z.writestr("[Content_Types].xml", TYPES % (main, kind))
        for name, data in parts.items():
            z.writestr(name, data)
    return b.getvalue()


def docx(body, extra=None, head='<?xml version="1.0" encoding="UTF-8"?>', **more):
    parts = {"word/document.xml": head + "<w:document %s><w:body>%s</w:body></w:document>" % (W, body)}
    parts.update(extra or {})
    return package(parts, "word/document.xml", "wordprocessingml.document", **more)


def para(text):
    return "<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % text


def runs(*texts):
    return "<w:p>" + "".join('<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r>' % t
                             for t in texts) + "</w:p>"


def xlsx(rows, strings=(), extra=None):
    parts = {
        "xl/workbook.xml": '<workbook %s><sheets><sheet name="One" sheetId="1"/></sheets></workbook>' % S,
        "xl/worksheets/sheet1.xml": "<worksheet %s><sheetData>%s</sheetData></worksheet>" % (S, rows),
        "xl/sharedStrings.xml": "<sst %s>%s</sst>" % (S, "".join("<si><t>%s</t></si>" % s for s in strings)),
    }
    parts.update(extra or {})
    return package(parts, "xl/workbook.xml", "spreadsheetml.sheet")


def cells(*values, kind="s"):
    return "<row>" + "".join('<c t="%s"><v>%s</v></c>' % (kind, v) for v in values) + "</row>"


# Good ones, to be sure that the bad ones are not found by chance.
out.add("plain.docx", docx(para(plant)), "complete", found=1)
out.add("runs.docx", docx(runs("NI num", "ber: AB12", "3", "456", "C") + para(plant)), "complete", found=2)
out.add("plain.xlsx", xlsx(cells(0, 1), ["NI number", "AB123456C"]), "complete", found=1)
out.add("inline.xlsx", xlsx('<row><c t="inlineStr"><is><t>%s</t></is></c></row>' % plant),
        "complete", found=1)

# Every part is read.
everywhere = {
    "word/header1.xml": "<w:hdr %s>%s</w:hdr>" % (W, para(plant)),
    "word/footer1.xml": "<w:ftr %s>%s</w:ftr>" % (W, para(plant)),
    "word/footnotes.xml": "<w:footnotes %s>%s</w:footnotes>" % (W, para(plant)),
    "word/comments.xml": "<w:comments %s><w:comment>%s</w:comment></w:comments>" % (W, para(plant)),
    "customXml/item1.xml": "<data><v>%s</v></data>" % plant,
    "docProps/core.xml": "<cp><title>%s</title></cp>" % plant,
    "docProps/custom.xml": "<Properties><property name='x'><lpwstr>%s</lpwstr></property></Properties>" % plant,
    "word/unheard/of.xml": "<x><y>%s</y></x>" % plant,
    "word/embeddings/note.txt": plant,
    "word/embeddings/inner.docx": docx(para(plant)),
    "word/media/blob.bin": b"\0\1\2" + PLANT + b"\0\0",
}
out.add("everywhere.docx", docx(para("nothing"), everywhere), "complete|partial",
        "unsupported-type?", len(everywhere))
out.add("hidden-text.docx", docx("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>%s</w:t></w:r></w:p>"
                                 "<w:p><w:del><w:r><w:delText>%s</w:delText></w:r></w:del></w:p>"
                                 % (plant, plant)), "complete", found=2)

# Labels.
MSIP = ('<Properties xmlns:vt="v">%s</Properties>' % "".join(
    '<property name="MSIP_Label_2f3b8a1c-5d17-4c2e-9a41-0c7be25d9c11_%s"><vt:lpwstr>%s</vt:lpwstr></property>'
    % p for p in (("Enabled", "true"), ("Name", "OFFICIAL-SENSITIVE"), ("SiteId", "11111111-2222-3333-4444-555555555555"),
                  ("Method", "Privileged"), ("SetDate", "2026-01-01T00:00:00Z"), ("ContentBits", "3"))))
out.add("msip-label.docx", docx(para("nothing"), {"docProps/custom.xml": MSIP}), "complete",
        marking="OFFICIAL-SENSITIVE")

# Entities.
laughs = ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">' % ("ha" * 50) + "".join(
    '<!ENTITY %s "%s">' % (b, ("&%s;" % a) * 20) for a, b in zip("abcdefgh", "bcdefghi")) + "]>")
quadratic = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">]>' % ("ha" * 50000)
xxe = ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">'
       '<!ENTITY % b SYSTEM "http://192.0.2.1/x">%b;]>')
value = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">]>' % plant
for name, head, text, found in (("laughs", laughs, "&i;", 1), ("quadratic", quadratic, "&a;" * 20000, 1),
                                ("xxe", xxe, "&a;", 1), ("entity-value", value, "&a;", (1, 2))):
    out.add(name + ".docx", docx(para(text) + para(plant), head=head), "partial|complete",
            "malformed? unsupported-type?", found, why="a DOCTYPE is said and not followed")
    out.add(name + ".xml", (head + "<x>%s</x>" % (text + plant)).encode(), "partial|complete",
            "malformed? unsupported-type?", found)
out.add("character-references.docx", docx(para("NI number: &#65;B&#x31;23&#52;56C")), "complete", found=1)

# Depth and length.
deep = 200000
out.add("deep.docx", docx("<w:p>" * deep + "<w:r><w:t>%s</w:t></w:r>" % plant + "</w:p>" * deep),
        "complete|partial", "limit-depth? malformed?", 1)
out.add("deep-open.docx", docx("<w:p>" * deep + "<w:r><w:t>%s</w:t>" % plant), "complete|partial",
        "limit-depth? malformed?", 1)
out.add("deep.xml", b"<a>" * 1000000 + PLANT + b"</a>" * 1000000, "complete|partial",
        "limit-depth? malformed?", 1)
out.add("deep-json.json", b"[" * 1000000 + b'"' + PLANT + b'"' + b"]" * 1000000, "complete|partial",
        "limit-depth? malformed?", 1)
out.add("deep-json-keys.json", b'{"a":' * 500000 + b'"' + PLANT + b'"', "complete|partial",
        "limit-depth? malformed?", 1)
long = "x" * (64 << 20)
out.add("long-attribute.docx", docx('<w:p w:a="%s">' % long + "<w:r><w:t>%s</w:t></w:r></w:p>" % plant),
        "complete|partial", "limit-size? limit-ratio? malformed?", (0, 1), seconds=8)
out.add("long-attribute.xml", ('<a b="%s">%s</a>' % (long, plant)).encode(), "complete|partial",
        "limit-size? malformed?", 1, seconds=8)
out.add("long-name.xml", ('<%s>%s</a>' % (long, plant)).encode(), "complete|partial",
        "limit-size? malformed?", 1, seconds=8)
out.add("long-comment.xml", ('<a><!--%s %s--></a>' % (long, plant)).encode(), "complete|partial",
        "limit-size? malformed?", 1, seconds=8)
out.add("many-attributes.xml", ("<a %s>%s</a>" % (" ".join('b%d="c"' % i for i in range(1000000)), plant)).encode(),
        "complete|partial", "malformed?", 1, seconds=8)
out.add("cdata.xml", ("<a><![CDATA[%s]]>, <![CDATA[%s" % (plant, plant)).encode(), "complete|partial",
        "malformed?", 2)

# Parts that are too large to be held, and expand.
for name, piece in (("paragraphs", b"<w:p/>"), ("spaces", b"  "), ("comments", b"<!-- -->")):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", TYPES % ("word/document.xml", "wordprocessingml.document"))
        with packed.open("word/document.xml", "w") as f:
            f.write(b"<w:document %s><w:body>" % W.encode())
            for _ in range(300):
                f.write(piece * ((1 << 20) // len(piece)))
    out.add("bomb-of-%s.docx" % name, b.getvalue(), "partial", "limit-ratio|limit-size", seconds=8)

# Numbers that are no indexes.
bad = "".join(cells(v) for v in (-1, 2, 999999999, 2 ** 31, 2 ** 32, 2 ** 63, 2 ** 64, "1e9", "x", ""))
out.add("index-out-of-range.xlsx", xlsx(bad + cells(0), [plant, "two"]), "complete|partial",
        "malformed?", (1, 3))
out.add("many-strings.xlsx", xlsx(cells(299999), ["s%d" % i for i in range(299999)] + [plant]),
        "complete", found=1, seconds=5)
out.add("wide-row.xlsx", xlsx("<row>" + '<c><v>7</v></c>' * 300000 +
                              '<c t="inlineStr"><is><t>%s</t></is></c></row>' % plant), "complete",
        found=1, seconds=5)
out.add("same-string-often.xlsx", xlsx(cells(*[0] * 200000), ["x" * 30000]), "complete|partial",
        "limit-size? limit-ratio? limit-time?", seconds=15,
        why="200,000 cells of one string of 30,000 bytes: 6 GB of text")

# Broken packages.
good = docx(para(plant) * 200)
out.add("truncated.docx", good[:len(good) * 2 // 3], "partial|none", "malformed container-slack?", (0, 200))
out.add("no-types.docx", docx(para(plant), types=False), "complete", found=1)
out.add("half-document.docx", docx("<w:p><w:r><w:t>%s</w:t></w:r><w:r><w" % plant), "complete|partial",
        "malformed?", 1)
out.add("utf16.docx", package({"word/document.xml": (
    '<?xml version="1.0" encoding="UTF-16"?><w:document %s><w:body>%s</w:body></w:document>'
    % (W, para(plant))).encode("utf-16")}, "word/document.xml", "wordprocessingml.document"), "complete", found=1)
out.add("ole2-encrypted.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
    "<HHHHH", 0x3e, 3, 0xfffe, 9, 6) + bytes(470) + "EncryptedPackage".encode("utf-16-le").ljust(512, b"\0") +
    b"\xa7" * 4096, "partial|none", "encrypted? password-protected? unsupported-type? malformed?")
out.done()
