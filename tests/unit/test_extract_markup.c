/* test_extract_markup.c - the tokenizer, and XML and HTML on top of it */
#include "unit.h"

#include <stdio.h>

#include "markup.h"
#include "record_read.h"
#include "table.h"

#define LIT(s) s, sizeof(s) - 1

static const struct assay_limits limits = ASSAY_LIMITS_DEFAULT;

/* Tokens as one line: <a x=1> </a> text {entity} !comment ?pi:text D */
static void dump(struct markup *m, struct buf *out)
{
	struct markup_token t;

	while (markup_next(m, &t, NULL) == ASSAY_OK && t.kind != MARKUP_EOF) {
		switch (t.kind) {
		case MARKUP_START:
		case MARKUP_END:
			buf_printf(out, t.kind == MARKUP_START ? "<%.*s" : "</%.*s",
				   (int)t.name_len, t.name);
			for (size_t i = 0; i < t.attrs_len; i++) {
				buf_printf(out, " %.*s", (int)t.attrs[i].name_len, t.attrs[i].name);
				if (!t.attrs[i].bare)
					buf_printf(out, "=%s", t.attrs[i].value);
			}
			buf_add_str(out, ">");
			break;
		case MARKUP_TEXT:
			buf_printf(out,
				   t.in_tag                          ? "~%.*s"
				   : t.source.kind == SOURCE_DERIVED ? "{%.*s}"
								     : "%.*s",
				   (int)t.len, t.text);
			break;
		case MARKUP_COMMENT:
			buf_printf(out, "!%.*s", (int)t.len, t.text);
			break;
		case MARKUP_PI:
			buf_printf(out, "?%.*s:%.*s", (int)t.name_len, t.name, (int)t.len, t.text);
			break;
		default:
			buf_printf(out, "D%.*s", (int)t.len, t.text);
		}
	}
}

static const struct {
	enum markup_mode mode;
	const char *in, *want;
} tokens[] = {
	{ MARKUP_XML, "<a>x</a>", "<a>x</a>" },
	{ MARKUP_XML, "<a/>", "<a></a>" },
	{ MARKUP_XML, "<w:t xml:space='preserve' b=\"1\">x</w:t>",
	  "<w:t xml:space=preserve b=1>x</w:t>" },
	{ MARKUP_XML, "a&amp;b&#65;&#x42;&lt;", "a{&}b{A}{B}{<}" },
	{ MARKUP_XML, "a&nbsp;b&x;", "a&nbsp;b&x;" }, /* not XML's */
	{ MARKUP_HTML, "a&nbsp;b&pound 5&#150;", "a{\xC2\xA0}b{\xC2\xA3} 5{\xE2\x80\x93}" },
	{ MARKUP_XML, "&#0;&#xD800;&#99999999;", "{\xEF\xBF\xBD}{\xEF\xBF\xBD}{\xEF\xBF\xBD}" },
	{ MARKUP_XML, "<![CDATA[a<b>&amp;]]>x", "a<b>&amp;x" },
	{ MARKUP_XML, "<!-- c - -- --->x", "! c - -- -x" },
	{ MARKUP_XML, "<!---->x<!-->", "x!>" },
	{ MARKUP_XML, "<?xml version='1.0'?><a/>", "?xml: version='1.0'<a></a>" },
	{ MARKUP_XML, "<?p?>x", "?p:x" },
	{ MARKUP_XML, "<!DOCTYPE a [<!ENTITY b 'c>'>]><a>&b;</a>",
	  "DDOCTYPE a D[<!ENTITY b 'c>'>D]<a>&b;</a>" },
	{ MARKUP_HTML, "<script>a<b && '</p>'</script>c", "<script>a<b && '</p>'</script>c" },
	{ MARKUP_HTML, "<SCRIPT>x</ScRiPt >", "<SCRIPT>x</ScRiPt>" },
	{ MARKUP_HTML, "<p hidden id=a class='b c'>", "<p hidden id=a class=b c>" },
	{ MARKUP_HTML, "<a href=x?a&amp;b>", "<a href=x?a&b>" },
	{ MARKUP_HTML, "<a b", "<a>~b" },
	{ MARKUP_HTML, "<a b='c d", "<a>~b='~c d" },
	{ MARKUP_HTML, "1 < 2 <3 <me@example.com> <", "1 < 2 <3 <me@example.com> <" },
	{ MARKUP_HTML, "<a <b>", "<a><b>" },
	{ MARKUP_XML, "</a b='c'>", "</a b=c>" },
	{ MARKUP_XML, "</>", "</>" },
	{ MARKUP_XML, "<a b = \"x\ny\" c='&quot;'/>", "<a b=x\ny c=\"></a>" },
	{ MARKUP_XML, "", "" },
	{ MARKUP_XML, "<", "<" },
	{ MARKUP_XML, "<!", "<!" },
	{ MARKUP_XML, "<!-- open", "! open" },
	{ MARKUP_XML, "&", "&" },
};

