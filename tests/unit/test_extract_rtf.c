/* test_extract_rtf.c - Rich Text Format: text, and where it is not seen */
#include "unit.h"

#include "record_read.h"

extern const struct extractor rtf_extractor;

static enum assay_status run(struct record *r, const char *text)
{
	return record_try(r, &rtf_extractor, text, strlen(text));
}

#define RTF(x) "{\\rtf1\\ansi\\ansicpg1252 " x "}"

static const struct {
	const char *rtf, *want;
	enum assay_vis vis;
	enum assay_region region;
} cases[] = {
	{ RTF("one\\par two\\par"), "one\ntwo\n" },
	{ RTF("999\n 000\r\n 00{\\b 18}"), "999 000 0018" }, /* line ends are not text */
	{ RTF("caf\\'e9 \\'80"), "caf\xc3\xa9 \xe2\x82\xac" },
	{ RTF("a\\u8364?b"), "a\xe2\x82\xac"
			     "b" },
	{ RTF("\\uc2 a\\u8364\\'a4\\'a4b"), "a\xe2\x82\xac"
					    "b" },
	{ RTF("\\uc0 a\\u8364 b"), "a\xe2\x82\xac"
				   "b" },
	{ RTF("a\\u-10179?\\u-8704?b"), "a\xf0\x9f\x98\x80"
					"b" }, /* a pair */
	{ RTF("{\\uc3 a\\u65 b}cd"), "aAcd" }, /* a group's end ends what is skipped */
	{ RTF("\\{x\\}\\\\"), "{x}\\" },
	{ RTF("a\\~b\\_c\\-d"), "a\xc2\xa0"
				"b-cd" },
	{ RTF("\\trowd a\\cell b\\cell\\row c"), "a\tb\t\nc" },
	{ RTF("a\\tab b\\line c\\emdash d"), "a\tb\nc\xe2\x80\x94"
					     "d" },
	{ RTF("seen {\\v unseen} seen"), "unseen", ASSAY_HIDDEN_TEXT },
	{ RTF("\\v no\\v0  yes"), "yes" },
	{ RTF("{\\deleted gone}"), "gone", ASSAY_DELETED },
	{ RTF("{\\colortbl;\\red255\\green255\\blue255;}{\\cf1 white}"), "white",
	  ASSAY_WHITE_TEXT },
	{ RTF("{\\colortbl;\\red255\\green255\\blue255;\\red0\\green0\\blue0;}{\\cf1\\cb2 w}"),
	  "w" },
	{ RTF("{\\header OFFICIAL\\par}body"), "OFFICIAL", ASSAY_SHOWN, ASSAY_HEADER },
	{ RTF("{\\footerf the foot\\par}body"), "the foot", ASSAY_SHOWN, ASSAY_FOOTER },
	{ RTF("{\\header H}body"), "H\nbody", ASSAY_SHOWN, ASSAY_HEADER },
	{ RTF("x{\\footnote\\pard a note}y\\par"), "xy\na note", ASSAY_SHOWN, ASSAY_BODY },
	{ RTF("x{\\footnote\\pard a note}y\\par"), "a note", ASSAY_SHOWN, ASSAY_NOTE },
	{ RTF("x{\\*\\annotation why}y\\par"), "why", ASSAY_SHOWN, ASSAY_COMMENT },
	{ RTF("x{\\*\\unheardof some text}y\\par"), "some text", ASSAY_HIDDEN_TEXT },
	{ RTF("{\\field{\\*\\fldinst HYPERLINK \"mailto:a@b.example\"}{\\fldrslt mail}}\\par"),
	  "mail\nHYPERLINK \"mailto:a@b.example\"" },
	{ RTF("{\\shp{\\*\\shpinst{\\sp{\\sn gtextUNICODE}{\\sv DRAFT}}}}"), "DRAFT", ASSAY_SHOWN,
	  ASSAY_WATERMARK },
	{ RTF("{\\upr{\\author A?}{\\*\\ud{\\author A\\u233?}}}"), "A\xc3\xa9", ASSAY_SHOWN,
	  ASSAY_METADATA },
	{ RTF("a{\\bin}b"), "ab" },
	{ RTF("a\\bin5 {{{{{b"), "ab" },
	{ "{\\rtf1 cut {\\b off", "cut off" },
	{ "{\\rtf1 x}}}} after", "after", ASSAY_HIDDEN_TEXT },
	{ "{\\rtf1 \\u8364", "\xe2\x82\xac" },
	{ "{\\rtf1 ok\\'", "ok" },
	{ RTF("\\verylongwordthatisnotinanytableofwords123456789012345678901234567890 text"),
	  "text" },
};

