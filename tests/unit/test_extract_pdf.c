/* test_extract_pdf.c - PDF: what it says about itself, and what lies about it */
#include "unit.h"

#include <libdeflate.h>
#include <stdio.h>

#include "record_read.h"

extern const struct extractor pdf_extractor;

static void run(struct record *r, const void *data, size_t len)
{
	struct assay_error err;
	struct input in;

	record_init(r, data, len);
	input_from_mem(&in, data, len);
	ck_assert_int_eq(pdf_extractor.run(&in, &r->sink, &err), ASSAY_OK);
	input_done(&in);
	ck_assert_uint_eq(r->bad_offsets, 0);
}

static unsigned count(const struct record *r, const char *text)
{
	const char *at = r->text.data, *end = at + r->text.len;
	unsigned n = 0;

	while ((at = memmem(at, (size_t)(end - at), text, strlen(text)))) {
		at += strlen(text);
		n++;
	}
	return n;
}

/* A document of which `info` is all. */
static void run_info(struct record *r, const char *info)
{
	static char text[4096];

	snprintf(text, sizeof(text), "%%PDF-1.7\n3 0 obj\n%s\nendobj\ntrailer\n<</Info 3 0 R>>\n",
		 info);
	run(r, text, strlen(text));
}

/* --- strings ------------------------------------------------------------------------------ */

static const struct {
	const char *info, *want, *field;
} strings[] = {
	{ "<</Title (plain words)>>", "plain words\n", "Title" },
	{ "<</Title(a\\(b\\)c (d (e)) f)>>", "a(b)c (d (e)) f\n", "Title" },
	{ "<</Title (one\\\n two\\nthree\\101\\7x)>>", "one two\nthreeA\7x\n", "Title" },
	{ "<</Title (a\r\nb\rc)>>", "a\nb\nc\n", "Title" },
	{ "<</Title (caf\\351 \\200 \\240)>>", "caf\xc3\xa9 \xe2\x80\xa2 \xe2\x82\xac\n", "Title" },
	{ "<</Title (caf\xc3\xa9)>>", "caf\xc3\xa9\n", "Title" }, /* no mark */
	{ "<</Title (\xEF\xBB\xBF"
	  "caf\xc3\xa9)>>",
	  "caf\xc3\xa9\n", "Title" }, /* a mark */
	{ "<</Title <feff0053 0045\n0043>>>", "SEC\n", "Title" },
	{ "<</Title <FFFE530045004300>>>", "SEC\n", "Title" }, /* not allowed, but met */
	{ "<</Title <53454>>>", "SE@\n", "Title" },            /* an odd digit */
	{ "<</Title (\\376\\377\\000S\\000E)>>", "SE\n", "Title" },
	{
	    "<</#54itle (named)>>",
	    "named\n",
	    "#",
	},
	{ "<</Security#20Marking (OFFICIAL)>>", "OFFICIAL\n", "Security Marking" },
	{ "<</MSIP_Label_x_Enabled true /B (b)>>", "true\n", "MSIP_Label_x_Enabled" },
	{ "<</Classification /SECRET>>", "SECRET\n", "Classification" },
	{ "<</A [1 (x) <</T (y)>>] /B (after nested)>>", "after nested\n", "B" },
	{ "% note\n<< % note (\n/A (x)>>", "x\n", "A" },
	{ "<</A 1 0 /B (after numbers)>>", "after numbers\n", "B" },
	{ "<</A 4 0 R>> endobj 4 0 obj (by reference)", "by reference\n", "A" },
	{ "<</A 4 0 R>> endobj 4 0 obj <6279> endobj 4 0 obj (by the last)", "by the last\n", "A" },
	{ "<</A 3 0 R /B (itself)>>", "itself\n", "B" },
	{ "<</A (x) /B>>", "x\n", "A" },
};

