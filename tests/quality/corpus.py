"""corpus.py - documents of every text format, and what was planted in them

A document is a list of blocks: a paragraph, a form (labels and values) or a table.  A
writer turns blocks into a file of its format.  What must and may be found is collected
while the blocks are made, so that no writer can lose it.
"""
import io
import json
import zipfile
from xml.sax.saxutils import escape

import words
from words import Piece, fill, text_of


# What a sentence with somebody's number in it may say of him besides.
ABOUT_SOMEBODY = ("special.*", "person.*", "uk.address")


class Truth:
    """What the scanner must find, may find, and was tempted with, in one file."""

    def __init__(self):
        self.must = []      # (family, value, within, where: the template or the heading)
        self.may = []       # (rules, text)
        self.near = {}      # rule: near misses
        self.label = None   # the marking, or None
        self.marking = None  # the rule it belongs to

    def take(self, pieces, allow=(), where=""):
        if where:
            allow += ABOUT_SOMEBODY
        for p in pieces:
            if p.must:
                self.must.append((p.rules, p.text, p.within, where))
            elif p.rules:
                self.may.append((p.rules, p.text))
        if allow:
            self.may.append((allow, text_of(pieces)))

    def tempt(self, rule):
        self.near[rule] = self.near.get(rule, 0) + 1


class Paragraph:
    def __init__(self, text, block=False, whole=()):
        self.text = text
        self.block = block
        self.whole = whole  # values that no line end may tear


class Form:
    def __init__(self, title, rows, plain=False):
        self.title = title
        self.rows = rows
        self.plain = plain  # as in configuration: no dots and no columns


class Table:
    def __init__(self, heading, rows):
        self.heading = heading
        self.rows = rows


# --- making blocks --------------------------------------------------------------------


def disguise(r, text):
    """As word processors write it: hard spaces and long hyphens instead of the plain ones."""
    if r.random() < 0.05:
        text = text.replace(" ", "\u00a0")
    if r.random() < 0.05:
        text = text.replace("-", "\u2011")
    return text


def piece_of(r, kind):
    value = kind.make(r)
    if not kind.block and not kind.rule.startswith(("secret.", "system.", "net.")):
        value = disguise(r, value)
    return Piece(value, kind.family, must=True, within=kind.within)


def positive_sentence(r, kind, truth):
    slots = kind.own_slots(r) if kind.own_slots else {}
    slots["v"] = piece_of(r, kind)
    template = r.choice(kind.sentences)
    pieces = fill(r, template, slots)
    if not kind.block and r.random() < 0.4:
        pieces.append(Piece(" " + r.choice(words.PROSE)))
    if not kind.block and r.random() < 0.3:
        pieces.insert(0, Piece(r.choice(words.PROSE) + " "))
    truth.take(pieces, kind.allow, template)
    return Paragraph(text_of(pieces), kind.block, [p.text for p in pieces if p.must])


def negative_sentence(r, kind, truth):
    slots = kind.own_slots(r) if kind.own_slots else {}
    if kind.wrong and (not kind.foreign or r.random() < 0.5):
        slots["v"] = Piece(kind.make_wrong(r))
        pieces = fill(r, r.choice(kind.sentences), slots)
    else:
        slots["d"] = Piece(kind.make_foreign(r))
        pieces = fill(r, r.choice(kind.foreign), slots)
    truth.take(pieces, tuple(a for a in kind.allow if a not in kind.family))
    truth.tempt(kind.rule)
    return Paragraph(text_of(pieces), kind.block)


NEUTRAL = [("Status", "{status}"), ("Date", "{date}"), ("Department", "{dept}"), ("Office", "{town}"), ("Taken by", "{name}"),
           ("Copies", "{n}"), ("Amount", "{money}"), ("Subject", "{product}"), ("Name", "{name}"), ("Time", "{time}")]


