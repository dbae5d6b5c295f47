/* test_extract_odf.c - odt, ods and odp: what a reader sees, and what he does not */
#include "unit.h"

#include "record_parts.h"

extern const struct extractor odf_extractor;

/* Its type comes first, and not packed. */
static enum assay_status run(struct record *r, const struct part_of *parts)
{
	return record_parts(r, &odf_extractor, "application/vnd.oasis.opendocument.text", parts);
}

#define DOC(styles, kind, x) \
	"<?xml version=\"1.0\"?><office:document-content><office:automatic-styles>" styles \
	"</office:automatic-styles><office:body><office:" kind ">" x "</office:" kind \
	"></office:body></office:document-content>"
#define TEXT(x) DOC("", "text", x)
#define STYLED(styles, x) DOC(styles, "text", x)
#define P(x) "<text:p>" x "</text:p>"
#define STYLE(family, name, props) \
	"<style:style style:family=\"" family "\" style:name=\"" name "\">" props "</style:style>"
#define HIDE "<style:text-properties text:display=\"none\"/>"

static const struct {
	const char *xml, *want;
	enum assay_vis vis;
	enum assay_region region;
} bodies[] = {
	{ TEXT(P("one") P("two")), "one\ntwo\n" },
	{ TEXT(P("999 0<text:span>00</text:span> 0018")), "999 000 0018" },
	{ TEXT(P("a<text:tab/>b<text:s text:c=\"3\"/>c<text:line-break/>d")), "a\tb   c\nd" },
	{ TEXT(P("a \n   b")), "a b" }, /* white space is one space */
	{ TEXT(P("John<office:annotation><dc:creator>A</dc:creator>" P("why") "</office:annotation>"
									      " Smith")),
	  "John Smith\nA\nwhy\n" },
	{ TEXT(P("x<office:annotation>" P("why") "</office:annotation>")), "why", ASSAY_SHOWN,
	  ASSAY_COMMENT },
	{ TEXT(P("x<text:note><text:note-citation>1</text:note-citation><text:note-body>" P(
	      "foot") "</text:note-body></text:note>y")),
	  "xy\nfoot", ASSAY_SHOWN, ASSAY_BODY },
	{ TEXT(P("x<text:note><text:note-body>" P("foot") "</text:note-body></text:note>")), "foot",
	  ASSAY_SHOWN, ASSAY_NOTE },
	{ TEXT("<table:table>"
	       "<table:table-row><table:table-cell>" P(
		   "a") "</table:table-cell><table:table-cell>" P("b") "</table:table-cell></"
								       "table:table-row><table:"
								       "table-row><table:table-"
								       "cell>" P("c") "</"
										      "table:table-"
										      "cell></"
										      "table:table-"
										      "row></"
										      "table:"
										      "table>"),
	  "a\tb\nc" },
	{ TEXT(P("one") "<text:p/><text:p/>" P("two")), "one\n\ntwo" },
	{ TEXT("<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
	       "<dc:creator>Who</dc:creator></office:change-info>" P(
		   "gone") "</text:deletion></text:changed-region></text:tracked-changes>"),
	  "gone", ASSAY_DELETED },
	{ TEXT("<text:section text:display=\"none\">" P("unseen") "</text:section>"), "unseen",
	  ASSAY_HIDDEN_TEXT },
	{ TEXT(P("<text:hidden-text text:string-value=\"secret\"/>")), "secret",
	  ASSAY_HIDDEN_TEXT },
	{ STYLED(STYLE("text", "T1", HIDE), P("<text:span text:style-name=\"T1\">no</text:span>")),
	  "no", ASSAY_HIDDEN_TEXT },
	{ STYLED(STYLE("text", "T1", HIDE), P("<text:span text:style-name=\"T2\">no</text:span>")),
	  "no" },
	/* hidden by the parent of its style */
	{ STYLED("<style:style style:family=\"text\" style:name=\"T2\" "
		 "style:parent-style-name=\"T1\"/>" STYLE("text", "T1", HIDE),
		 P("<text:span text:style-name=\"T2\">no</text:span>")),
	  "no", ASSAY_HIDDEN_TEXT },
	{ STYLED(STYLE("paragraph", "P1", "<style:text-properties fo:color=\"#ffffff\"/>"),
		 "<text:p text:style-name=\"P1\">white</text:p>"),
	  "white", ASSAY_WHITE_TEXT },
	{ STYLED(STYLE("paragraph", "P1",
		       "<style:paragraph-properties fo:background-color=\"#000080\"/>"
		       "<style:text-properties fo:color=\"#ffffff\"/>"),
		 "<text:p text:style-name=\"P1\">on blue</text:p>"),
	  "on blue" },
	{ TEXT(P("a<draw:frame><draw:text-box>" P("boxed") "</draw:text-box></draw:frame>b")),
	  "ab\nboxed" },
	{ TEXT(P("<text:a xlink:href=\"mailto:a@b.example\">mail</text:a>")),
	  "mail\nmailto:a@b.example" },
	{ TEXT("<form:text form:current-value=\"filled in\"/>"), "filled in" },
	{ TEXT("<unknown>odd text</unknown>"), "odd text" },
	{ DOC("", "presentation",
	      "<draw:page draw:name=\"page1\"><draw:frame presentation:class=\"title\">"
	      "<draw:text-box>" P("Top") "</draw:text-box></draw:frame></draw:page>"),
	  "Top", ASSAY_SHOWN, ASSAY_TITLE },
	{ DOC("", "presentation",
	      "<draw:page><presentation:notes><draw:frame>" P(
		  "said") "</draw:frame></presentation:notes></draw:page>"),
	  "said", ASSAY_NOTES, ASSAY_NOTE },
	{ DOC(STYLE("drawing-page", "dp1",
		    "<style:drawing-page-properties presentation:visibility=\"hidden\"/>"),
	      "presentation", "<draw:page draw:style-name=\"dp1\">" P("skipped") "</draw:page>"),
	  "skipped", ASSAY_HIDDEN_TEXT },
};