START_TEST(tokenizes)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(64 * KiB), joined = BUF_INIT(64 * KiB);
	struct markup m;

	buf_add_str(&out, "");
	ck_assert_int_eq(markup_init_mem(&m, tokens[_i].in, strlen(tokens[_i].in), tokens[_i].mode,
					 &limits, NULL),
			 ASSAY_OK);
	dump(&m, &out);
	/* Pieces of text are as they come: only the join counts. */
	ck_assert_str_eq(out.data, tokens[_i].want);
	markup_done(&m);
}
END_TEST

START_TEST(empty_input_has_no_address)
{
	struct markup m;
	struct markup_token t;

	ck_assert_int_eq(markup_init_mem(&m, NULL, 0, MARKUP_XML, &limits, NULL), ASSAY_OK);
	ck_assert_int_eq(markup_next(&m, &t, NULL), ASSAY_OK);
	ck_assert_int_eq(t.kind, MARKUP_EOF);
	markup_done(&m);
}
END_TEST

START_TEST(utf16_offsets)
{
	struct markup m;
	struct markup_token t;

	ck_assert_int_eq(markup_init_mem(&m, LIT("\xFF\xFE<\0a\0 \0b\0=\0\"\0v\0\"\0>\0\xE9\0x\0"),
					 MARKUP_XML, &limits, NULL),
			 ASSAY_OK);
	ck_assert_int_eq(markup_next(&m, &t, NULL), ASSAY_OK);
	ck_assert_str_eq(t.attrs[0].value, "v");
	ck_assert_int_eq(t.attrs[0].source.kind, SOURCE_UTF16);
	ck_assert_uint_eq(t.attrs[0].source.off, 14);
	ck_assert_int_eq(markup_next(&m, &t, NULL), ASSAY_OK);
	ck_assert_int_eq(t.source.kind, SOURCE_DERIVED);
	ck_assert_int_eq(markup_next(&m, &t, NULL), ASSAY_OK);
	ck_assert_int_eq(t.source.kind, SOURCE_UTF16);
	ck_assert_uint_eq(t.source.off, 22);
	markup_done(&m);
}
END_TEST