def neutral_rows(r, truth, n):
    rows = []
    for label, template in r.sample(NEUTRAL, n):
        pieces = fill(r, template)
        truth.take(pieces)
        rows.append((label, text_of(pieces)))
    return rows


def positive_form(r, kind, truth):
    rows = neutral_rows(r, truth, r.randrange(2, 5))
    piece, label = piece_of(r, kind), r.choice(kind.labels)
    truth.take([piece], kind.allow, "form, " + label)
    rows.insert(r.randrange(len(rows) + 1), (label, piece.text))
    return Form(r.choice(["Record", "Details", "Form", "Entry"]), rows, kind.rule.startswith("secret."))


def by_chance(r, value):
    """A form or column of other things passes a check of digits one time in ten or so, as chance has it."""
    if not any(c.isalpha() for c in value) and r.random() < 0.9:
        return "".join(r.choice("0123456789") if c.isdigit() else c for c in value)
    return value


def negative_form(r, kind, truth):
    rows = neutral_rows(r, truth, r.randrange(2, 4))
    if kind.wrong and (not kind.foreign_labels or r.random() < 0.5):
        row = (r.choice(kind.labels), kind.make_wrong(r))
    else:
        row = (r.choice(kind.foreign_labels), by_chance(r, kind.make_foreign(r)))
    truth.tempt(kind.rule)
    truth.take([Piece(row[1])], kind.near_allow)
    rows.insert(r.randrange(len(rows) + 1), row)
    return Form(r.choice(["Stock", "Delivery", "Sheet", "Entry"]), rows)


def table_of(r, kind, truth, make, heading):
    n = r.randrange(3, 9)
    extra = r.sample(NEUTRAL, 3)
    at = r.randrange(4)
    rows = []
    for _ in range(n):
        cells = neutral_cells(r, truth, extra)
        cells.insert(at, make())
        rows.append(cells)
    head = [label for label, _ in extra]
    head.insert(at, heading)
    return Table(head, rows)


def neutral_cells(r, truth, columns):
    cells = []
    for _, template in columns:
        pieces = fill(r, template)
        truth.take(pieces)
        cells.append(text_of(pieces))
    return cells


def positive_table(r, kind, truth):
    heading = r.choice(kind.labels)

    def make():
        piece = piece_of(r, kind)
        truth.take([piece], kind.allow, "column, " + heading)
        return piece.text

    return table_of(r, kind, truth, make, heading)


def negative_table(r, kind, truth):
    wrong = kind.wrong and (not kind.foreign_labels or r.random() < 0.5)
    heading = r.choice(kind.labels if wrong else kind.foreign_labels)

    def make():
        value = kind.make_wrong(r) if wrong else by_chance(r, kind.make_foreign(r))
        truth.tempt(kind.rule)
        return value

    return table_of(r, kind, truth, make, heading)


NOISE = ["{prose}", "{prose} {prose}", "Ref {n6}/{n}: {product}, {money}", "sha256 {hex40}", "Request {uuid} took {n} ms", "EAN {ean} {product} {money}",
         "53.{n6}, -1.{n6}", "Version {n}.{n}.{n} of {date}", "Extension {n4}, room {n}", "{product}: {n} in stock, {n} on order",
         "The {day} bus leaves {town} at {time}.", "Lotto {n} {n} {n} {n} {n} {n}", "{n}-{n}, {n}-{n}, {n}-{n}", "Invoice {n6} of {date}: {money}"]


def noise(r, truth):
    pieces = fill(r, r.choice(NOISE))
    truth.take(pieces)
    return Paragraph(text_of(pieces))


# --- writing --------------------------------------------------------------------------


def wrap(paragraph, width):
    """Lines of a mail or an editor; a value is never torn."""
    text, glue = paragraph.text, "\x01"
    for value in paragraph.whole:
        text = text.replace(value, value.replace(" ", glue))
    out, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) + 1 > width:
            out.append(line)
            line = word
        else:
            line = line + " " + word if line else word
    return "\n".join(out + [line]).replace(glue, " ")