START_TEST(string)
{
	struct record r;
	const char *field = strings[_i].field[0] == '#' ? "Title" : strings[_i].field;

	run_info(&r, strings[_i].info);
	ck_assert_msg(record_find(&r, strings[_i].want), "%s", r.text.data);
	ck_assert_str_eq(record_field(&r, strings[_i].want), field);
	ck_assert_int_eq(record_find(&r, strings[_i].want)->region, ASSAY_METADATA);
	record_done(&r);
}
END_TEST

START_TEST(once)
{
	struct record r;

	run_info(&r,
		 "<</Title (of this once) /Author <416e6e6f7468657220776f7264>>> (and of that)");
	ck_assert_uint_eq(count(&r, "of this once"), 1);
	ck_assert_uint_eq(count(&r, "Annother word"), 1);
	ck_assert_uint_eq(count(&r, "416e6e"), 0);
	ck_assert_uint_eq(count(&r, "and of that"), 1); /* by the strings */
	ck_assert_uint_eq(count(&r, "endobj"), 1);
	record_done(&r);
}
END_TEST

/* --- streams ------------------------------------------------------------------------------ */

/* A stream of `data`, packed, as object `num`; `lie`: added to its length. */
static void add_stream(struct buf *pdf, unsigned num, const char *head, const void *data,
		       size_t len, long lie)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t room = libdeflate_zlib_compress_bound(c, len), got;
	CLEANUP(mem_freep) char *packed = malloc(room);

	got = libdeflate_zlib_compress(c, data, len, packed, room);
	libdeflate_free_compressor(c);
	buf_printf(pdf, "%u 0 obj\n<<%s/Filter/FlateDecode/Length %ld>>\nstream\r\n", num, head,
		   (long)got + lie);
	buf_add(pdf, packed, got);
	buf_add_str(pdf, "\nendstream\nendobj\n");
}

static void add_text(struct buf *pdf, unsigned num, const char *head, const char *text)
{
	add_stream(pdf, num, head, text, strlen(text), 0);
}

#define MEMBERS "/Type/ObjStm/N 2/First 10 "
#define PACKET(x) \
	"<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description " \
	"xmlns:pdfx='http://ns.adobe.com/pdfx/1.3/'>" x \
	"</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"

START_TEST(packed)
{
	CLEANUP(buf_done) struct buf pdf = BUF_INIT(1 * MiB);
	struct record r;

	/* With a length that is right, too long, and too short. */
	buf_add_str(&pdf, "%PDF-1.5\n");
	add_stream(&pdf, 7, MEMBERS, "3 0 4 28  <</Title 4 0 R/Author(Ann)>>(The title)", 50,
		   10 * (_i - 1));
	add_text(&pdf, 8, "/Type/XRef/Info 3 0 R", "table");
	run(&r, pdf.data, pdf.len);
	ck_assert_str_eq(record_field(&r, "Ann\n"), "Author");
	ck_assert_str_eq(record_field(&r, "The title\n"), "Title");
	ck_assert_uint_eq(r.gaps.len, 0);
	ck_assert_uint_gt(r.allowed, 0);
	record_done(&r);
}
END_TEST

