/* test_extract_picture.c - pictures: what they say about themselves */
#include "unit.h"

#include <libdeflate.h>

#include "record_read.h"

extern const struct extractor picture_extractor;

static void run(struct record *r, const void *data, size_t len)
{
	struct assay_error err;
	struct input in;

	record_init(r, data, len);
	input_from_mem(&in, data, len);
	ck_assert_int_eq(picture_extractor.run(&in, &r->sink, &err), ASSAY_OK);
	input_done(&in);
	ck_assert_uint_eq(r->bad_offsets, 0);
}

static void has(const struct record *r, const char *text, const char *field)
{
	const struct record_run *run = record_find(r, text);
	const char *at, *end = r->text.data + r->text.len;

	ck_assert_msg(run != NULL, "no %s in %s", text, r->text.data);
	ck_assert_str_eq(run->field ? run->field : "", field);
	ck_assert_int_eq(run->region, ASSAY_METADATA);
	/* Once alone. */
	at = memmem(r->text.data, r->text.len, text, strlen(text));
	ck_assert_ptr_null(memmem(at + 1, (size_t)(end - at - 1), text, strlen(text)));
}

#define XMP(x) \
	"<?xpacket begin=''?><x:xmpmeta><rdf:RDF><rdf:Description>" x \
	"</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
#define LABEL XMP("<m:MSIP_Label_a_Name>SECRET</m:MSIP_Label_a_Name>")
#define LIT(x) x, sizeof(x) - 1

/* --- EXIF: a directory of one entry, its value behind it --------------------------------- */

static void add16(struct buf *b, bool big, unsigned v)
{
	buf_add_byte(b, (char)(big ? v >> 8 : v));
	buf_add_byte(b, (char)(big ? v : v >> 8));
}

static void add32(struct buf *b, bool big, uint32_t v)
{
	add16(b, big, big ? v >> 16 : v & 0xFFFF);
	add16(b, big, big ? v & 0xFFFF : v >> 16);
}

static void add_exif(struct buf *b, bool big, unsigned tag, unsigned type, const void *value,
		     size_t len)
{
	static const char none[4];

	buf_add_str(b, big ? "MM" : "II");
	add16(b, big, 42);
	add32(b, big, 8);
	add16(b, big, 1);
	add16(b, big, tag);
	add16(b, big, type);
	add32(b, big, (uint32_t)len);
	if (len > 4)
		add32(b, big, 8 + 2 + 12 + 4);
	else
		buf_add(b, value, len), buf_add(b, none, 4 - len);
	add32(b, big, 0);
	if (len > 4)
		buf_add(b, value, len);
}

static const struct {
	unsigned tag, type;
	const char *value;
	size_t len;
	const char *want, *field;
} tags[] = {
	{ 0x010E, 2, LIT("OFFICIAL-SENSITIVE\0"), "OFFICIAL-SENSITIVE\n", "ImageDescription" },
	{ 0x013B, 2, LIT("An artist\0An editor\0"), "An artist\nAn editor\n", "Artist" },
	{ 0x8298, 2, LIT("\xa9 caf\xe9\0"), "\xc2\xa9 caf\xc3\xa9\n", "Copyright" },
	{ 0x9212, 2, LIT("S\0"), "SECRET\n", "SecurityClassification" },
	{ 0x9212, 2, LIT("Some other\0"), "Some other\n", "SecurityClassification" },
	{ 0x9C9E, 1, LIT("S\0E\0C\0R\0E\0T\0\0\0"), "SECRET\n", "XPKeywords" },
	{ 0x9C9B, 1, LIT("T\0i\0t\0l\0e\0 \0\xac\x20"), "Title \xe2\x82\xac\n", "XPTitle" },
	{ 0x9286, 7, LIT("ASCII\0\0\0words of it"), "words of it\n", "UserComment" },
	{ 0x9286, 7, LIT("\0\0\0\0\0\0\0\0words of it"), "words of it\n", "UserComment" },
	{ 0x9286, 7, LIT("UNICODE\0w\0o\0r\0d\0"), "word\n", "UserComment" },
	{ 0x9286, 7, LIT("UNICODE\0\0w\0o\0r\0d"), "word\n", "UserComment" },
	{ 0x02BC, 1, LIT(LABEL), "SECRET\n", "MSIP_Label_a_Name" },
	{ 0x83BB, 7, LIT("\x1c\2\x28\0\6SECRET\x1c\2\x19\0\3key"), "SECRET\n",
	  "SpecialInstructions" },
	{ 0x8649, 1, LIT("8BIM\4\4\0\0\0\0\0\x0b\x1c\2\x69\0\6SECRET\0"), "SECRET\n", "Headline" },
};