START_TEST(reads)
{
	struct record r;

	ck_assert_int_eq(run(&r, cases[_i].rtf), ASSAY_OK);
	ck_assert_msg(record_has(&r, cases[_i].want), "'%s' has no '%s'", record_all(&r),
		      cases[_i].want);
	ck_assert_int_eq(record_find(&r, cases[_i].want)->vis, cases[_i].vis);
	ck_assert_int_eq(record_find(&r, cases[_i].want)->region, cases[_i].region);
	record_done(&r);
}
END_TEST

START_TEST(reads_properties)
{
	struct record r;

	run(&r, RTF("{\\info{\\title The title}{\\author A B}{\\*\\company The Force}}"
		    "{\\*\\userprops{\\propname MSIP_Label_1_Name}\\proptype30{\\staticval "
		    "Official}}{\\fonttbl{\\f0 Arial;}}{\\stylesheet{\\s1 heading;}}body"));
	ck_assert_str_eq(record_field(&r, "The title"), "title");
	ck_assert_str_eq(record_field(&r, "The Force"), "company");
	ck_assert_str_eq(record_field(&r, "Official"), "MSIP_Label_1_Name");
	ck_assert_int_eq(record_find(&r, "Official")->region, ASSAY_METADATA);
	ck_assert(!record_has(&r, "Arial"));
	ck_assert(!record_has(&r, "heading"));
	ck_assert_str_eq(record_field(&r, "body"), "");
	record_done(&r);
}
END_TEST

START_TEST(gives_objects)
{
	struct record r;

	run(&r, RTF("{\\object{\\*\\objclass Package}{\\*\\objdata 01050000 02000000\n"
		    "08000000 5061636b61676500 00000000 00000000 23000000\n"
		    "0200 612e74787400 433a5c6100 00000300 04000000 433a5c00 05000000\n"
		    "696e6e6572}}{\\pict\\pngblip 89504e470d0a}"
		    "{\\*\\objdata 0105000002000000D0CF11E0A1B11AE1ff00}"));
	ck_assert_uint_eq(r.members.len, 3);
	ck_assert_str_eq(r.members.items[0].name, "a.txt");
	ck_assert_str_eq(r.members.items[0].data, "inner");
	ck_assert_str_eq(r.members.items[1].data, "\x89PNG\r\n");
	ck_assert_uint_eq(r.members.items[2].len, 10);
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

START_TEST(says_what_is_wrong)
{
	struct record r;

	run(&r, "{\\rtf1 cut {\\b off");
	ck_assert(record_has_gap(&r, ASSAY_MALFORMED));
	record_done(&r);
	run(&r, "{\\rtf1 whole}\r\n\r\n");
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
	run(&r, "{\\rtf1 whole}and more");
	ck_assert(record_has_gap(&r, ASSAY_CONTAINER_SLACK));
	record_done(&r);
}
END_TEST

/* A million of anything is read in a blink. */
static const char *const floods[] = { "{",
				      "}",
				      "\\u",
				      "\\'",
				      "{\\*\\x ",
				      "{\\footnote a",
				      "\\v ",
				      "{\\header a}",
				      "\\par{\\*\\annotation b}" };

START_TEST(is_linear)
{
	struct buf b = BUF_INIT(64 * MiB);
	struct record r;

	buf_add_str(&b, "{\\rtf1 ");
	for (unsigned i = 0; i < 300000; i++)
		buf_add_str(&b, floods[_i]);
	ck_assert_int_ne(record_try(&r, &rtf_extractor, b.data, b.len), ASSAY_FATAL);
	record_done(&r);
	buf_done(&b);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_rtf");
	TCase *tc = tcase_create("rtf");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, reads_properties);
	tcase_add_test(tc, gives_objects);
	tcase_add_test(tc, says_what_is_wrong);
	tcase_add_loop_test(tc, is_linear, 0, ARRAY_SIZE(floods));
	suite_add_tcase(s, tc);
	return s;
}