START_TEST(packet)
{
	CLEANUP(buf_done) struct buf pdf = BUF_INIT(1 * MiB);
	struct record r;
	static const char xmp[] = PACKET(
	    "<pdfx:MSIP_Label_a_Name>SECRET</pdfx:MSIP_Label_a_Name>"
	    "<dc:title><rdf:Alt><rdf:li xml:lang='x'>The &amp; title</rdf:li></rdf:Alt></dc:title>"
	    "<dc:subject><rdf:Bag><rdf:li>one</rdf:li><rdf:li>two</rdf:li></rdf:Bag></dc:subject>"
	    "<pdfx:Two\xE2\x86\x82"
	    "0020words>x y</pdfx:Two\xE2\x86\x82"
	    "0020words>");

	buf_add_str(&pdf, "%PDF-1.5\n");
	switch (_i) {
	case 0:
		add_text(&pdf, 4, "/Type/Metadata/Subtype/XML", xmp);
		break;
	case 1:
		buf_printf(&pdf, "4 0 obj <</Type/Metadata/Length 5 0 R>> stream\n%s\nendstream",
			   xmp);
		break;
	case 2: /* in a stream of something else */
		buf_printf(&pdf, "4 0 obj <</Length 9 0 R>> stream\n\xff\xd8%s\nendstream", xmp);
		break;
	default: /* of a file that ends too early */
		buf_printf(&pdf, "4 0 obj <</Type/Metadata>> stream\n%s", xmp);
		break;
	}
	run(&r, pdf.data, pdf.len);
	ck_assert_uint_eq(count(&r, "SECRET"), 1);
	ck_assert_str_eq(record_field(&r, "SECRET\n"), "MSIP_Label_a_Name");
	ck_assert_str_eq(record_field(&r, "The & title\n"), "title");
	ck_assert_str_eq(record_field(&r, "one\ntwo\n"), "subject");
	ck_assert_str_eq(record_field(&r, "x y\n"), "Two words");
	ck_assert_int_eq(record_find(&r, "SECRET")->region, ASSAY_METADATA);
	ck_assert_ptr_null(record_find(&r, "adobe:ns:meta"));
	record_done(&r);
}
END_TEST

START_TEST(attributes)
{
	static const char pdf[] =
	    "%PDF-1.4\n4 0 obj <</Type/Metadata>> stream\n"
	    "<x:xmpmeta><rdf:RDF><rdf:Description rdf:about='' pdfx:MSIP_Label_a_Name='SECRET' "
	    "pdfx:other='words'/></rdf:RDF></x:xmpmeta>\nendstream";
	struct record r;

	run(&r, pdf, sizeof(pdf) - 1);
	ck_assert_str_eq(record_field(&r, "SECRET\n"), "MSIP_Label_a_Name");
	ck_assert_str_eq(record_field(&r, "words\n"), "other");
	record_done(&r);
}
END_TEST

/* --- which one counts --------------------------------------------------------------------- */

#define OLD "3 0 obj <</L (old)>> endobj\n"
#define NEW "3 0 obj <</L (new)>> endobj\n"
#define TRAILER "trailer <</Info 3 0 R>>\n"

static const struct {
	const char *pdf;
	const char *shown, *previous; /* NULL: none */
} revisions[] = {
	{ OLD NEW TRAILER, "new\n", "old\n" },
	{ TRAILER OLD NEW, "new\n", "old\n" }, /* linearized: the trailer comes first */
	{ OLD TRAILER NEW TRAILER, "new\n", "old\n" },
	{ OLD TRAILER "4 0 obj <</L (new)>> endobj trailer <</Info 4 0 R>>\n", "new\n", "old\n" },
	{ OLD TRAILER "trailer <</Info 9 0 R>>\n", "old\n", NULL }, /* leads nowhere */
	{ "3 0 obj <</Producer (old)>> endobj\n", "old\n", NULL },  /* no trailer at all */
	{ "3 0 obj <</MSIP_Label_x (old)>> endobj\n trailer <</Info 8 0 R>>", "old\n", NULL },
	{ "3 0 obj <</L (new)>> endobj 5 0 obj <</Length 60>> stream\n"
	  "3 0 obj <</L (not)>> endobj trailer <</Info 3 0 R>> .........\nendstream " TRAILER,
	  "new\n", NULL }, /* a document in a document */
};

START_TEST(revision)
{
	struct record r;

	run(&r, revisions[_i].pdf, strlen(revisions[_i].pdf));
	ck_assert_ptr_nonnull(record_find(&r, revisions[_i].shown));
	ck_assert_int_eq(record_find(&r, revisions[_i].shown)->region, ASSAY_METADATA);
	ck_assert_int_eq(record_find(&r, revisions[_i].shown)->vis, ASSAY_SHOWN);
	if (revisions[_i].previous)
		ck_assert_int_eq(record_find(&r, revisions[_i].previous)->vis,
				 ASSAY_PREVIOUS_REVISION);
	record_done(&r);
}
END_TEST

