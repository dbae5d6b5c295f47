"""markings.py DIR - marked documents by template, near misses, and the answers

Written from the schemes: every marking in every place that documents put it, and
ordinary texts that look alike.  DIR/marked/ has a file for each answer in
DIR/answers.tsv (name, label); no file in DIR/unmarked/ bears a marking.
"""
import argparse
import base64
import itertools
import json
import os
import random
import struct
import zipfile
import zlib

# As written; the label that must come out.
MARKINGS = [
    ("OFFICIAL", "OFFICIAL"),
    ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL - SENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL \u2013 SENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL SENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL: SENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL:SENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL (SENSITIVE)", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL/SENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIALSENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICAL-SENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL-SENSATIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL\u00a0SENSITIVE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL-SENSITIVE - RECIPIENTS ONLY", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL-SENSITIVE - HOME OFFICE USE ONLY - PERSONAL DATA", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL-SENSITIVE [PERSONAL]", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL-SENSITIVE COMMERCIAL", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL-SENSITIVE | LEGAL PROFESSIONAL PRIVILEGE", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL-SENSITIVE - HR/MANAGEMENT", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL-SENSITIVE (when complete)", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL-SENSITIVE - LOCSEN", "OFFICIAL-SENSITIVE"),
    ("OFFICIAL - FOR PUBLIC RELEASE", "OFFICIAL"),
    ("OFFICIAL - MARKET-SENSITIVE", "OFFICIAL"),
    ("UK OFFICIAL", "OFFICIAL"),
    ("UK OFFICIAL-SENSITIVE REL EU", "OFFICIAL-SENSITIVE"),
    ("[OFFICIAL]", "OFFICIAL"),
    ("*** OFFICIAL ***", "OFFICIAL"),
    ("-- OFFICIAL-SENSITIVE --", "OFFICIAL-SENSITIVE"),
    ("O F F I C I A L", "OFFICIAL"),
    ("SECRET", "SECRET"),
    ("SECRET - RECIPIENTS ONLY - COMMERCIAL", "SECRET"),
    ("UK SECRET - CODEWORD - UK EYES ONLY", "SECRET"),
    ("SECRET STRAP1 CANUKUS EYES ONLY", "SECRET"),
    ("TOP SECRET", "TOP SECRET"),
    ("TOP-SECRET", "TOP SECRET"),
    ("TOP SECRET STRAP2", "TOP SECRET"),
    ("TOP SECRET - AUS/CAN/NZ/UK/US EYES ONLY", "TOP SECRET"),
    ("NOT PROTECTIVELY MARKED", "NOT PROTECTIVELY MARKED"),
    ("PROTECT - PERSONAL", "PROTECT"),
    ("RESTRICTED", "RESTRICTED"),
    ("RESTRICTED - INVESTIGATIONS", "RESTRICTED"),
    ("RESTRICTED (WHEN COMPLETE)", "RESTRICTED"),
    ("RESTRICTED \u2013 FOR POLICE AND PROSECUTION ONLY", "RESTRICTED"),
    ("CONFIDENTIAL: STAFF", "CONFIDENTIAL"),
    ("CONFIDENTIAL - UK EYES ALPHA", "CONFIDENTIAL"),
    ("NATO RESTRICTED", "NATO RESTRICTED"),
    ("NATO SECRET", "NATO SECRET"),
    ("NATO CONFIDENTIAL RELEASABLE TO SWEDEN", "NATO CONFIDENTIAL"),
    ("COSMIC TOP SECRET ATOMAL", "COSMIC TOP SECRET ATOMAL"),
    ("NATO/PfP UNCLASSIFIED", "NATO UNCLASSIFIED"),
    ("RESTREINT UE/EU RESTRICTED", "RESTREINT UE/EU RESTRICTED"),
    ("SECRET UE/EU SECRET", "SECRET UE/EU SECRET"),
    ("TR\u00c8S SECRET UE/EU TOP SECRET", "TRES SECRET UE/EU TOP SECRET"),
    ("TOP SECRET//SI/TK//NOFORN", "TOP SECRET"),
    ("SECRET//REL TO USA, GBR", "SECRET"),
    ("CONFIDENTIAL//NOFORN", "CONFIDENTIAL"),
    ("UNCLASSIFIED//FOUO", "UNCLASSIFIED"),
    ("//GBR SECRET", "SECRET"),
    ("CUI//SP-PRVCY", "CUI"),
    ("OFFICIAL: Sensitive", "OFFICIAL: SENSITIVE"),
    ("OFFICIAL: Sensitive//Personal-Privacy", "OFFICIAL: SENSITIVE"),
    ("PROTECTED//CABINET", "PROTECTED"),
    ("SECRET//AUSTEO", "SECRET"),
    ("TLP:AMBER+STRICT", "TLP:AMBER+STRICT"),
    ("TLP:RED", "TLP:RED"),
    ("NHS CONFIDENTIAL", "NHS CONFIDENTIAL"),
]

