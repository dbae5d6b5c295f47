/* test_extract_ooxml.c - docx, xlsx and pptx: what a reader sees, and what he does not */
#include "unit.h"

#include "record_parts.h"

extern const struct extractor ooxml_extractor;

#define W "xmlns:w=\"w\" xmlns:v=\"v\" xmlns:mc=\"mc\" xmlns:wp=\"wp\""

static enum assay_status run(struct record *r, const struct part_of *parts)
{
	return record_parts(r, &ooxml_extractor, NULL, parts);
}

#define BODY(x) "<?xml version=\"1.0\"?><w:document " W "><w:body>" x "</w:body></w:document>"
#define TCELL(x) "<w:tc><w:p>" RUN(x) "</w:p></w:tc>"
#define TROW(x) "<w:tr>" x "</w:tr>"
#define RUN(x) "<w:r><w:t>" x "</w:t></w:r>"

/* Bodies of a document and the text that must come out. */
static const struct {
	const char *xml, *want;
	enum assay_vis vis;
	enum assay_region region;
} bodies[] = {
	{ BODY("<w:p>" RUN("999 0") RUN("00 00") RUN("18") "</w:p>"), "999 000 0018" },
	{ BODY("<w:p>" RUN("one") "</w:p><w:p>" RUN("two") "</w:p>"), "one\ntwo\n" },
	{ BODY("<w:p>" RUN("a") "<w:r><w:tab/></w:r>" RUN("b") "</w:p>"), "a\tb" },
	{ BODY("<w:p><w:pPr><w:tabs><w:tab w:pos=\"4\"/></w:tabs></w:pPr>" RUN("a") "</w:p>"),
	  "a" },
	{ BODY("<w:tbl><w:tr><w:tc><w:p>" RUN("a") "</w:p></w:tc><w:tc><w:p>" RUN(
	      "b") "</w:p></w:tc></w:tr><w:tr><w:tc><w:p>" RUN("c") "</w:p></w:tc></w:tr></w:tbl>"),
	  "a\tb\nc" },
	{ BODY("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>"), "hidden",
	  ASSAY_HIDDEN_TEXT },
	{ BODY("<w:p><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>seen</w:t></w:r></w:p>"),
	  "seen" },
	{ BODY("<w:p><w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>white</w:t></w:r></w:p>"),
	  "white", ASSAY_WHITE_TEXT },
	{ BODY("<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill=\"000080\"/></w:tcPr><w:p><w:r><w:rPr>"
	       "<w:color w:val=\"FFFFFF\"/></w:rPr><w:t>on blue</w:t></w:r></w:p></w:tc></w:tr>"
	       "</w:tbl>"),
	  "on blue" },
	{ BODY("<w:p><w:del w:author=\"A\"><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"),
	  "gone", ASSAY_DELETED },
	{ BODY("<w:p><w:r><w:pict><v:shape><v:textpath string=\"CONFIDENTIAL\"/></v:shape></w:pict>"
	       "</w:r></w:p>"),
	  "CONFIDENTIAL", ASSAY_SHOWN, ASSAY_WATERMARK },
	{ BODY("<w:p>" RUN("x") "<wp:posOffset>12345</wp:posOffset>" RUN("y") "</w:p>"), "xy" },
	{ BODY("<w:p>" RUN("a &amp; b &#163;5") "</w:p>"), "a & b \xc2\xa3"
							   "5" },
	/* an empty paragraph sets apart; more of them no further */
	{ BODY("<w:p>" RUN("one") "</w:p><w:p/><w:p/><w:p>" RUN("two") "</w:p>"), "one\n\ntwo\n" },
	{ BODY("<w:p><w:unknown>odd text</w:unknown></w:p>"), "odd text" },
	{ BODY("<!-- a comment -->"), "a comment", ASSAY_SHOWN, ASSAY_COMMENT },
};