START_TEST(packets_superseded)
{
	CLEANUP(buf_done) struct buf pdf = BUF_INIT(1 * MiB);
	struct record r;

	buf_add_str(&pdf, "1 0 obj <</Type/Catalog/Metadata 4 0 R>> endobj\n");
	add_text(&pdf, 4, "/Type/Metadata", PACKET("<a:n>first</a:n>"));
	add_text(&pdf, 4, "/Type/Metadata", PACKET("<a:n>second</a:n>"));
	buf_add_str(&pdf, "1 0 obj <</Type/Catalog/Metadata 6 0 R>> endobj\n");
	add_text(&pdf, 6, "/Type/Metadata", PACKET("<a:n>third</a:n>"));
	add_text(&pdf, 9, "/Type/Metadata", PACKET("<a:n>of a picture</a:n>"));
	run(&r, pdf.data, pdf.len);
	ck_assert_int_eq(record_find(&r, "first\n")->vis, ASSAY_PREVIOUS_REVISION);
	ck_assert_int_eq(record_find(&r, "second\n")->vis, ASSAY_PREVIOUS_REVISION);
	ck_assert_int_eq(record_find(&r, "third\n")->vis, ASSAY_SHOWN);
	ck_assert_int_eq(record_find(&r, "of a picture\n")->vis, ASSAY_SHOWN);
	record_done(&r);
}
END_TEST

/* --- what is locked ----------------------------------------------------------------------- */

static const struct {
	const char *trailer;
	enum assay_reason reason;
} locks[] = {
	{ "9 0 obj <</Filter/Standard>> endobj trailer <</Info 3 0 R/Encrypt 9 0 R>>",
	  ASSAY_ENCRYPTED },
	{ "trailer <</Info 3 0 R/Encrypt <</Filter/Standard>> >>", ASSAY_ENCRYPTED },
	{ "9 0 obj <</Filter/MicrosoftIRMServices>> endobj trailer <</Encrypt 9 0 R>>",
	  ASSAY_RIGHTS_MANAGED },
	{ "trailer <</Encrypt <</Filter/MicrosoftIRMServices>> >>", ASSAY_RIGHTS_MANAGED },
};

START_TEST(encrypted)
{
	CLEANUP(buf_done) struct buf pdf = BUF_INIT(1 * MiB);
	struct record r;

	buf_add_str(&pdf, "3 0 obj <</Title (noise)>> endobj ");
	add_text(&pdf, 4, "/Type/Metadata", PACKET("<a:n>in clear</a:n>"));
	add_text(&pdf, 5, "/Type/Metadata", "noise");
	buf_add_str(&pdf,
		    "6 0 obj <</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 5>> stream\n"
		    "\1\2\3\4\5\nendstream ");
	buf_add_str(&pdf, locks[_i].trailer);
	run(&r, pdf.data, pdf.len);
	ck_assert_uint_eq(r.gaps.len, 1);
	ck_assert_int_eq(r.gaps.items[0].reason, locks[_i].reason);
	ck_assert_str_eq(record_field(&r, "in clear\n"), "n");
	for (size_t i = 0; i < r.runs.len; i++)
		ck_assert_msg(
		    r.runs.items[i].region != ASSAY_METADATA ||
			!memmem(r.text.data + r.runs.items[i].at, r.runs.items[i].len, "noise", 5),
		    "noise");
	record_done(&r);
}
END_TEST