# Only after a label.
LABELLED = [
    ("Official", "OFFICIAL"), ("Official-Sensitive", "OFFICIAL-SENSITIVE"), ("Official Sensitive", "OFFICIAL-SENSITIVE"),
    ("Official - Sensitive", "OFFICIAL-SENSITIVE"), ("O-S", "OFFICIAL-SENSITIVE"), ("OFFSEN", "OFFICIAL-SENSITIVE"),
    ("Secret", "SECRET"), ("Top Secret", "TOP SECRET"), ("TOPSECRET", "TOP SECRET"), ("Restricted", "RESTRICTED"),
    ("Confidential", "CONFIDENTIAL"), ("Not Protectively Marked", "NOT PROTECTIVELY MARKED"), ("NPM", "NOT PROTECTIVELY MARKED"),
    ("Unclassified", "UNCLASSIFIED"), ("Protect", "PROTECT"),
]
LABELS = ["Classification", "Security Classification", "SECURITY CLASSIFICATION", "Protective Marking", "Protective marking",
          "GSC", "GSC marking", "Document classification", "Data classification", "Security marking", "Marking"]

PROSE = """The meeting was held at the station on Tuesday. Those present agreed the rota for
the summer and heard a report on the custody suite. The fleet manager said that two vans
would be replaced by the autumn, and that the old ones would go to auction.

Action: the secretary to write to the council about the car park, and to ask for the
plans of the new entrance. Next meeting in September.
"""
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
GUID = "2096f6a2-d2f7-48be-b329-b73aaa526e5d"


def esc(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def docx(path, body=(), header=None, footer=None, custom=(), parts=()):
    ct = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
          '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
          '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
          'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
    rels = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>')

    def part(root, lines):
        return '<w:%s xmlns:w="%s">%s</w:%s>' % (root, W, "".join(lines), root)

    def para(text):
        return '<w:p><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>' % esc(text)

    paras = [para(line) for line in (*body, *PROSE.split("\n"))]
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("[Content_Types].xml", ct)
        z.writestr("_rels/.rels", rels)
        z.writestr("word/document.xml", part("document", ["<w:body>", *paras, "</w:body>"]))
        if header:
            z.writestr("word/header1.xml", part("hdr", [para(header)]))
        if footer:
            z.writestr("word/footer1.xml", part("ftr", [para(footer)]))
        if custom:
            z.writestr("docProps/custom.xml",
                       '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
                       'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">' + "".join(
                           '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="%d" name="%s"><vt:lpwstr>%s'
                           '</vt:lpwstr></property>' % (i + 2, n, esc(v)) for i, (n, v) in enumerate(custom))
                       + '</Properties>')
        for name, text in parts:
            z.writestr(name, text)


def odt(path, header=None, user=()):
    ns = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
          'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
          'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
          'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"')
    paras = "".join("<text:p>%s</text:p>" % esc(p) for p in PROSE.split("\n"))
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        z.writestr("content.xml", "<office:document-content %s><office:body><office:text>%s</office:text></office:body>"
                   "</office:document-content>" % (ns, paras))
        if header:
            z.writestr("styles.xml", "<office:document-styles %s><office:master-styles><style:master-page "
                       "style:name='S'><style:header><text:p>%s</text:p></style:header></style:master-page>"
                       "</office:master-styles></office:document-styles>" % (ns, esc(header)))
        if user:
            z.writestr("meta.xml", "<office:document-meta %s><office:meta>%s</office:meta></office:document-meta>" % (
                ns, "".join('<meta:user-defined meta:name="%s">%s</meta:user-defined>' % (n, esc(v)) for n, v in user)))