static const struct {
	const struct extractor *x;
	const char *in;
	const char *text; /* to be found ... */
	const char *field;
	enum assay_region region;
	enum assay_vis vis;
	uint64_t line;
} places[] = {
	{ &xml_extractor, "<a>\n<nhs>943 476 5919</nhs>\n</a>", "943", "nhs", ASSAY_BODY,
	  ASSAY_SHOWN, 2 },
	{ &xml_extractor, "<c><add key=\"pw\" value=\"hunter2\"/></c>",
	  "key=\"pw\" value=\"hunter2\"", "", ASSAY_BODY, ASSAY_SHOWN, 1 },
	{ &xml_extractor, "<c><add key=\"pw\" value=\"hunter2\"/></c>", "hunter2", "pw", ASSAY_BODY,
	  ASSAY_SHOWN, 1 },
	{ &xml_extractor, "<c><dob value=\"19850201\"/></c>", "19850201", "dob", ASSAY_BODY,
	  ASSAY_SHOWN, 1 },
	{ &xml_extractor, "<c><x key=\"\" m:Level=\"SECRET\"/></c>", "SECRET", "x", ASSAY_BODY,
	  ASSAY_SHOWN, 1 },
	{ &xml_extractor, "<c><x name=\"yy\" other=\"zz\"/></c>", "zz", "other", ASSAY_BODY,
	  ASSAY_SHOWN, 1 },
	{ &xml_extractor, "<a><!-- note --><b>x</b></a>", "note", "", ASSAY_COMMENT, ASSAY_SHOWN,
	  1 },
	{ &xml_extractor, "<a>41<em>11</em>22</a>", "411122", "a", ASSAY_BODY, ASSAY_SHOWN, 1 },
	{ &xml_extractor, "<a><x>41</x><y>11</y></a>", "41\n11", "x", ASSAY_BODY, ASSAY_SHOWN, 1 },
	{ &html_extractor, "<p>41<span class=z>11</span><!-- c -->22</p>", "411122", "", ASSAY_BODY,
	  ASSAY_SHOWN, 1 },
	{ &html_extractor, "<p>41<span class=zz>11</span></p>", "zz", "class", ASSAY_BODY,
	  ASSAY_SHOWN, 1 },
	{ &html_extractor, "<TITLE>Official</TITLE>", "Official", "", ASSAY_TITLE, ASSAY_SHOWN, 1 },
	{ &html_extractor, "<meta name=author content='Jo Bloggs'>", "Jo Bloggs", "author",
	  ASSAY_METADATA, ASSAY_SHOWN, 1 },
	{ &html_extractor, "<table><tr><td>a<td>b<tr><td>c</table>", "a\tb\nc", "", ASSAY_BODY,
	  ASSAY_SHOWN, 1 },
	{ &xml_extractor, "<AdminPassword><Value>pw1</Value></AdminPassword>", "pw1",
	  "AdminPassword Value", ASSAY_BODY, ASSAY_SHOWN, 1 },
	{ &xml_extractor, "<a><b>x</b><value>y</value></a>", "y", "value", ASSAY_BODY, ASSAY_SHOWN,
	  1 },
	{ &html_extractor, "<p>1<br>2<div>3</div>", "1\n2\n3", "", ASSAY_BODY, ASSAY_SHOWN, 1 },
	{ &html_extractor, "<div style='Display: NONE'><div>in</div>still</div>out", "still", "",
	  ASSAY_BODY, ASSAY_HIDDEN_TEXT, 1 },
	{ &html_extractor, "<div style='display:none'><div>in</div>still</div>out", "out", "",
	  ASSAY_BODY, ASSAY_SHOWN, 1 },
	{ &html_extractor, "<input type=hidden value=vv>", "vv", "value", ASSAY_BODY,
	  ASSAY_HIDDEN_TEXT, 1 },
	{ &html_extractor, "<script>\nvar k='AKIA';</script>", "AKIA", "", ASSAY_BODY, ASSAY_SHOWN,
	  1 },
	{ &html_extractor, "<p>x<!-- cc -->", "cc", "", ASSAY_COMMENT, ASSAY_HIDDEN_TEXT, 1 },
	{ &html_extractor, "<a 4111 1111>x</a>", "4111 1111", "", ASSAY_BODY, ASSAY_SHOWN, 1 },
};

START_TEST(places_text)
{
	struct record r;
	const struct record_run *found;

	ck_assert_int_eq(record_try(&r, places[_i].x, places[_i].in, strlen(places[_i].in)),
			 ASSAY_OK);
	found = record_find(&r, places[_i].text);
	ck_assert_msg(found, "not in: %s", record_all(&r));
	ck_assert_str_eq(found->field ? found->field : "", places[_i].field);
	ck_assert_int_eq(found->region, places[_i].region);
	ck_assert_int_eq(found->vis, places[_i].vis);
	ck_assert_uint_eq(found->loc.line, places[_i].line);
	record_done(&r);
}
END_TEST