START_TEST(broken_stream)
{
	static const char pdf[] =
	    "3 0 obj <</Title (whole)>> endobj trailer <</Info 3 0 R>> "
	    "6 0 obj <</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 5>> "
	    "stream\n\1\2\3\4\5\nendstream ";
	struct record r;

	run(&r, pdf, sizeof(pdf) - 1);
	ck_assert(record_has_gap(&r, ASSAY_MALFORMED));
	ck_assert_str_eq(record_field(&r, "whole\n"), "Title");
	record_done(&r);
}
END_TEST

/* --- what is hostile ---------------------------------------------------------------------- */

static const char *const hostile[] = {
	"",
	"obj",
	"1 0 obj",
	"1 0 obj<<",
	"1 0 obj<</Title(",
	"1 0 obj<</Title<",
	"1 0 obj<</A<</B<</C[",
	"99999999999999999999 0 obj<</Title(x)>>",
	"1 0 obj<</Length 99999999999999999999>>stream\nendstream",
	"1 0 obj<</Type/ObjStm/N 4294967295/First 4294967295/Length 0>>stream\n\nendstream",
	"1 0 obj<</Type/ObjStm/N 9/First 3/Length 9>>stream\n1 0 <<<<<<\nendstream",
	"1 0 obj<</Type/ObjStm/N 9/First 12/Length 20>>stream\n3 5 4 0 5 9 (ab)(cd)\nendstream",
	"1 0 obj<</A 1 0 R>>endobj trailer<</Info 1 0 R>>",
	"trailer<</Info 1 0 R",
	"trailer",
	"stream endstream endobj",
	"1 0 obj<</Type/Metadata>>stream",
	"1 0 obj<</Type/Metadata/Length 0>>stream\nendstream",
	"<?xpacket begin",
	"<?xpacket end <?xpacket begin <?xpacket end",
	"1 0 obj<</Type>>endobj 2 0 obj<<>>>>>>>endobj 3 0 obj>>endobj",
};

START_TEST(survives)
{
	struct record r;

	run(&r, hostile[_i], strlen(hostile[_i]));
	record_done(&r);
	record_same_from_descriptor(&pdf_extractor, hostile[_i], strlen(hostile[_i]));
}
END_TEST

START_TEST(bomb)
{
	CLEANUP(buf_done) struct buf pdf = BUF_INIT(8 * MiB);
	CLEANUP(mem_freep) char *zeros = calloc(1, 12 * MiB);
	struct assay_error err;
	struct record r;
	struct input in;

	for (unsigned i = 0; i < 20; i++)
		add_stream(&pdf, i + 5, MEMBERS, zeros, 12 * MiB, 0);
	buf_add_str(&pdf, "3 0 obj <</Title (kept)>> endobj trailer <</Info 3 0 R>>");
	record_init(&r, pdf.data, pdf.len);
	r.allow_max = 32 * MiB;
	input_from_mem(&in, pdf.data, pdf.len);
	ck_assert_int_eq(pdf_extractor.run(&in, &r.sink, &err), ASSAY_OK);
	ck_assert_uint_lt(r.allowed, 64 * MiB);
	ck_assert(record_has_gap(&r, ASSAY_LIMIT_SIZE));
	ck_assert_str_eq(record_field(&r, "kept\n"), "Title");
	input_done(&in);
	record_done(&r);
}
END_TEST

/* What is repeated for megabytes costs its length, not the square of it. */
static const char *const repeated[] = {
	"1 0 obj<<",
	"1 0 obj<</T(",
	"1 0 obj<</T<",
	"1 0 obj[",
	"1 0 obj<</Type/ObjStm/N 9/First 4>>stream\n",
	"1 0 obj<</Type/Metadata>>stream\n",
	"trailer<<",
	"trailer<</Info 1 0 R>>",
	"trailer<</Info 1 0 R/A(",
	"1 0 obj<</Type/Catalog/Metadata 1 0 R>>",
	"1 0 obj<</Producer 1 0 R>>",
	"<?xpacket begin",
	"<?xpacket begin?><?xpacket end",
};