#define CELL(x) "<table:table-cell>" P(x) "</table:table-cell>"
#define ROW(x) "<table:table-row>" x "</table:table-row>"

START_TEST(headings_of_tables)
{
	static const char xml[] =
	    TEXT("<table:table>" ROW(CELL("Name") CELL("Born") CELL("No"))
		     ROW(CELL("Jo") CELL("vv") CELL("3")) "</table:table>" P("after"));
	struct record r;

	ck_assert_int_eq(run(&r, (struct part_of[]){ { "content.xml", xml }, { 0 } }), ASSAY_OK);
	ck_assert_str_eq(record_field(&r, "vv"), "Born");
	ck_assert_str_eq(record_field(&r, "after"), "");
	record_done(&r);
}
END_TEST

START_TEST(reads_body)
{
	struct record r;

	ck_assert_int_eq(run(&r, (struct part_of[]){ { "content.xml", bodies[_i].xml }, { 0 } }),
			 ASSAY_OK);
	ck_assert_msg(record_has(&r, bodies[_i].want), "'%s' has no '%s'", record_all(&r),
		      bodies[_i].want);
	ck_assert_int_eq(record_find(&r, bodies[_i].want)->vis, bodies[_i].vis);
	ck_assert_int_eq(record_find(&r, bodies[_i].want)->region, bodies[_i].region);
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

#define CELL(x) "<table:table-cell>" P(x) "</table:table-cell>"
#define NUMBER(value, x) \
	"<table:table-cell office:value-type=\"float\" office:value=\"" value \
	"\">" P(x) "</table:table-cell>"
#define ROW(x) "<table:table-row>" x "</table:table-row>"

static const char sheet[] = DOC(
    STYLE("table", "ta2", "<style:table-properties table:display=\"false\"/>"), "spreadsheet",
    "<table:table table:name=\"Staff\">"
    "<table:table-column/><table:table-column table:visibility=\"collapse\"/>" ROW(
	CELL("Name") CELL("NHS number") CELL("Note"))
	ROW(CELL("A B") NUMBER("9990000018", "9.99E+09") CELL("n<office:annotation>" P(
	    "hm") "</office:annotation>")) "<table:table-row "
					   "table:number-rows-repeated=\"1048570\"/>"
					   "<table:table-row table:visibility=\"filter\">"
					   "<table:table-cell "
					   "table:number-columns-repeated=\"2\"/>" CELL(
					       "unseen") "</table:table-row></table:table>"
							 "<table:table table:name=\"Old\" "
							 "table:style-name=\"ta2\">" ROW(
							     "<table:table-cell "
							     "table:number-columns-repeated="
							     "\"16384\"><text:p>many</text:p>"
							     "</table:table-cell>") "</"
										    "table:table>");

START_TEST(reads_sheets)
{
	struct record r;
	const struct record_run *run_of;

	ck_assert_int_eq(run(&r, (struct part_of[]){ { "content.xml", sheet }, { 0 } }), ASSAY_OK);
	ck_assert_msg(record_has(&r, "Name\tNHS number\tNote\nA B\t9990000018\tn\nhm\n"), "%s",
		      record_all(&r));
	run_of = record_find(&r, "9990000018");
	ck_assert_str_eq(run_of->field, "NHS number");
	ck_assert_str_eq(run_of->sheet, "Staff");
	ck_assert_str_eq(run_of->cell, "B2");
	ck_assert_int_eq(run_of->vis, ASSAY_HIDDEN_COLUMN);
	ck_assert_int_eq(record_find(&r, "hm")->region, ASSAY_COMMENT);
	run_of = record_find(&r, "unseen");
	ck_assert_str_eq(run_of->cell, "C1048573");
	ck_assert_str_eq(run_of->field, "Note");
	ck_assert_int_eq(run_of->vis, ASSAY_HIDDEN_ROW);
	ck_assert_int_eq(record_find(&r, "Staff")->region, ASSAY_NAME);
	ck_assert_int_eq(record_find(&r, "many")->vis, ASSAY_HIDDEN_SHEET);
	ck_assert_uint_lt(r.runs.len, 100);
	record_done(&r);
}
END_TEST

START_TEST(reads_other_parts)
{
	struct record r;

	run(&r, (struct part_of[]){
		    { "styles.xml",
		      "<office:document-styles><office:master-styles><style:master-page>"
		      "<style:header>" P("OFFICIAL") "</style:header><style:footer>" P(
			  "the end") "</style:footer></style:master-page></office:master-styles>"
				     "</office:document-styles>" },
		    { "meta.xml",
		      "<office:meta><dc:creator>A B</dc:creator><meta:user-defined meta:name="
		      "\"MSIP_Label_1_Name\">Official</meta:user-defined></office:meta>" },
		    { "Object 1/content.xml", TEXT(P("inner")) },
		    { "Pictures/a.png", "\x89PNG" },
		    { "Basic/Standard/Module1.xml",
		      "<script:module>Sub Main pw = &quot;x&quot;</script:module>" },
		    { 0 } });
	ck_assert_int_eq(record_find(&r, "OFFICIAL")->region, ASSAY_HEADER);
	ck_assert_int_eq(record_find(&r, "the end")->region, ASSAY_FOOTER);
	ck_assert_str_eq(record_field(&r, "Official\n"), "MSIP_Label_1_Name");
	ck_assert_str_eq(record_field(&r, "A B"), "creator");
	ck_assert_int_eq(record_find(&r, "A B")->region, ASSAY_METADATA);
	ck_assert_str_eq(record_find(&r, "inner")->part, "Object 1/content.xml");
	ck_assert(record_has(&r, "Sub Main pw = \"x\""));
	ck_assert_uint_eq(r.members.len, 1);
	ck_assert_str_eq(r.members.items[0].name, "Pictures/a.png");
	record_done(&r);
}
END_TEST

START_TEST(reports_encryption)
{
	struct record r;

	run(&r, (struct part_of[]){
		    { "content.xml", "\x01\x02 no xml <at> all" },
		    { "META-INF/manifest.xml",
		      "<manifest:manifest><manifest:file-entry manifest:full-path=\"content.xml\">"
		      "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>" },
		    { 0 } });
	ck_assert(record_has_gap(&r, ASSAY_PASSWORD_PROTECTED));
	ck_assert(!record_has(&r, "no xml"));
	record_done(&r);
}
END_TEST

/* Broken and hostile: all of it ends, and what is broken is said. */
static const struct {
	const char *xml;
	bool gap;
} broken[] = {
	{ TEXT("<text:p>cut"), true },
	{ "</text:p></table:table></office:text>end", false },
	{ "<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>", false },
	{ DOC("", "spreadsheet",
	      "<table:table-cell table:number-columns-repeated=\"4294967295\">"
	      "<text:p>x</text:p></table:table-cell>"),
	  false },
	{ DOC("", "spreadsheet",
	      "<table:table><table:table-row table:number-rows-repeated=\"99999999999999\"/>"
	      "<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell>"
	      "</table:table-row></table:table>"),
	  false },
	{ STYLED("<style:style style:family=\"text\" style:name=\"a\" "
		 "style:parent-style-name=\"a\"/>",
		 P("<text:span text:style-name=\"a\">round and round</text:span>")),
	  false },
};

START_TEST(survives)
{
	struct record r;

	run(&r, (struct part_of[]){ { "content.xml", broken[_i].xml }, { 0 } });
	ck_assert_int_eq(record_has_gap(&r, ASSAY_MALFORMED), broken[_i].gap);
	record_done(&r);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_odf");
	TCase *tc = tcase_create("odf");

	tcase_add_test(tc, headings_of_tables);
	tcase_add_loop_test(tc, reads_body, 0, ARRAY_SIZE(bodies));
	tcase_add_test(tc, reads_sheets);
	tcase_add_test(tc, reads_other_parts);
	tcase_add_test(tc, reports_encryption);
	tcase_add_loop_test(tc, survives, 0, ARRAY_SIZE(broken));
	suite_add_tcase(s, tc);
	return s;
}