START_TEST(exif)
{
	static const struct {
		const char *before;
		size_t len;
	} carriers[] = { { "", 0 },
			 { LIT("\xff\xd8\xff\xe1\2\0Exif\0\0") },
			 { LIT("\x89PNG\r\n\x1a\n\0\0\2\0eXIf") },
			 { LIT("RIFF\0\0\0\0WEBPEXIF\0\2\0\0") },
			 { LIT("\0\0\0\x18"
			       "ftypheic........Exif\0\0") } };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(carriers); i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(1 * MiB);
		static const char rest[0x200];
		struct record r;

		buf_add(&b, carriers[i / 2].before, carriers[i / 2].len);
		add_exif(&b, i & 1, tags[_i].tag, tags[_i].type, tags[_i].value, tags[_i].len);
		buf_add(&b, rest, sizeof(rest));
		run(&r, b.data, b.len);
		has(&r, tags[_i].want, tags[_i].field);
		record_done(&r);
	}
}
END_TEST

START_TEST(directories)
{
	/* The second directory and the one of EXIF; both lead back to the first. */
	static const char tiff[] =
	    "II*\0\x08\0\0\0"
	    "\2\0\x69\x87\4\0\1\0\0\0\x38\0\0\0\x0e\1\2\0\6\0\0\0\x60\0\0\0"
	    "\x26\0\0\0" /* 38 */
	    "\1\0\x0e\1\2\0\2\0\0\0B\0\0\0\x08\0\0\0"
	    "\1\0\x86\x92\7\0\x0e\0\0\0\x70\0\0\0\x08\0\0\0......................"
	    "first\0..........ASCII\0\0\0second";
	struct record r;

	run(&r, tiff, sizeof(tiff) - 1);
	has(&r, "first\n", "ImageDescription");
	has(&r, "B\n", "ImageDescription");
	has(&r, "second\n", "UserComment");
	record_done(&r);
}
END_TEST

/* --- the forms ---------------------------------------------------------------------------- */

static const struct {
	const char *data;
	size_t len;
	const char *want, *field;
} forms[] = {
	{ LIT("\xff\xd8\xff\xe0\0\4JF\xff\xfe\0\x0eSECRET words\xff\xda"), "SECRET words\n",
	  "Comment" },
	{ LIT("\xff\xd8\xff\xff\xff\xfe\0\x0eSECRET words\xff\xd9"), "SECRET words\n", "Comment" },
	{ LIT("\xff\xd8\xff\xed\0\x27Photoshop 3.0\0"
	      "8BIM\4\4\0\0\0\0\0\x0b\x1c\2\x69\0\6SECRET"),
	  "SECRET\n", "Headline" },
	{ LIT("\x89PNG\r\n\x1a\n\0\0\0\x0etEXtComment\0SECRET1234"), "SECRET\n", "Comment" },
	{ LIT("\x89PNG\r\n\x1a\n\0\0\0\x13iTXtTitle\0\0\0en\0T\0SECRET1234"), "SECRET",
	  "Title" }, /* with a language and a translation */
	{ LIT("\x89PNG\r\n\x1a\n\0\0\xff\xfftEXtComment\0SECRET"), "SECRET\n", "Comment" },
	{ LIT("\x89PNG\r\n\x1a\n\0\0\0\x4ctEXtRaw profile type iptc\0\niptc\n      11\n"
	      "1c02690006534543\n524554\n1234"),
	  "SECRET\n", "Headline" },
	{ LIT("GIF89a\1\0\1\0\x80\0\0......!\xf9\4\0\0\0\0\0!\xfe\6SECRET\6 words\0,........\0\2\1"
	      "1\0;"),
	  "SECRET words\n", "Comment" },
	{ LIT("8BPS\0\1............12345678\0\0\0\2xx\0\0\0\x17"
	      "8BIM\4\4\0\0\0\0\0\x0b\x1c\2\x69\0\6SECRET"),
	  "SECRET\n", "Headline" },
	/* XMP, wherever it is */
	{ LIT("RIFF\0\0\0\0WEBPXMP \xa0\0\0\0" LABEL), "SECRET\n", "MSIP_Label_a_Name" },
	{ LIT("GIF89a\1\0\1\0\0\0\0!\xff\x0bXMP DataXMP" LABEL "\1\xff\xfe"), "SECRET\n",
	  "MSIP_Label_a_Name" },
	{ LIT("\0\0\0\x18"
	      "ftypheic............" LABEL "\1\2\3"),
	  "SECRET\n", "MSIP_Label_a_Name" },
	{ LIT("\xff\xd8\xff\xda\0\2.........." LABEL "\1\2\3"), "SECRET\n", "MSIP_Label_a_Name" },
};