START_TEST(linear)
{
	CLEANUP(buf_done) struct buf pdf = BUF_INIT(16 * MiB);
	struct timespec from, to;
	struct record r;

	while (pdf.len < 4 * MiB / PATIENCE)
		buf_printf(&pdf, "%s\n", repeated[_i]);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	run(&r, pdf.data, pdf.len);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	ck_assert_int_lt(to.tv_sec - from.tv_sec, 3 * PATIENCE);
	record_done(&r);
	record_same_from_descriptor(&pdf_extractor, pdf.data, pdf.len);
}
END_TEST

/* Whatever the cut, it ends, and what came before is read. */
START_TEST(cut)
{
	CLEANUP(buf_done) struct buf pdf = BUF_INIT(1 * MiB);
	struct record r;

	buf_add_str(&pdf, "%PDF-1.5\n1 0 obj <</Type/Catalog/Metadata 4 0 R>> endobj\n");
	add_text(&pdf, 7, MEMBERS, "3 0 4 28  <</Title 4 0 R/Author(Ann)>>(The title)");
	add_text(&pdf, 4, "/Type/Metadata", PACKET("<a:n>name</a:n>"));
	buf_add_str(&pdf, TRAILER);
	for (size_t len = 0; len <= pdf.len; len++) {
		CLEANUP(mem_freep) char *copy = malloc(len + 1);

		/* Of its own, so that a sanitizer sees what is read behind it. */
		memcpy(copy, pdf.data, len);
		run(&r, copy, len);
		record_done(&r);
	}
}
END_TEST

/* From a descriptor, in windows: objects lie over their edges. */
START_TEST(descriptor)
{
	CLEANUP(buf_done) struct buf pdf = BUF_INIT(4 * MiB);
	FILE *f = tmpfile();
	struct assay_error err;
	struct record r;
	struct input in;

	for (unsigned i = 10; pdf.len < 1 * MiB; i++)
		buf_printf(&pdf, "%u 0 obj <</Title (an outline)/Parent 9 0 R>> endobj\n", i);
	buf_printf(&pdf, "3 0 obj <</Title 5 0 R>> endobj " TRAILER "5 0 obj (far away) endobj\n");
	add_text(&pdf, 4, "/Type/Metadata", PACKET("<a:n>name</a:n>"));
	fwrite(pdf.data, 1, pdf.len, f);
	fflush(f);
	record_init(&r, pdf.data, pdf.len);
	input_from_fd(&in, fileno(f), pdf.len);
	ck_assert_int_eq(pdf_extractor.run(&in, &r.sink, &err), ASSAY_OK);
	input_done(&in);
	fclose(f);
	ck_assert_uint_eq(r.bad_offsets, 0);
	ck_assert_str_eq(record_field(&r, "far away\n"), "Title");
	ck_assert_uint_eq(count(&r, "far away"), 1);
	ck_assert_str_eq(record_field(&r, "name\n"), "n");
	ck_assert_uint_gt(count(&r, "an outline"), 1000);
	record_done(&r);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("pdf");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, string, 0, ARRAY_SIZE(strings));
	tcase_add_test(tc, once);
	tcase_add_loop_test(tc, packed, 0, 3);
	tcase_add_loop_test(tc, packet, 0, 4);
	tcase_add_test(tc, attributes);
	tcase_add_loop_test(tc, revision, 0, ARRAY_SIZE(revisions));
	tcase_add_test(tc, packets_superseded);
	tcase_add_loop_test(tc, encrypted, 0, ARRAY_SIZE(locks));
	tcase_add_test(tc, broken_stream);
	tcase_add_loop_test(tc, survives, 0, ARRAY_SIZE(hostile));
	tcase_add_test(tc, bomb);
	tcase_add_loop_test(tc, linear, 0, ARRAY_SIZE(repeated));
	tcase_add_test(tc, cut);
	tcase_add_test(tc, descriptor);
	suite_add_tcase(s, tc);
	return s;
}