START_TEST(reads_body)
{
	struct record r;

	ck_assert_int_eq(
	    run(&r, (struct part_of[]){ { "word/document.xml", bodies[_i].xml }, { 0 } }),
	    ASSAY_OK);
	ck_assert_msg(record_has(&r, bodies[_i].want), "'%s' has no '%s'", record_all(&r),
		      bodies[_i].want);
	ck_assert_int_eq(record_find(&r, bodies[_i].want)->vis, bodies[_i].vis);
	ck_assert_int_eq(record_find(&r, bodies[_i].want)->region, bodies[_i].region);
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

START_TEST(says_alternatives_once)
{
	struct record r;
	const char *first;

	run(&r,
	    (struct part_of[]){
		{ "word/document.xml",
		  BODY("<mc:AlternateContent><mc:Choice><w:p>" RUN(
		      "same") "</w:p></mc:Choice>"
			      "<mc:Fallback><w:p>" RUN(
				  "same") "</w:p></mc:Fallback>"
					  "</"
					  "mc:AlternateContent><mc:AlternateContent><mc:Choice><w:"
					  "p>" RUN("one") "</w:p></"
							  "mc:Choice><mc:Fallback><w:p>" RUN(
							      "other") "</w:p></mc:Fallback></"
								       "mc:AlternateContent>") },
		{ 0 } });
	first = strstr(record_all(&r), "same");
	ck_assert(first && !strstr(first + 1, "same"));
	ck_assert(record_has(&r, "one"));
	ck_assert(record_has(&r, "other"));
	record_done(&r);
}
END_TEST

static const struct {
	const char *part, *xml, *want;
	enum assay_region region;
	const char *field;
} parts[] = {
	{ "word/header1.xml", "<w:hdr " W "><w:p>" RUN("OFFICIAL") "</w:p></w:hdr>", "OFFICIAL",
	  ASSAY_HEADER, "" },
	{ "word/footer2.xml", "<w:ftr " W "><w:p>" RUN("OFFICIAL") "</w:p></w:ftr>", "OFFICIAL",
	  ASSAY_FOOTER, "" },
	{ "word/comments.xml", "<w:comments " W "><w:p>" RUN("why") "</w:p></w:comments>", "why",
	  ASSAY_COMMENT, "" },
	{ "word/footnotes.xml", "<w:footnotes " W "><w:p>" RUN("n1") "</w:p></w:footnotes>", "n1",
	  ASSAY_NOTE, "" },
	{ "docProps/core.xml", "<cp:p xmlns:dc=\"d\"><dc:creator>A B</dc:creator></cp:p>", "A B",
	  ASSAY_METADATA, "creator" },
	{ "docProps/custom.xml",
	  "<Properties><property name=\"MSIP_Label_1_Name\"><vt:lpwstr>Official</vt:lpwstr>"
	  "</property></Properties>",
	  "Official", ASSAY_METADATA, "MSIP_Label_1_Name" },
	{ "docMetadata/LabelInfo.xml",
	  "<clbl:labelList><clbl:label id=\"{1-2}\" enabled=\"1\"/></clbl:labelList>", "{1-2}",
	  ASSAY_METADATA, "id" },
	{ "customXml/item1.xml", "<r><secret code=\"attr\">text</secret></r>", "attr",
	  ASSAY_METADATA, "code" },
	{ "odd/unknown.xml", "<r><x>strange</x></r>", "strange", ASSAY_BODY, "" },
	{ "word/_rels/document.xml.rels",
	  "<R><Relationship TargetMode=\"External\" Target=\"mailto:a@example.com\"/></R>",
	  "mailto:a@example.com", ASSAY_BODY, "" },
	{ "word/styles.xml", "<w:styles><w:style>not quiet</w:style></w:styles>", "not quiet",
	  ASSAY_BODY, "" },
	{ "word/document2.xml",
	  BODY("<w:tbl>" TROW(TCELL("Name") TCELL("Date of</w:t></w:r></w:p><w:p><w:r><w:t>birth")
				  TCELL("No")) TROW(TCELL("Jo") TCELL("vv") TCELL("3")) "</w:tbl>"),
	  "vv", ASSAY_BODY, "Date of birth" },
	{ "word/document2.xml",
	  BODY("<w:tbl>" TROW(TCELL("A") TCELL("B") TCELL("C"))
		   TROW("<w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p>" RUN(
		       "wide") "</w:p></w:tc>" TCELL("vv")) "</w:tbl>"),
	  "vv", ASSAY_BODY, "C" },
	{ "word/document2.xml",
	  BODY("<w:tbl>" TROW(TCELL("Name") TCELL("Jo"))
		   TROW(TCELL("Born") TCELL("vv")) "</w:tbl>"),
	  "vv", ASSAY_BODY, "" }, /* a form */
};

START_TEST(reads_parts)
{
	struct record r;

	ck_assert_int_eq(run(&r, (struct part_of[]){ { "word/document.xml", BODY("") },
						     { parts[_i].part, parts[_i].xml },
						     { 0 } }),
			 ASSAY_OK);
	ck_assert_msg(record_has(&r, parts[_i].want), "no '%s'", parts[_i].want);
	ck_assert_int_eq(record_find(&r, parts[_i].want)->region, parts[_i].region);
	ck_assert_str_eq(record_field(&r, parts[_i].want), parts[_i].field);
	record_done(&r);
}
END_TEST

#define RELS(x) "<Relationships>" x "</Relationships>"
#define CELL(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"

static const struct part_of workbook[] = {
	{ "xl/workbook.xml",
	  "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Staff\" sheetId=\"1\" r:id=\"rId1\"/>"
	  "<sheet name=\"Old\" sheetId=\"2\" state=\"hidden\" r:id=\"rId2\"/>"
	  "<sheet name=\"Deep\" sheetId=\"3\" state=\"veryHidden\" r:id=\"rId3\"/></sheets>"
	  "<definedNames><definedName name=\"Area\">Staff!$A$1</definedName></definedNames>"
	  "</workbook>" },
	{ "xl/_rels/workbook.xml.rels",
	  RELS("<Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/>"
	       "<Relationship Id=\"rId2\" Target=\"worksheets/sheet2.xml\"/>"
	       "<Relationship Id=\"rId3\" Target=\"/xl/worksheets/sheet3.xml\"/>") },
	{ "xl/sharedStrings.xml",
	  "<sst><si><t>Name</t></si><si><r><t>NHS </t></r><r><t>No</t></r></si>"
	  "<si><t>Jo Bloggs</t></si><si><t>never shown</t></si><si><t>Born</t></si></sst>" },
	{ "xl/styles.xml",
	  "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"dd/mm/yyyy\"/></numFmts>"
	  "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>" },
	{ "xl/worksheets/sheet1.xml",
	  "<worksheet><cols><col min=\"4\" max=\"4\" hidden=\"1\"/></cols><sheetData>"
	  "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
	  "<c r=\"C1\" t=\"s\"><v>4</v></c></row>"
	  "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>2</v></c><c r=\"B2\"><v>9990000018</v></c>"
	  "<c r=\"C2\" s=\"1\"><v>36526</v></c>" CELL(
	      "D2",
	      "in hidden column") "</row>"
				  "<row r=\"3\" hidden=\"1\">" CELL(
				      "A3",
				      "in hidden row") "</row>"
						       "<row r=\"4\"><c r=\"A4\" "
						       "t=\"s\"><v>99999</v></c><c "
						       "r=\"B4\"><f>\"form\"&amp;A1</f>"
						       "<v>4.11111E+5</v></c></row></sheetData>"
						       "<headerFooter><oddHeader>&amp;L&amp;"
						       "\"Arial,Bold\"&amp;12OFFICIAL&amp;C&amp;A&"
						       "amp;RR&amp;&amp;D"
						       "</oddHeader></headerFooter></worksheet>" },
	{ "xl/worksheets/_rels/sheet1.xml.rels",
	  RELS("<Relationship Id=\"x\" Target=\"../comments7.xml\"/>") },
	{ "xl/comments7.xml",
	  "<comments><commentList><comment ref=\"A1\"><text><r><t>cell remark</t></r></text>"
	  "</comment></commentList></comments>" },
	{ "xl/worksheets/sheet2.xml",
	  "<worksheet><sheetData><row>" CELL("A1", "in hidden sheet") "</row></sheetData>"
								      "</worksheet>" },
	{ "xl/worksheets/sheet3.xml",
	  "<worksheet><sheetData><row>" CELL("A1", "in deep sheet") "</row></sheetData>"
								    "</worksheet>" },
	{ "xl/pivotCache/pivotCacheRecords1.xml", "<p><r><s v=\"pivoted\"/></r></p>" },
	{ "xl/externalLinks/externalLink1.xml", "<e><v>linked</v></e>" },
	{ NULL, NULL },
};

static const struct {
	const char *want, *sheet, *cell, *field;
	enum assay_region region;
	enum assay_vis vis;
} cells[] = {
	{ "Jo Bloggs", "Staff", "A2", "Name", ASSAY_BODY, ASSAY_SHOWN },
	{ "NHS No", "Staff", "B1", NULL, ASSAY_BODY, ASSAY_SHOWN },
	{ "9990000018", "Staff", "B2", "NHS No", ASSAY_BODY, ASSAY_SHOWN },
	{ "2000-01-01", "Staff", "C2", "Born", ASSAY_BODY, ASSAY_SHOWN },
	{ "411111\n", "Staff", "B4", "NHS No", ASSAY_BODY, ASSAY_SHOWN },
	{ "in hidden column", "Staff", "D2", NULL, ASSAY_BODY, ASSAY_HIDDEN_COLUMN },
	{ "in hidden row", "Staff", "A3", "Name", ASSAY_BODY, ASSAY_HIDDEN_ROW },
	{ "in hidden sheet", "Old", "A1", NULL, ASSAY_BODY, ASSAY_HIDDEN_SHEET },
	{ "in deep sheet", "Deep", "A1", NULL, ASSAY_BODY, ASSAY_VERY_HIDDEN_SHEET },
	{ "99999", "Staff", "A4", "Name", ASSAY_BODY, ASSAY_SHOWN }, /* no such string */
	{ "\"form\"", "Staff", NULL, NULL, ASSAY_BODY, ASSAY_HIDDEN_TEXT },
	{ "never shown", NULL, NULL, NULL, ASSAY_BODY, ASSAY_HIDDEN_TEXT },
	{ "OFFICIAL\t", "Staff", NULL, NULL, ASSAY_HEADER, ASSAY_SHOWN },
	{ "R&", "Staff", NULL, NULL, ASSAY_HEADER, ASSAY_SHOWN },
	{ "cell remark", "Staff", NULL, NULL, ASSAY_COMMENT, ASSAY_SHOWN },
	{ "Staff!$A$1", NULL, NULL, "Area", ASSAY_METADATA, ASSAY_SHOWN },
	{ "pivoted", NULL, NULL, "v", ASSAY_BODY, ASSAY_PIVOT_CACHE },
	{ "linked", NULL, NULL, NULL, ASSAY_BODY, ASSAY_EXTERNAL_CACHE },
	{ "Jo Bloggs\t9990000018\t", "Staff", "A2", "Name", ASSAY_BODY, ASSAY_SHOWN },
};

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

START_TEST(reads_cells)
{
	struct record r;
	const struct record_run *got;

	ck_assert_int_eq(run(&r, workbook), ASSAY_OK);
	got = record_find(&r, cells[_i].want);
	ck_assert_msg(got != NULL, "no '%s' in '%s'", cells[_i].want, record_all(&r));
	ck_assert_msg(same(got->sheet, cells[_i].sheet), "sheet %s", got->sheet);
	ck_assert_msg(same(got->cell, cells[_i].cell), "cell %s", got->cell);
	ck_assert_msg(same(got->field, cells[_i].field), "field %s", got->field);
	ck_assert_int_eq(got->region, cells[_i].region);
	ck_assert_int_eq(got->vis, cells[_i].vis);
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

#define SLIDE(x) \
	"<p:sld xmlns:p=\"p\" xmlns:a=\"a\"><p:sp>" x "</p:sp><p:sp><p:nvPr><p:ph type=\"ftr\"/>" \
	"</p:nvPr><a:p><a:r><a:t>foot</a:t></a:r></a:p></p:sp></p:sld>"

static const struct part_of slides[] = {
	{ "ppt/presentation.xml",
	  "<p:presentation xmlns:r=\"r\"><p:sldIdLst><p:sldId id=\"256\" r:id=\"rId9\"/>"
	  "<p:sldId id=\"257\" r:id=\"rId8\"/></p:sldIdLst></p:presentation>" },
	{ "ppt/_rels/presentation.xml.rels",
	  RELS("<Relationship Id=\"rId8\" Target=\"slides/slide1.xml\"/>"
	       "<Relationship Id=\"rId9\" Target=\"slides/slide2.xml\"/>") },
	{ "ppt/slides/slide1.xml", SLIDE("<a:p><a:r><a:t>second</a:t></a:r></a:p>") },
	{ "ppt/slides/slide2.xml", SLIDE("<a:p><a:r><a:t>fir</a:t></a:r><a:r><a:t>st</a:t></a:r>"
					 "</a:p>") },
	{ "ppt/slides/_rels/slide1.xml.rels",
	  RELS("<Relationship Id=\"rId1\" Target=\"../notesSlides/notesSlide1.xml\"/>") },
	{ "ppt/notesSlides/notesSlide1.xml", SLIDE("<a:p><a:r><a:t>spoken</a:t></a:r></a:p>") },
	{ "ppt/slideMasters/slideMaster1.xml", SLIDE("<a:p><a:r><a:t>master</a:t></a:r></a:p>") },
	{ "ppt/embeddings/oleObject1.bin", "binary" },
	{ NULL, NULL },
};

START_TEST(reads_slides_in_order)
{
	struct record r;
	const char *all;

	ck_assert_int_eq(run(&r, slides), ASSAY_OK);
	all = record_all(&r);
	ck_assert(strstr(all, "first") < strstr(all, "second"));
	ck_assert_uint_eq(record_find(&r, "first")->loc.slide, 1);
	ck_assert_uint_eq(record_find(&r, "second")->loc.slide, 2);
	ck_assert_int_eq(record_find(&r, "foot")->region, ASSAY_FOOTER);
	ck_assert_uint_eq(record_find(&r, "spoken")->loc.slide, 2);
	ck_assert_int_eq(record_find(&r, "spoken")->region, ASSAY_NOTE);
	ck_assert_int_eq(record_find(&r, "spoken")->vis, ASSAY_NOTES);
	ck_assert(record_has(&r, "master"));
	ck_assert_uint_eq(r.members.len, 1);
	ck_assert_str_eq(r.members.items[0].data, "binary");
	record_done(&r);
}
END_TEST

/* Wrong in one part: told, and the others are read. */
static const char *const broken[] = {
	"<w:document><w:body><w:p>" RUN("here"),
	"<!DOCTYPE x [<!ENTITY a \"aaa\"><!ENTITY b \"&a;&a;\">]><w:d><w:t>here &b;</w:t></w:d>",
	"<<<<>>>> <w:t>here",
};

START_TEST(tells_of_broken_parts)
{
	struct record r;

	ck_assert_int_eq(run(&r, (struct part_of[]){ { "word/document.xml", broken[_i] },
						     { "word/header1.xml", parts[0].xml },
						     { 0 } }),
			 ASSAY_OK);
	ck_assert(record_has(&r, "here"));
	ck_assert(record_has(&r, "OFFICIAL"));
	ck_assert(record_has_gap(&r, ASSAY_MALFORMED));
	record_done(&r);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_ooxml");
	TCase *tc = tcase_create("ooxml");

	tcase_add_loop_test(tc, reads_body, 0, ARRAY_SIZE(bodies));
	tcase_add_test(tc, says_alternatives_once);
	tcase_add_loop_test(tc, reads_parts, 0, ARRAY_SIZE(parts));
	tcase_add_loop_test(tc, reads_cells, 0, ARRAY_SIZE(cells));
	tcase_add_test(tc, reads_slides_in_order);
	tcase_add_loop_test(tc, tells_of_broken_parts, 0, ARRAY_SIZE(broken));
	suite_add_tcase(s, tc);
	return s;
}