def form_lines(r, form):
    if form.plain:
        style = r.choice(["{}: {}", "{}={}", "{} = {}", "{}:\t{}"])
        return "\n".join(style.format(label, value) for label, value in form.rows)
    style = r.choice(["{}: {}", "{}: {}", "{}:\t{}", "{} : {}", "{}  {}", "{} - {}", "{}........ {}", "{}:{}"])
    return "\n".join(style.format(label, value) for label, value in form.rows)


def table_lines(table):
    widths = [max(len(str(row[i])) for row in [table.heading] + table.rows) for i in range(len(table.heading))]
    return "\n".join("  ".join(str(c).ljust(w) for c, w in zip(row, widths)).rstrip() for row in [table.heading] + table.rows)


def write_txt(r, blocks, header=None, footer=None):
    width = r.choice([72, 76, 400])
    out = []
    for b in blocks:
        if isinstance(b, Form):
            out.append(form_lines(r, b))
        elif isinstance(b, Table):
            out.append(table_lines(b))
        else:
            out.append(b.text if b.block else wrap(b, width))
    text = "\n\n".join([header] * bool(header) + out + [footer] * bool(footer)) + "\n"
    if r.random() < 0.2:
        text = text.replace("\n", "\r\n")
    pick = r.random()
    if pick < 0.1:
        return text.encode("utf-16")
    if pick < 0.2:
        return text.encode("utf-8-sig")
    return text.encode("utf-8")


def write_md(r, blocks, header=None, footer=None):
    out = [header] * bool(header)
    for b in blocks:
        if isinstance(b, Form):
            out.append("## %s\n\n" % b.title + "\n".join("- **%s:** %s" % row for row in b.rows))
        elif isinstance(b, Table):
            rows = [b.heading, ["---"] * len(b.heading)] + b.rows
            out.append("\n".join("| " + " | ".join(row) + " |" for row in rows))
        else:
            out.append(b.text)
    return ("\n\n".join(out + [footer] * bool(footer)) + "\n").encode()


def write_html(r, blocks, header=None, footer=None):
    out = ["<!DOCTYPE html><html><head><meta charset='utf-8'><title>Page</title></head><body>"]
    if header:
        out.append("<p>%s</p>" % escape(header))
    for b in blocks:
        if isinstance(b, Form):
            out.append("<table>" + "".join("<tr><th>%s</th><td>%s</td></tr>" % (escape(k), escape(x)) for k, x in b.rows) + "</table>")
        elif isinstance(b, Table):
            rows = ["".join("<th>%s</th>" % escape(h) for h in b.heading)] + ["".join("<td>%s</td>" % escape(c) for c in row) for row in b.rows]
            out.append("<table>" + "".join("<tr>%s</tr>" % row for row in rows) + "</table>")
        elif b.block:
            out.append("<pre>%s</pre>" % escape(b.text))
        else:
            out.append("<p>%s</p>" % escape(b.text))
    if footer:
        out.append("<p>%s</p>" % escape(footer))
    return "\n".join(out + ["</body></html>"]).encode()


def element(name):
    """A label as an XML element's name."""
    name = "".join(c if c.isalnum() else "_" for c in name.replace("&", "")).strip("_")
    return name if name[:1].isalpha() else "n" + name


def write_xml(r, blocks, header=None, footer=None):
    out = ["<?xml version='1.0' encoding='utf-8'?>\n<file>"]
    for b in [Paragraph(header)] * bool(header) + blocks + [Paragraph(footer)] * bool(footer):
        if isinstance(b, Form):
            out.append("<record>" + "".join("<%s>%s</%s>" % (element(k), escape(x), element(k)) for k, x in b.rows) + "</record>")
        elif isinstance(b, Table):
            names = [element(h) for h in b.heading]
            for row in b.rows:
                out.append("<row>" + "".join("<%s>%s</%s>" % (n, escape(c), n) for n, c in zip(names, row)) + "</row>")
        else:
            out.append("<note>%s</note>" % escape(b.text))
    return "\n".join(out + ["</file>"]).encode()