/* Where `vv` stands, and under which heading. */
static const struct {
	const char *data, *field;
} tables[] = {
	{ "<table><tr><th>Name<th>Born on<th>No<tr><td>Jo<td>vv<td>3</table>", "Born on" },
	{ "<table><tr><td>Name<td>D.O.B.<td>No<tr><td>Jo<td>vv<td>3</table>", "D.O.B." },
	{ "<table><tr><td>Name<td>Born<td>No<tr><td>Jo<td>vv<td>3</table>", "Born" },
	{ "<table><tr><th>Name<th>Born<tr><td>Jo<td>vv</table>",
	  "Born" }, /* two that are called headings */
	{ "<table><tr><td>Name<td>Jo<tr><td>Born<td>vv</table>",
	  "" }, /* a form: labels stand beside */
	{ "<table><tr><td>17<td>18<td>19<tr><td>Jo<td>vv<td>3</table>",
	  "" }, /* numbers head nothing */
	{ "<table><tr><td colspan=3>People<tr><td>Name<td>Born<td>No<tr><td>Jo<td>vv<td>3</table>",
	  "Born" }, /* past a title, too */
	{ "<table><tr><td>People<tr><td>Name<td>Born<td>No<tr><td>Jo<td>vv<td>3</table>",
	  "Born" }, /* past a title */
	{ "<table><tr><td>Name<td>Born<td>No<tr><td colspan=2>Jo<td>vv</table>", "No" },
	{ "<table><tr><td>Name<td>Born<td>No<tr><td rowspan=2>Jo<td>x<td>y<tr><td>vv<td>z</table>",
	  "" }, /* columns no longer known */
	{ "<table><tr><th>A<th>B<th>C<tr><td><table><tr><th>D<th>E<tr><td>x<td>vv</table><td>y</"
	  "table>",
	  "E" }, /* a table in a table */
	{ "<table><tr><th>A<th>B<th>C<tr><td><table><tr><td>x</table><td>vv</table>",
	  "B" },                                                    /* and after it */
	{ "<table><tr><th>A<th>B<th>C<tr><td>x</table><p>vv", "" }, /* after the table */
	{ "<td>vv", "" },                                           /* no table at all */
	{ "<table><table><table><table><table><table><table><table><table><tr><th>A<th>B<tr><td>x<"
	  "td>vv",
	  "" }, /* too deep */
	{ "<input name=dob value=vv>", "dob" },
	{ "<input id=dob type=text value=vv>", "dob" },
	{ "<input value=vv>", "value" },
};

START_TEST(headings_of_tables)
{
	struct record r;

	record_read(&r, &html_extractor, tables[_i].data, strlen(tables[_i].data));
	ck_assert_str_eq(record_field(&r, "vv"), tables[_i].field);
	record_done(&r);
}
END_TEST