START_TEST(form)
{
	struct record r;

	run(&r, forms[_i].data, forms[_i].len);
	has(&r, forms[_i].want, forms[_i].field);
	record_done(&r);
	record_same_from_descriptor(&picture_extractor, forms[_i].data, forms[_i].len);
}
END_TEST

static void add_segment(struct buf *b, const char *mark, size_t mark_len, const char *text)
{
	size_t len = mark_len + strlen(text) + 2;

	buf_add(b, "\xff\xe1", 2);
	add16(b, true, (unsigned)len);
	buf_add(b, mark, mark_len);
	buf_add_str(b, text);
}

START_TEST(jpeg_packets)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 * MiB);
	struct record r;

	/* One that is whole, one in pieces. */
	buf_add(&b, "\xff\xd8", 2);
	add_segment(&b, LIT("http://ns.adobe.com/xap/1.0/\0"), LABEL);
	for (unsigned i = 0; i < 2; i++)
		add_segment(&b,
			    LIT("http://ns.adobe.com/xmp/extension/\0"
				"0123456789ABCDEF0123456789ABCDEF....****"),
			    i ? "and the other</a:half></x:xmpmeta>"
			      : "<x:xmpmeta><a:half>the one half ");
	run(&r, b.data, b.len);
	has(&r, "SECRET\n", "MSIP_Label_a_Name");
	has(&r, "the one half and the other\n", "half");
	record_done(&r);
}
END_TEST

static void add_chunk(struct buf *b, const char *type, const void *head, size_t head_len,
		      const void *text, size_t len)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t room = libdeflate_zlib_compress_bound(c, len), got;
	CLEANUP(mem_freep) char *packed = malloc(room);

	got = libdeflate_zlib_compress(c, text, len, packed, room);
	libdeflate_free_compressor(c);
	add32(b, true, (uint32_t)(head_len + got));
	buf_add_str(b, type);
	buf_add(b, head, head_len);
	buf_add(b, packed, got);
	buf_add(b, "crc.", 4);
}

START_TEST(png_packed)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 * MiB);
	struct record r;

	buf_add(&b, LIT("\x89PNG\r\n\x1a\n"));
	add_chunk(&b, "zTXt", LIT("Comment\0\0"), LIT("some words"));
	add_chunk(&b, "iTXt", LIT("XML:com.adobe.xmp\0\1\0\0\0"), LIT(LABEL));
	run(&r, b.data, b.len);
	has(&r, "some words\n", "Comment");
	has(&r, "SECRET\n", "MSIP_Label_a_Name");
	ck_assert_uint_gt(r.allowed, 0);
	record_done(&r);
}
END_TEST

/* A length that lies hides nothing of what lies behind. */
START_TEST(nothing_hidden)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 * MiB);
	struct record r;

	buf_add(&b, LIT("\x89PNG\r\n\x1a\n"));
	add_chunk(&b, "zTXt", LIT("Comment\0\0"), LIT("some words"));
	memset(b.data + 8, 0xff, 4);
	buf_add_str(&b, "words behind");
	run(&r, b.data, b.len);
	has(&r, "some words\n", "Comment");
	ck_assert(record_has(&r, "words behind"));
	record_done(&r);

	buf_clear(&b);
	buf_add(&b, LIT("\xff\xd8\xff\xed\0\x40Photoshop 3.0\0"
			"8BIM\4\4\0\0\0\0\0\x24\x1c\2\x69\0\6SECRET\x1c\1\x69\0\6unread"
			"no record..."));
	run(&r, b.data, b.len);
	has(&r, "SECRET\n", "Headline");
	ck_assert(record_has(&r, "unread"));
	ck_assert(record_has(&r, "no record..."));
	record_done(&r);
}
END_TEST