def write_json(r, blocks, header=None, footer=None):
    items = []
    for b in [Paragraph(header)] * bool(header) + blocks + [Paragraph(footer)] * bool(footer):
        if isinstance(b, Form):
            items.append(dict(b.rows))
        elif isinstance(b, Table):
            items.append([dict(zip(b.heading, row)) for row in b.rows])
        else:
            items.append({r.choice(["note", "text", "message"]): b.text})
    lines = r.random() < 0.3
    if lines:
        return "\n".join(json.dumps(i, ensure_ascii=False) for i in items).encode() + b"\n"
    return json.dumps(items, indent=r.choice([None, 2]), ensure_ascii=r.random() < 0.5).encode()


def csv_cell(text, sep):
    if any(c in text for c in (sep, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_csv(r, table):
    sep = r.choice([",", ",", ";", "\t"])
    rows = [table.heading] + table.rows
    text = "\r\n".join(sep.join(csv_cell(str(c), sep) for c in row) for row in rows) + "\r\n"
    return text.encode(), "tsv" if sep == "\t" else "csv"


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts:
            z.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006/"


def docx_paragraph(r, text):
    """One paragraph; Word tears runs wherever spelling or fonts change."""
    runs = []
    for i, line in enumerate(text.split("\n")):
        if i:
            runs.append("<w:r><w:br/></w:r>")
        cut = r.randrange(len(line)) if line and r.random() < 0.5 else 0
        for part in (line[:cut], line[cut:]):
            if part:
                runs.append('<w:r><w:t xml:space="preserve">%s</w:t></w:r>' % escape(part))
    return "<w:p>%s</w:p>" % "".join(runs)


def docx_table(r, rows):
    cells = ["".join("<w:tc>%s</w:tc>" % docx_paragraph(r, str(c)) for c in row) for row in rows]
    return "<w:tbl>%s</w:tbl>" % "".join("<w:tr>%s</w:tr>" % c for c in cells)


def write_docx(r, blocks, header=None, footer=None):
    body = []
    for b in blocks:
        if isinstance(b, Form):
            body.append(docx_table(r, b.rows) if r.random() < 0.5 else docx_paragraph(r, form_lines(r, b)))
        elif isinstance(b, Table):
            body.append(docx_table(r, [b.heading] + b.rows))
        else:
            body.append(docx_paragraph(r, b.text))
        body.append("<w:p/>")
    parts, refs, rels, types = [], "", "", ""
    for name, text in (("header", header), ("footer", footer)):
        if text:
            tag = "hdr" if name == "header" else "ftr"
            refs += '<w:%sReference w:type="default" r:id="%s1"/>' % (name, name)
            rels += '<Relationship Id="%s1" Type="%s/%s" Target="%s1.xml"/>' % (name, REL, name, name)
            types += '<Override PartName="/word/%s1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.%s+xml"/>' % (name, name)
            parts.append(("word/%s1.xml" % name, '<?xml version="1.0"?><w:%s xmlns:w="%s">%s</w:%s>' % (tag, W, docx_paragraph(r, text), tag)))
    document = '<?xml version="1.0"?><w:document xmlns:w="%s" xmlns:r="%s"><w:body>%s<w:sectPr>%s</w:sectPr></w:body></w:document>' % (W, REL, "".join(body), refs)
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zipped([
        ("[Content_Types].xml", content_types('<Override PartName="/word/document.xml" ContentType="%s"/>%s' % (main, types))),
        ("_rels/.rels", relationships('<Relationship Id="r1" Type="%s/officeDocument" Target="word/document.xml"/>' % REL)),
        ("word/_rels/document.xml.rels", relationships(rels)), ("word/document.xml", document)] + parts)


def content_types(overrides):
    return ('<?xml version="1.0"?><Types xmlns="%scontent-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>%s</Types>' % (PKG, overrides))


def relationships(inner):
    return '<?xml version="1.0"?><Relationships xmlns="%srelationships">%s</Relationships>' % (PKG, inner)


def write_xlsx(r, table):
    rows = []
    for i, row in enumerate([table.heading] + table.rows, 1):
        cells = "".join('<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (chr(65 + j), i, escape(str(c))) for j, c in enumerate(row))
        rows.append('<row r="%d">%s</row>' % (i, cells))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    return zipped([
        ("[Content_Types].xml", content_types('<Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/>'
                                              '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="%sworksheet+xml"/>' % (kind, kind))),
        ("_rels/.rels", relationships('<Relationship Id="r1" Type="%s/officeDocument" Target="xl/workbook.xml"/>' % REL)),
        ("xl/workbook.xml", '<?xml version="1.0"?><workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="Sheet1" sheetId="1" r:id="s1"/></sheets></workbook>' % (main, REL)),
        ("xl/_rels/workbook.xml.rels", relationships('<Relationship Id="s1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/>' % REL)),
        ("xl/worksheets/sheet1.xml", '<?xml version="1.0"?><worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (main, "".join(rows)))])


def write_odt(r, blocks, header=None, footer=None):
    body = []
    for b in [Paragraph(header)] * bool(header) + blocks + [Paragraph(footer)] * bool(footer):
        if isinstance(b, (Form, Table)):
            rows = b.rows if isinstance(b, Form) else [b.heading] + b.rows
            body.append("<table:table>%s</table:table>" % "".join(
                "<table:table-row>%s</table:table-row>" % "".join("<table:table-cell><text:p>%s</text:p></table:table-cell>" % escape(str(c)) for c in row)
                for row in rows))
        else:
            body.append("<text:p>%s</text:p>" % escape(b.text).replace("\n", "<text:line-break/>"))
        body.append("<text:p/>")
    ns = "urn:oasis:names:tc:opendocument:xmlns:"
    content = ('<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="%soffice:1.0" xmlns:text="%stext:1.0" xmlns:table="%stable:1.0">'
               "<office:body><office:text>%s</office:text></office:body></office:document-content>" % (ns, ns, ns, "".join(body)))
    kind = "application/vnd.oasis.opendocument.text"
    manifest = ('<?xml version="1.0"?><manifest:manifest xmlns:manifest="%smanifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="%s"/>'
                '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>' % (ns, kind))
    return zipped([("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest)])


def write_rtf(r, blocks, header=None, footer=None):
    def rtf(text):
        out = []
        for c in text:
            n = ord(c)
            out.append("\\line " if c == "\n" else "\\tab " if c == "\t" else "\\" + c if c in "\\{}" else c if n < 128 else "\\u%d?" % n)
        return "".join(out)

    body = []
    for b in [Paragraph(header)] * bool(header) + blocks + [Paragraph(footer)] * bool(footer):
        text = form_lines(r, b) if isinstance(b, Form) else table_lines(b) if isinstance(b, Table) else b.text
        body.append(rtf(text) + "\\par\n\\par")
    return ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\n" + "\n".join(body) + "\n}").encode()


FLOW = [("txt", write_txt), ("txt", write_txt), ("md", write_md), ("html", write_html), ("xml", write_xml), ("json", write_json),
        ("docx", write_docx), ("docx", write_docx), ("odt", write_odt), ("rtf", write_rtf)]
# What people write, and mark: a record of JSON or XML has no top and no foot.
PAPERS = [(ext, write) for ext, write in FLOW if write not in (write_json, write_xml)]
# Formats in which a heading reaches its cells.
GRID = [("csv", write_csv), ("csv", write_csv), ("xlsx", write_xlsx), ("html", write_html), ("json", write_json), ("docx", write_docx), ("odt", write_odt), ("xml", write_xml)]