def package(path, root, parts):
    ct = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
          '<Default Extension="xml" ContentType="application/xml"/>'
          '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>%s</Types>' %
          "".join('<Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.%s+xml"/>' % (n, t)
                  for n, t, _ in parts if t))
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("[Content_Types].xml", ct)
        z.writestr("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                   '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                   'officeDocument" Target="%s"/></Relationships>' % root)
        for name, _, content in parts:
            z.writestr(name, content)


def xlsx(path, header, first=None):
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = ([[first]] if first else []) + [["Name", "Rank"], ["A", "PC"], ["B", "PS"], ["C", "PC"]]
    sheet = "".join("<row r='%d'>%s</row>" % (r + 1, "".join(
        "<c r='%s%d' t='inlineStr'><is><t>%s</t></is></c>" % ("AB"[c], r + 1, esc(v)) for c, v in enumerate(row)))
        for r, row in enumerate(rows))
    package(path, "xl/workbook.xml", [
        ("xl/workbook.xml", "spreadsheetml.sheet.main",
         "<workbook xmlns='%s' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>"
         "<sheet name='Staff' sheetId='1' r:id='r1'/></sheets></workbook>" % ns),
        ("xl/_rels/workbook.xml.rels", None,
         "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' "
         "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' "
         "Target='worksheets/sheet1.xml'/></Relationships>"),
        ("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet",
         "<worksheet xmlns='%s'><sheetData>%s</sheetData>%s</worksheet>" % (
             ns, sheet, "<headerFooter><oddHeader>%s</oddHeader></headerFooter>" % header if header else ""))])


def pptx(path, mark):
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    p = "http://schemas.openxmlformats.org/presentationml/2006/main"

    def shapes(root, texts):
        return "<p:%s xmlns:p='%s' xmlns:a='%s'><p:cSld><p:spTree>%s</p:spTree></p:cSld></p:%s>" % (root, p, a, "".join(
            "<p:sp><p:txBody><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:txBody></p:sp>" % esc(t) for t in texts), root)

    package(path, "ppt/presentation.xml", [
        ("ppt/presentation.xml", "presentationml.presentation.main", "<p:presentation xmlns:p='%s'/>" % p),
        ("ppt/slides/slide1.xml", "presentationml.slide", shapes("sld", ["Estates", *PROSE.split("\n")])),
        ("ppt/slideMasters/slideMaster1.xml", "presentationml.slideMaster", shapes("sldMaster", [mark]))])


def pdf(path, info=(), xmp=None, packed=True, first=None, encrypted=False):
    """Info as (key, value) in an object stream or open; `first`: as an earlier revision had it."""
    def string(value):
        return b"<%s>" % ("\ufeff" + value).encode("utf-16-be").hex().encode()

    def dictionary(pairs):
        return b"<<%s>>" % b"".join(b"/%s %s" % (k.encode(), string(v)) for k, v in pairs)

    def stream(head, data):
        return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(data), data)

    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>\nendobj\n"
    out += b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    if first is not None:
        out += b"3 0 obj\n%s\nendobj\ntrailer\n<</Root 1 0 R/Info 3 0 R>>\n%%%%EOF\n" % dictionary(first)
    if packed:
        inside = b"3 0 " + dictionary(info)
        out += b"5 0 obj\n%s\nendobj\n" % stream(b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", zlib.compress(inside))
    else:
        out += b"3 0 obj\n%s\nendobj\n" % dictionary(info)
    if xmp:
        out += b"4 0 obj\n%s\nendobj\n" % stream(b"/Type/Metadata/Subtype/XML/Filter/FlateDecode", zlib.compress(xmp.encode()))
    out += b"trailer\n<</Root 1 0 R/Info 3 0 R%s>>\nstartxref\n0\n%%%%EOF\n" % (b"/Encrypt 9 0 R" if encrypted else b"")
    with open(path, "wb") as f:
        f.write(out)


def xmp_packet(properties, prefix="pdfx", inner=""):
    return ('<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
            'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
            'xmlns:%s="http://ns.adobe.com/pdfx/1.3/">%s%s</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>' % (
                prefix, "".join("<%s:%s>%s</%s:%s>" % (prefix, n, esc(v), prefix, n) for n, v in properties), inner))


def jpeg(path, segments):
    with open(path, "wb") as f:
        f.write(b"\xff\xd8" + b"".join(b"\xff%c%s%s" % (m, struct.pack(">H", len(d) + 2), d) for m, d in segments) +
                b"\xff\xda\0\2" + bytes(range(255)) * 8 + b"\xff\xd9")


def jpeg_xmp(packet):
    return (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode())


def exif(entries, order="<"):
    """(tag, type, bytes), each behind the directory."""
    at = 8 + 2 + 12 * len(entries) + 4
    out, data = struct.pack(order + "HHLH", 0x4949 if order == "<" else 0x4D4D, 42, 8, len(entries)), b""
    for tag, kind, value in entries:
        place = struct.pack(order + "L", at + len(data)) if len(value) > 4 else value.ljust(4, b"\0")
        out += struct.pack(order + "HHL", tag, kind, len(value)) + place
        data += value if len(value) > 4 else b""
    return out + b"\0\0\0\0" + data


def png(path, chunks):
    def chunk(kind, data):
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">LL5B", 1, 1, 8, 0, 0, 0, 0)) + b"".join(
            chunk(k, d) for k, d in chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


def text(path, content):
    with open(path, "w", encoding="utf-8") as f:
        f.write(content)


def rtf(path, mark):
    safe = "".join(c if ord(c) < 128 else "\\u%d?" % ord(c) for c in mark)
    text(path, "{\\rtf1\\ansi{\\header\\pard %s\\par}\\pard %s\\par}" % (safe, PROSE.replace("\n", "\\par\n")))


# Places a marking stands in; each makes a file.
def place_first_line(path, m): text(path + ".txt", m + "\n\n" + PROSE)
def place_top_and_bottom(path, m): text(path + ".txt", m + "\n\n" + PROSE + "\n" + m + "\n")
def place_title_below(path, m): text(path + ".txt", m + "\nMinutes of the estates group\n\n" + PROSE)
def place_labelled(path, m):
    text(path + ".txt", "Title: Estates group\nSecurity Classification: %s\nOwner: Estates\n\n%s" % (m, PROSE))
def place_table(path, m):
    text(path + ".txt", "Policy number\t12\nProtective Marking\t%s\nOwner\tEstates\n\n%s" % (m, PROSE))
def place_page_feet(path, m):
    text(path + ".txt", "\f".join(PROSE + "\n%s\nPage %d of 3\n" % (m, i) for i in (1, 2, 3)))
def place_subject(path, m):
    text(path + ".txt", "From: a@example.org\nTo: b@example.org\nSubject: rota\nX-Classification: %s\n\n%s" % (m, PROSE))
def place_docx_header(path, m): docx(path + ".docx", header=m)
def place_docx_footer(path, m): docx(path + ".docx", footer=m + " Page 1 of 4")
def place_docx_both(path, m): docx(path + ".docx", header=m, footer=m)
def place_docx_cover(path, m): docx(path + ".docx", body=[m, "", "Estates strategy", ""])
def place_odt_header(path, m): odt(path + ".odt", header=m)
def place_odt_property(path, m): odt(path + ".odt", user=[("Classification", m)])
def place_rtf_header(path, m): rtf(path + ".rtf", m)
def place_html(path, m):
    text(path + ".html", "<html><head><title>Estates</title></head><body><div class='banner'>%s</div><p>%s</p>"
         "<div>%s</div></body></html>" % (esc(m), PROSE, esc(m)))
def place_html_meta(path, m):
    text(path + ".html", '<html><head><meta name="protective-marking" content="%s"></head><body><p>%s</p></body></html>' % (
        esc(m), PROSE))
def place_purview(path, m):
    docx(path + ".docx", custom=[("MSIP_Label_%s_Enabled" % GUID, "true"), ("MSIP_Label_%s_Name" % GUID, m)])
def place_classifier(path, m): docx(path + ".docx", custom=[("bjDocumentSecurityLabel", m)])
def place_titus(path, m):
    meta = json.dumps({"CategoryLabels": "", "Metadata": {"ns": "http://www.titus.com/ns/Force", "props": [
        {"n": "ForceClassification", "vals": [{"value": m}]}]}}, separators=(",", ":"), ensure_ascii=False)
    code = base64.b64encode(meta.encode()).decode()
    text(path + ".txt", "From: a@example.org\nx-titus-metadata-40: %s\nSubject: rota\n\n%s" % (
        "\n ".join(code[i:i + 70] for i in range(0, len(code), 70)), PROSE))

def place_mail_subject(path, m):
    text(path + ".txt", "From: a@example.org\nTo: b@example.org\nSubject: [%s] rota for May\nDate: Tue, 3 May 2022 09:00:00 +0000\n\n%s" % (
        m, PROSE))
def place_xlsx_header(path, m): xlsx(path + ".xlsx", '&amp;C&amp;"Arial,Bold"%s' % esc(m))
def place_xlsx_cell(path, m): xlsx(path + ".xlsx", "", first=m)
def place_pptx_master(path, m): pptx(path + ".pptx", m)
def place_csv_first_row(path, m):
    text(path + ".csv", '"%s",,\nName,Rank,Station\nA,PC,North\nB,PS,South\nC,PC,North\n' % m.replace('"', '""'))
def place_csv_column(path, m):
    text(path + ".csv", 'Ref,Security Classification,Station\n' + "".join(
        '%d,"%s",%s\n' % (i, m.replace('"', '""'), station) for i, station in enumerate(["North", "South", "North"])))
def place_comment(path, m):
    text(path + ".py", "# %s\n\nimport os\n\n\ndef main():\n    print(os.getcwd())\n" % m)
def place_front_matter(path, m):
    text(path + ".md", "---\ntitle: Estates\nclassification: '%s'\n---\n\n# Estates\n\n%s" % (m, PROSE))
def place_json(path, m):
    text(path + ".json", json.dumps({"title": "Estates", "protectiveMarking": m, "body": PROSE}, ensure_ascii=False))


def place_pdf_purview(path, m): pdf(path + ".pdf", info=[("Title", "Rota"), *msip("true", m)])
def place_pdf_open(path, m): pdf(path + ".pdf", info=[("bjDocumentSecurityLabel", m)], packed=False)
def place_pdf_titus(path, m): pdf(path + ".pdf", info=[("TitusGUID", GUID), ("ForceClassification", m)])
def place_pdf_xmp(path, m): pdf(path + ".pdf", info=[("Title", "Rota")], xmp=xmp_packet(msip("true", m)))
def place_jpeg_xmp(path, m): jpeg(path + ".jpg", [(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), jpeg_xmp(xmp_packet(msip("true", m), "msip"))])
def place_jpeg_exif(path, m):
    jpeg(path + ".jpg", [(0xE1, b"Exif\0\0" + exif([(0x010E, 2, m.encode() + b"\0")], ">"))])
def place_jpeg_keywords(path, m):
    jpeg(path + ".jpg", [(0xE1, b"Exif\0\0" + exif([(0x9C9E, 1, m.encode("utf-16-le") + b"\0\0")]))])
def place_png_xmp(path, m):
    png(path + ".png", [(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp_packet([("Classification", m)]).encode())])
def place_png_packed(path, m):
    png(path + ".png", [(b"zTXt", b"Comment\0\0" + zlib.compress(m.encode()))])


PLACES = [v for k, v in sorted(globals().items()) if k.startswith("place_")]
# What no document has: a bare word or a sign as the name of a product's label.
SKIPPED = {
    ("place_html_meta", "*** OFFICIAL ***"), ("place_purview", "*** OFFICIAL ***"),
    ("place_mail_subject", "//GBR SECRET"), ("place_pdf_purview", "*** OFFICIAL ***"), ("place_pdf_xmp", "*** OFFICIAL ***"),
    ("place_jpeg_xmp", "*** OFFICIAL ***"), ("place_png_xmp", "*** OFFICIAL ***"), ("place_pdf_titus", "*** OFFICIAL ***"),
}

# Near misses: each line is a text of its own, and many are made of parts.
MISSES = """The secret of success is planning.
Official Secrets Act 1989: what you need to know
Visit our official website for details.
OFFICIAL RECEIVER
OFFICIAL JOURNAL OF THE EUROPEAN UNION
Official Statistics: recorded crime
OFFICIAL COPY OF REGISTER OF TITLE
OFFICIAL RESULT
OFFICIAL OPENING OF THE NEW STATION
THE OFFICIAL GUIDE TO THE CITY
Official - the station is open
Official Singles Chart Top 40
UK Official Singles Chart
UK Secretary of State
UK Secret Intelligence Service
SECRETARY OF STATE FOR DEFENCE
SECRETARIAT
SECRET SANTA
SECRET SANTA DRAW 2024
THE SECRET GARDEN
The Secret Garden
TOP SECRET RECIPES OF 1975
Top Secret! (1984), a film by Zucker, Abrahams and Zucker
Film of the week: Top Secret!
THE TOP SECRET FILES
Secret Cinema
secret ballot of members
TRADE SECRET POLICY
VICTORIA'S SECRET
It is no secret that the vans are old.
The document was marked SECRET by mistake.
Members of the official opposition spoke.
The report was SECRET until last year.
Formerly SECRET
Downgraded from SECRET
DECLASSIFIED
RESTRICTED AREA
RESTRICTED AREA - NO ENTRY
Restricted Area: authorised staff only
Restricted - Staff only
RESTRICTED ACCESS
RESTRICTED BYWAY 12
RESTRICTED STOCK UNITS
U.S. GOVERNMENT RESTRICTED RIGHTS
The area has restricted access.
A restricted diet was ordered.
RESTRICTED LEFT ENTRY
UNRESTRICTED
Unrestricted parking
CONFIDENTIALITY AGREEMENT
CONFIDENTIALITY CLAUSE
CONFIDENTIAL INFORMATION MEANS ANY INFORMATION DISCLOSED BY A PARTY
"Confidential Information" means any information that a party discloses.
Each party shall keep the other's Confidential Information confidential.
This email is confidential and intended for the addressee only.
This email is CONFIDENTIAL and intended for the addressee.
Confidential reporting line: 0800 000 000
CONFIDENTIAL REPORTING LINE
CONFIDENTIAL WASTE
confidential waste bins
Strictly confidential references may be sent by post.
Replies will be treated in confidence.
PROTECT DUTY
Protect Duty consultation
PROTECT YOUR HOME
PROTECT AND SURVIVE
Protect - Personalised plans for all
PROTECTED CHARACTERISTICS
PROTECTED SPECIES
protected characteristics under the Equality Act
protect children from harm
UNCLASSIFIED ROADS
unclassified road to the north
UNCLASSIFIED DEGREES
Unclassified County Road 4012
sensitive skin
SENSITIVE HABITATS
HIGHLY SENSITIVE SCALES
market sensitive announcements are made at seven
UNOFFICIAL
UNOFFICIAL GUIDE
OFFICIALLY THE BEST
OFFICIAL SPONSOR
OFFICIAL PARTNER OF THE GAMES
OFFICIAL USE ONLY
FOR OFFICIAL USE ONLY
FOR OFFICE USE ONLY
For official use only: date received
OFFICIAL RESIDENCE
OFFICIAL LANGUAGE
OFFICIAL LIQUIDATOR
OFFICIAL VISIT
OFFICIAL SOLICITOR
OFFICIAL SENSITIVITY TESTS
OFFICIAL-SENSITIVE training
OFFICIAL-SENSITIVE training is on Monday
OFFICIAL-SENSITIVE: what it means
How to mark OFFICIAL-SENSITIVE documents
TOP SECRET: THE STORY OF A HOUSE
Parking: RESTRICTED
Type: SECRET
All OFFICIAL-SENSITIVE material goes by courier.
Send all OFFICIAL-SENSITIVE papers to the registry.
Documents marked OFFICIAL-SENSITIVE must be locked away.
Papers above this tier should be marked SECRET
OFFICIAL, SECRET and TOP SECRET are the three tiers.
The tiers are OFFICIAL, SECRET and TOP SECRET.
[OFFICIAL / OFFICIAL-SENSITIVE / SECRET delete as appropriate]
Protective marking: Choose an item.
Classification: [select one] OFFICIAL / OFFICIAL-SENSITIVE
Classification: official statistics
Classification: secret ballot
Classification of documents
PROTECTIVE MARKING SCHEME
GOVERNMENT SECURITY CLASSIFICATIONS
Government Security Classifications: OFFICIAL, SECRET, TOP SECRET
He wrote NATO SECRET on a napkin and laughed.
NATO SECRETARY GENERAL
the NATO secretary general spoke
NATO RESTRICTED and above must be registered
EU SECRETARIAT
EU restricted substances list
EU RESTRICTED SUBSTANCES LIST
TLP: RED flags to watch for
TLP:RED means named recipients, TLP:AMBER the organisation, TLP:GREEN the community
AMBER alert
CODE RED
Copyright (C) 2024
(S) second item of a list
(C) third item
(U) fourth item
see section (S)(1)
SECRET_KEY=abc
export CLIENT_SECRET=x
client_secret: abc
"secret": "abc"
kind: Secret
SECRET: ${{ secrets.TOKEN }}
const SECRET = 3;
case SECRET:
enum Level { OFFICIAL, SECRET, TOP_SECRET };
/srv/SECRET/plans
https://example.org/OFFICIAL/news
<option value="OFFICIAL">OFFICIAL</option>
if (level == CONFIDENTIAL) {
PROTECTED = 1
public, protected, private
The CUI programme protects information
CUISINE
CONTROLLED DRUGS REGISTER
CONTROLLED WASTE
UNCONTROLLED WHEN PRINTED
EYES ONLY
For Your Eyes Only (1981)
POLICE USE ONLY parking bays were painted by the gate
POLICE ONLY
COMMERCIAL IN CONFIDENCE
PRIVATE AND CONFIDENTIAL
STRICTLY PRIVATE AND CONFIDENTIAL
Private and Confidential
NOT FOR SALE
not for publication, said the editor
This policy is not protectively marked in the register yet
the marking NOT PROTECTIVELY MARKED was withdrawn in 2014
Section 31 of the Act provides an exemption for law enforcement.
The publication scheme lists seven classes of information.
Embargoed goods
STRAP LINE
LIMITED EDITION
ATOMIC ENERGY AUTHORITY
ORGANISATION USE
O-S grid reference
OS map 128
Ordnance Survey (OS)
DS Smith, OS team
TS 16949
S
NS""".split("\n")

NOUNS = ["JOURNAL", "RECEIVER", "STORE", "SUPPLIER", "TRAILER", "BALLOT", "HISTORY", "DIARY", "GARDEN", "SOCIETY",
         "SERVICE", "ZONE", "ENTRY", "PARKING", "ROAD", "LICENCE", "PRACTICE", "INVENTORY", "MARRIAGE", "PROGRAMME"]
WORDS = ["SECRET", "OFFICIAL", "RESTRICTED", "CONFIDENTIAL", "PROTECTED", "TOP SECRET", "UNCLASSIFIED", "PROTECT"]
FRAMES = ["{w} {n}", "THE {w} {n}", "{w} {n} OF THE YEAR", "A {n} OF {w} PLACES", "{t} {u}", "the {l} {m} of the town",
          "Our {l} {m} is open.", "They called it {w} and went home.", "My {m} is {l}."]


def misses():
    yield from MISSES
    for w, n, f in itertools.product(WORDS, NOUNS, FRAMES):
        yield f.format(w=w, n=n, t=w.title(), u=n.title(), l=w.lower(), m=n.lower())


def write_misses(top):
    """Each miss alone, at the top of a text, amid one, and some in documents."""
    rng = random.Random(7)
    for i, line in enumerate(misses()):
        path = os.path.join(top, "%04d" % i)
        how = rng.randrange(5) if i >= len(MISSES) else i % 5
        if how == 0:
            text(path + ".txt", line + "\n")
        elif how == 1:
            text(path + ".txt", line + "\n\n" + PROSE)
        elif how == 2:
            text(path + ".txt", PROSE + "\n" + line + "\n\n" + PROSE)
        elif how == 3:
            docx(path + ".docx", body=[line])
        else:
            docx(path + ".docx", header=line) if i < len(MISSES) else text(path + ".txt", PROSE + line + " " + PROSE)


def stanag(policy, classification):
    return ("customXml/item1.xml", '<BindingInformation><originatorConfidentialityLabel xmlns="urn:nato:stanag:4774:'
            'confidentialitymetadatalabel:1:0"><ConfidentialityInformation><PolicyIdentifier URI="urn:oid:1.3.26">%s'
            '</PolicyIdentifier><Classification>%s</Classification></ConfidentialityInformation>'
            '</originatorConfidentialityLabel></BindingInformation>' % (policy, classification))


def msip(enabled, name):
    return [("MSIP_Label_%s_Enabled" % GUID, enabled), ("MSIP_Label_%s_Name" % GUID, name)]


def write_unlabelled(top):
    """Labels that were taken away, and titles that only sound like one."""
    for i, title in enumerate(["SECRET SANTA", "The Secret Garden", "OFFICIAL JOURNAL", "Official opening of the station",
                               "RESTRICTED AREA", "Confidentiality clause", "How to mark OFFICIAL-SENSITIVE documents"]):
        words = title.encode()
        pdf(os.path.join(top, "title-%d.pdf" % i), info=[("Title", title), ("Author", "A. N. Other")], packed=i % 2 == 0)
        pdf(os.path.join(top, "subject-%d.pdf" % i), info=[("Subject", title)], xmp=xmp_packet(
            [], inner='<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>' % esc(title)))
        jpeg(os.path.join(top, "title-%d.jpg" % i), [(0xE1, b"Exif\0\0" + exif([(0x010E, 2, words + b"\0")])), (0xFE, words)])
        png(os.path.join(top, "title-%d.png" % i), [(b"tEXt", b"Title\0" + words)])
    pdf(os.path.join(top, "taken-away.pdf"), info=msip("false", "SECRET"))
    pdf(os.path.join(top, "taken-away-packet.pdf"), xmp=xmp_packet(msip("false", "SECRET")))
    pdf(os.path.join(top, "label-removed.pdf"), info=[("Title", "Rota")], first=msip("true", "SECRET"))
    pdf(os.path.join(top, "locked.pdf"), info=msip("true", "SECRET"), packed=False, encrypted=True)
    jpeg(os.path.join(top, "taken-away.jpg"), [jpeg_xmp(xmp_packet(msip("false", "SECRET"), "msip"))])
    png(os.path.join(top, "general.png"), [(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp_packet(msip("true", "General")).encode())])


def write_labelled(top, answers):
    """Labels that no template has."""
    for name, label, args in [
            ("stanag", "NATO SECRET", {"parts": [stanag("NATO", "SECRET")]}),
            ("stanag-uk", "SECRET", {"parts": [stanag("UK", "SECRET")]}),
            ("below-text", "SECRET", {"header": "SECRET", "custom": msip("true", "OFFICIAL")}),
            ("above-text", "SECRET", {"header": "OFFICIAL", "custom": msip("true", "SECRET")}),
            ("taken-away", "OFFICIAL", {"header": "OFFICIAL", "custom": msip("false", "SECRET")})]:
        docx(os.path.join(top, "marked", "label-%s.docx" % name), **args)
        answers.write("label-%s\t%s\t%s\n" % (name, label, name))
    for name, label, args in [
            ("lowered", "OFFICIAL", dict(info=msip("true", "OFFICIAL"), first=msip("true", "SECRET"))),
            ("raised", "SECRET", dict(info=msip("true", "SECRET"), first=msip("true", "OFFICIAL"))),
            ("encrypted", "SECRET", dict(xmp=xmp_packet(msip("true", "SECRET")), encrypted=True))]:
        pdf(os.path.join(top, "marked", "label-pdf-%s.pdf" % name), **args)
        answers.write("label-pdf-%s\t%s\t%s\n" % (name, label, name))
    write_unlabelled(os.path.join(top, "unmarked"))
    docx(os.path.join(top, "unmarked", "taken-away.docx"), custom=msip("false", "SECRET"))
    docx(os.path.join(top, "unmarked", "general.docx"), custom=msip("true", "General"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", metavar="DIR")
    top = parser.parse_args().dir
    for name in ("marked", "unmarked"):
        os.makedirs(os.path.join(top, name))
    with open(os.path.join(top, "answers.tsv"), "w", encoding="utf-8") as answers:
        for i, ((mark, label), place) in enumerate(itertools.product(MARKINGS, PLACES)):
            if (place.__name__, mark) in SKIPPED:
                continue
            base = "%04d-%s" % (i, place.__name__[6:])
            place(os.path.join(top, "marked", base), mark)
            answers.write("%s\t%s\t%s\n" % (base, label, mark))
        for i, ((mark, label), name) in enumerate(itertools.product(LABELLED, LABELS)):
            base = "%04d-label" % (i + 9000)
            text(os.path.join(top, "marked", base + ".txt"), "Title: Estates\n%s: %s\nOwner: Estates\n\n%s" % (
                name, mark, PROSE))
            answers.write("%s\t%s\t%s: %s\n" % (base, label, name, mark))
        write_labelled(top, answers)
    write_misses(os.path.join(top, "unmarked"))


main()