START_TEST(own_entities_are_a_gap)
{
	struct record r;

	ck_assert_int_eq(
	    record_try(&r, &xml_extractor, LIT("<!DOCTYPE a [<!ENTITY b 'secret'>]><a>&b;</a>")),
	    ASSAY_OK);
	ck_assert(record_has_gap(&r, ASSAY_MALFORMED));
	ck_assert(record_has(&r, "secret"));
	record_done(&r);
	ck_assert_int_eq(
	    record_try(&r, &xml_extractor, LIT("<!DOCTYPE a [<!ELEMENT a ANY>]><a>b</a>")),
	    ASSAY_OK);
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

static const char *const floods[] = {
	"<",        "<a ", "<a b='",  "&",    "&#",  "]]>",   "<!--",         "-->", "<![CDATA[",
	"<?",       "<!D", "<a b=\"", "</",   "<a>", "&amp;", "<a b=c ",      "'",   "<script",
	"<script>", "<!",  "<p>",     "<!D[", "]",   "</a b", "<a/><!-- -->", "x",
};

START_TEST(hostile)
{
	size_t len = 2 * MiB / PATIENCE;
	char *data = flood_of(floods[_i], len);
	const struct extractor *both[] = { &xml_extractor, &html_extractor };
	uint64_t began = clock_ns();

	for (size_t k = 0; k < 2; k++) {
		struct record r;

		ck_assert_int_eq(record_try(&r, both[k], data, len), ASSAY_OK);
		record_done(&r);
	}
	ck_assert_uint_lt(clock_ns() - began, PATIENCE * 20 * NS_PER_S);
	free(data);
}
END_TEST

/* A 64 MiB attribute: bounded memory, and every byte of it comes out. */
START_TEST(giant_attribute)
{
	static const char begin[] = "<a b=\"", end[] = "\" c='tail'>after</a>";
	size_t len = 64 * MiB;
	char *data = malloc(len);
	struct markup m;
	struct markup_token t;
	size_t text = 0;

	memset(data, 'v', len);
	memcpy(data, begin, sizeof(begin) - 1);
	memcpy(data + len - (sizeof(end) - 1), end, sizeof(end) - 1);
	for (int stream = 0; stream < 2; stream++) {
		FILE *f = NULL;
		struct input in;

		text = 0;
		if (stream) {
			f = tmpfile();
			fwrite(data, 1, len, f);
			fflush(f);
			input_from_fd(&in, fileno(f), len);
			ck_assert_int_eq(markup_init(&m, &in, MARKUP_XML, &limits, NULL), ASSAY_OK);
		} else {
			ck_assert_int_eq(markup_init_mem(&m, data, len, MARKUP_XML, &limits, NULL),
					 ASSAY_OK);
		}
		while (markup_next(&m, &t, NULL) == ASSAY_OK && t.kind != MARKUP_EOF)
			text += t.kind == MARKUP_TEXT ? t.len : 0;
		ck_assert_uint_eq(text, len - 3 - 5); /* but for <a, a space, > and </a> */
		ck_assert(m.long_tag);
		ck_assert_uint_lt(m.feed.text.cap, 8 * MiB);
		markup_done(&m);
		if (stream) {
			input_done(&in);
			fclose(f);
		}
	}
	free(data);
}
END_TEST

/* The same tokens whether in memory, from a file, or converted. */
START_TEST(windows_do_not_show)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(4 * MiB), wide = BUF_INIT(8 * MiB);
	struct record mem, file, utf16;
	struct assay_error err;
	FILE *f = tmpfile();
	struct input in;

	buf_add(&wide, "\xFF\xFE", 2);
	for (int i = 0; i < 20000; i++)
		buf_printf(&all, "<row id='%d' x=\"&amp;\">v%d <b>w</b><!-- c%d --></row>\n", i, i,
			   i);
	for (size_t i = 0; i < all.len; i++) {
		buf_add_byte(&wide, all.data[i]);
		buf_add_byte(&wide, 0);
	}
	fwrite(all.data, 1, all.len, f);
	fflush(f);
	ck_assert_int_eq(record_try(&mem, &xml_extractor, all.data, all.len), ASSAY_OK);
	ck_assert_int_eq(record_try(&utf16, &xml_extractor, wide.data, wide.len), ASSAY_OK);
	record_init(&file, all.data, all.len);
	input_from_fd(&in, fileno(f), all.len);
	ck_assert_int_eq(xml_extractor.run(&in, &file.sink, &err), ASSAY_OK);
	input_done(&in);
	ck_assert_uint_eq(file.bad_offsets, 0);
	ck_assert_str_eq(record_all(&mem), record_all(&file));
	ck_assert_str_eq(record_all(&mem), record_all(&utf16));
	ck_assert_uint_eq(record_find(&file, "v19999")->loc.line, 20000);
	record_done(&mem);
	record_done(&file);
	record_done(&utf16);
	fclose(f);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("extract markup");
	TCase *tc = tcase_create("markup");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, tokenizes, 0, ARRAY_SIZE(tokens));
	tcase_add_test(tc, empty_input_has_no_address);
	tcase_add_test(tc, utf16_offsets);
	tcase_add_loop_test(tc, places_text, 0, ARRAY_SIZE(places));
	tcase_add_loop_test(tc, headings_of_tables, 0, ARRAY_SIZE(tables));
	tcase_add_test(tc, own_entities_are_a_gap);
	tcase_add_loop_test(tc, hostile, 0, ARRAY_SIZE(floods));
	tcase_add_test(tc, giant_attribute);
	tcase_add_test(tc, windows_do_not_show);
	suite_add_tcase(suite, tc);
	return suite;
}