START_TEST(png_bomb)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 * MiB);
	CLEANUP(mem_freep) char *zeros = calloc(1, 64 * MiB);
	struct record r;

	buf_add(&b, LIT("\x89PNG\r\n\x1a\n"));
	for (unsigned i = 0; i < 4; i++)
		add_chunk(&b, "zTXt", LIT("Comment\0\0"), zeros, 64 * MiB);
	run(&r, b.data, b.len);
	ck_assert_uint_le(r.allowed, 64 * MiB);
	ck_assert(record_has_gap(&r, ASSAY_LIMIT_SIZE));
	record_done(&r);
}
END_TEST

static const struct {
	const char *data;
	size_t len;
} hostile[] = {
	{ LIT("\xff\xd8") },
	{ LIT("\xff\xd8\xff\xe1\0\1") },
	{ LIT("\xff\xd8\xff\xe1\xff\xff"
	      "Exif\0\0") },
	{ LIT("\xff\xd8\xff\xed\0\x18Photoshop 3.0\0"
	      "8BIM\4\4\xff") },
	{ LIT("\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt") },
	{ LIT("\x89PNG\r\n\x1a\n\0\0\0\2iTXtab1234\0\0\0\3iTXta\0\0") },
	{ LIT("\x89PNG\r\n\x1a\n\0\0\0\2zTXta\0") },
	{ LIT("II*\0\xff\xff\xff\xff") },
	{ LIT("II*\0\x08\0\0\0\xff\xff") },
	{ LIT("II*\0\x08\0\0\0\1\0\x0e\1\2\0\xff\xff\xff\xff\x08\0\0\0") },
	{ LIT("MM\0*\0\0\0\x08\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x08\0\0\0\x08") },
	{ LIT("RIFF....WEBPXMP \xff\xff\xff\xff....") },
	{ LIT("RIFF....WEBPEXIF\xff\xff\xff\xff") },
	{ LIT("GIF89a..\xff\xff.") },
	{ LIT("GIF89a.....\0\0!\xfe\xff") },
	{ LIT("8BPS......................\xff\xff\xff\xff") },
	{ LIT("Exif\0\0II*\0") },
};

START_TEST(survives)
{
	for (size_t len = 0; len <= hostile[_i].len; len++) {
		CLEANUP(mem_freep) char *copy = malloc(len + 1);
		struct record r;

		memcpy(copy, hostile[_i].data, len);
		run(&r, copy, len);
		record_done(&r);
	}
	record_same_from_descriptor(&picture_extractor, hostile[_i].data, hostile[_i].len);
}
END_TEST

/* Many entries that share one long value: bounded, whatever they say. */
START_TEST(overlap)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);
	CLEANUP(mem_freep) char *text = malloc(4 * MiB);
	struct record r;

	memset(text, 'a', 4 * MiB);
	buf_add(&b, LIT("II*\0\x08\0\0\0\xff\xff"));
	for (unsigned i = 0; i < 0xFFFF; i++) {
		add16(&b, false, 0x010E);
		add16(&b, false, 2);
		add32(&b, false, 4 * MiB);
		add32(&b, false, 16);
	}
	buf_add(&b, text, 4 * MiB);
	run(&r, b.data, b.len);
	ck_assert_uint_lt(r.text.len, 20 * MiB);
	record_done(&r);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("picture");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, exif, 0, ARRAY_SIZE(tags));
	tcase_add_test(tc, directories);
	tcase_add_loop_test(tc, form, 0, ARRAY_SIZE(forms));
	tcase_add_test(tc, jpeg_packets);
	tcase_add_test(tc, png_packed);
	tcase_add_test(tc, nothing_hidden);
	tcase_add_test(tc, png_bomb);
	tcase_add_loop_test(tc, survives, 0, ARRAY_SIZE(hostile));
	tcase_add_test(tc, overlap);
	suite_add_tcase(s, tc);
	return s;
}
