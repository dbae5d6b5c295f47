/* test_extract_ole2.c - compound files: doc, xls, ppt, msg, and what hides in them */
#include "unit.h"

#include "make_cfb.h"
#include "record_read.h"

extern const struct extractor ole2_extractor;

static enum assay_status run(struct record *r, struct make_cfb *c)
{
	enum assay_status st;

	make_cfb_end(c);
	st = record_try(r, &ole2_extractor, c->out.data, c->out.len);
	make_cfb_done(c);
	return st;
}

static void set(struct buf *b, size_t at, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		b->data[at + (size_t)i] = (char)(v >> (8 * i));
}

static void zeros(struct buf *b, size_t to)
{
	while (b->len < to)
		buf_add_byte(b, 0);
}

/* --- Word -------------------------------------------------------------------------------- */

#define NARROW \
	"Name\x07NHS\x07\x07" \
	"A B\x07" \
	"999 000 0018\x07\x07" \
	"kept gone unseen\r"
#define WIDE "wide \xa3\r"
/* even, odd header; even, odd footer; first header, first footer */
#define HEADERS \
	"\r" \
	"OFFICIAL\r" \
	"\r" \
	"foot\r" \
	"\r" \
	"first foot\r"

struct word {
	struct buf main, table;
};

static void add_word(struct make_cfb *c, unsigned storage, unsigned flags)
{
	struct buf main = BUF_INIT(1 * MiB), table = BUF_INIT(1 * MiB);
	size_t narrow = sizeof(NARROW) - 1, wide = sizeof(WIDE) - 1, headers = sizeof(HEADERS) - 1;
	size_t clx, hdd, chpx, cp, at;
	static const size_t stories[] = { 0, 1, 10, 11, 16, 17, 28 };

	zeros(&main, 0x400);
	buf_add(&main, NARROW, narrow);
	for (size_t i = 0; i < wide; i++)
		make_put(&main, (unsigned char)WIDE[i], 2);
	buf_add(&main, HEADERS, headers);
	buf_add_str(&main, "left behind by a fast save");
	set(&main, 0, 0xA5EC, 2);
	set(&main, 2, 0xC1, 2);
	set(&main, 10, flags | 0x200, 2);
	set(&main, 0x18, 0x400, 4);
	set(&main, 0x1C, main.len, 4);
	set(&main, 0x4C, narrow + wide, 4);
	set(&main, 0x54, headers, 4);
	/* A page of runs: `gone` is deleted, `unseen` hidden. */
	at = (size_t)(strstr(main.data + 0x400, "gone") - main.data);
	zeros(&main, 0x600);
	make_put(&main, at, 4);
	make_put(&main, at + 5, 4);
	make_put(&main, at + 11, 4);
	make_put(&main, 0xF0, 1);
	make_put(&main, 0xE8, 1);
	zeros(&main, 0x600 + 0xE8 * 2);
	buf_add(&main, "\x03\x3C\x08\x01", 4);
	zeros(&main, 0x600 + 0xF0 * 2);
	buf_add(&main, "\x03\x00\x08\x01", 4);
	zeros(&main, 0x800 - 1);
	make_put(&main, 2, 1);

	clx = table.len;
	make_put(&table, 2, 1);
	make_put(&table, 4 * 4 + 3 * 8, 4);
	cp = 0;
	make_put(&table, cp, 4);
	make_put(&table, cp += narrow, 4);
	make_put(&table, cp += wide, 4);
	make_put(&table, cp += headers, 4);
	make_put(&table, 0, 2);
	make_put(&table, (0x400 * 2) | 0x40000000, 4);
	make_put(&table, 0, 4);
	make_put(&table, 0x400 + narrow, 4);
	make_put(&table, 0, 4);
	make_put(&table, ((0x400 + narrow + 2 * wide) * 2) | 0x40000000, 4);
	make_put(&table, 0, 2);
	hdd = table.len;
	for (int i = 0; i < 6; i++)
		make_put(&table, 0, 4);
	for (size_t i = 0; i < ARRAY_SIZE(stories); i++)
		make_put(&table, stories[i], 4);
	make_put(&table, 0, 4);
	chpx = table.len;
	make_put(&table, 0, 4);
	make_put(&table, 0x10000, 4);
	make_put(&table, 3, 4); /* page */
	set(&main, 0x1A2, clx, 4);
	set(&main, 0x1A6, hdd - clx, 4);
	set(&main, 0xF2, hdd, 4);
	set(&main, 0xF6, chpx - hdd - 4, 4);
	set(&main, 0xFA, chpx, 4);
	set(&main, 0xFE, 12, 4);
	make_wide(&table, "by Some Author");
	make_stream(c, storage, "WordDocument", main.data, main.len);
	make_stream(c, storage, "1Table", table.data, table.len);
	buf_done(&main);
	buf_done(&table);
}

START_TEST(reads_word)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;

	add_word(&c, 0, 0x4);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert_msg(record_has(&r, "Name\tNHS\t\nA B\t999 000 0018\t\nkept gone unseen\n"
				     "wide \xc2\xa3\n"),
		      "%s", record_all(&r));
	ck_assert_int_eq(record_find(&r, "kept")->vis, ASSAY_SHOWN);
	ck_assert_int_eq(record_find(&r, "gone")->vis, ASSAY_DELETED);
	ck_assert_int_eq(record_find(&r, "unseen")->vis, ASSAY_HIDDEN_TEXT);
	ck_assert_int_eq(record_find(&r, "OFFICIAL")->region, ASSAY_HEADER);
	ck_assert_int_eq(record_find(&r, "first foot")->region, ASSAY_FOOTER);
	ck_assert_int_eq(record_find(&r, "foot\n")->region, ASSAY_FOOTER);
	ck_assert_int_eq(record_find(&r, "left behind")->vis, ASSAY_PREVIOUS_REVISION);
	ck_assert_int_eq(record_find(&r, "by Some Author")->vis, ASSAY_HIDDEN_TEXT);
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

START_TEST(reads_inner_word)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;

	add_word(&c, make_storage(&c, make_storage(&c, 0, "ObjectPool"), "_1"), 0);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert_str_eq(record_find(&r, "999 000 0018")->part, "ObjectPool/_1");
	record_done(&r);
}
END_TEST

START_TEST(reports_encrypted_word)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;

	add_word(&c, 0, 0x100);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert(record_has_gap(&r, ASSAY_PASSWORD_PROTECTED));
	ck_assert(!record_has(&r, "999"));
	record_done(&r);
}
END_TEST

/* --- Excel ------------------------------------------------------------------------------- */

static size_t begin(struct buf *b, unsigned type)
{
	make_put(b, type, 2);
	make_put(b, 0, 2);
	return b->len;
}

static void end(struct buf *b, size_t from)
{
	set(b, from - 2, b->len - from, 2);
}

static void add_cell(struct buf *b, unsigned type, unsigned row, unsigned column, uint64_t value,
		     int bytes)
{
	size_t at = begin(b, type);

	make_put(b, row, 2);
	make_put(b, column, 2);
	make_put(b, 0, 2);
	make_put(b, value, bytes);
	end(b, at);
}

static void add_bof(struct buf *b, unsigned kind)
{
	size_t at = begin(b, 0x809);

	make_put(b, 0x600, 2);
	make_put(b, kind, 2);
	zeros(b, at + 16);
	end(b, at);
}

static void add_record_text(struct buf *b, unsigned type, int length_bytes, const char *text)
{
	size_t at = begin(b, type);

	make_put(b, strlen(text), length_bytes);
	make_put(b, 0, 1);
	buf_add_str(b, text);
	end(b, at);
}

/* Two sheets, the second hidden; strings that go on in another record. */
static void add_book(struct make_cfb *c, bool encrypted)
{
	static const char *const strings[] = { "Name", "NHS number", "A B", "nobody's" };
	struct buf b = BUF_INIT(1 * MiB);
	size_t at, sheets[2], places[2];
	double number = 9990000018.0;
	uint64_t bits;

	add_bof(&b, 5);
	if (encrypted) {
		at = begin(&b, 0x2F);
		zeros(&b, at + 54);
		end(&b, at);
	}
	at = begin(&b, 0xE0);
	zeros(&b, at + 20);
	end(&b, at);
	for (unsigned i = 0; i < 2; i++) {
		at = begin(&b, 0x85);
		places[i] = b.len;
		make_put(&b, 0, 4);
		make_put(&b, i, 1);
		make_put(&b, 0, 1);
		make_put(&b, 3, 1);
		make_put(&b, 0, 1);
		buf_add_str(&b, i ? "Old" : "New");
		end(&b, at);
	}
	at = begin(&b, 0xFC);
	make_put(&b, 5, 4);
	make_put(&b, 5, 4);
	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		make_put(&b, strlen(strings[i]), 2);
		make_put(&b, 0, 1);
		buf_add_str(&b, strings[i]);
	}
	make_put(&b, 8, 2);
	make_put(&b, 0, 1);
	buf_add_str(&b, "half");
	end(&b, at);
	at = begin(&b, 0x3C);
	make_put(&b, 1, 1); /* from here on it is wide */
	make_wide(&b, " way");
	end(&b, at);
	end(&b, begin(&b, 0x0A));
	sheets[0] = b.len;
	add_bof(&b, 0x10);
	add_record_text(&b, 0x14, 2, "&LOFFICIAL&R&P");
	add_record_text(&b, 0x15, 2, "&Cthe foot");
	add_cell(&b, 0xFD, 0, 0, 0, 4);
	add_cell(&b, 0xFD, 0, 1, 1, 4);
	add_cell(&b, 0xFD, 1, 0, 2, 4);
	memcpy(&bits, &number, 8);
	add_cell(&b, 0x203, 1, 1, bits, 8);
	add_cell(&b, 0xFD, 2, 0, 4, 4);
	add_cell(&b, 0x27E, 2, 1, 12345u << 2 | 3, 4); /* 123.45 */
	add_cell(&b, 0x06, 3, 0, 0xFFFF000000000000u, 8);
	add_record_text(&b, 0x207, 2, "computed");
	end(&b, begin(&b, 0x0A));
	sheets[1] = b.len;
	add_bof(&b, 0x10);
	add_cell(&b, 0xFD, 0, 0, 2, 4);
	end(&b, begin(&b, 0x0A));
	for (unsigned i = 0; i < 2; i++)
		set(&b, places[i], sheets[i], 4);
	make_stream(c, 0, "Workbook", b.data, b.len);
	buf_done(&b);
}

START_TEST(reads_excel)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;
	const struct record_run *cell;

	add_book(&c, false);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert_msg(record_has(&r, "Name\tNHS number\nA B\t9990000018\nhalf way\t123.45\n"), "%s",
		      record_all(&r));
	cell = record_find(&r, "9990000018");
	ck_assert_str_eq(cell->field, "NHS number");
	ck_assert_str_eq(cell->sheet, "New");
	ck_assert_str_eq(cell->cell, "B2");
	ck_assert_int_eq(record_find(&r, "OFFICIAL")->region, ASSAY_HEADER);
	ck_assert_int_eq(record_find(&r, "the foot")->region, ASSAY_FOOTER);
	ck_assert_int_eq(record_find(&r, "nobody's")->vis, ASSAY_HIDDEN_TEXT);
	ck_assert_int_eq(record_find(&r, "Old")->vis, ASSAY_HIDDEN_SHEET);
	ck_assert(record_has(&r, "Old\nA B\n"));
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

START_TEST(reports_encrypted_excel)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;

	add_book(&c, true);
	run(&r, &c);
	ck_assert(record_has_gap(&r, ASSAY_PASSWORD_PROTECTED));
	ck_assert(!record_has(&r, "A B"));
	record_done(&r);
}
END_TEST

/* --- PowerPoint -------------------------------------------------------------------------- */

static size_t open_record(struct buf *b, unsigned head, unsigned type)
{
	make_put(b, head, 2);
	make_put(b, type, 2);
	make_put(b, 0, 4);
	return b->len;
}

static void close_record(struct buf *b, size_t from)
{
	set(b, from - 4, b->len - from, 4);
}

static void add_text(struct buf *b, unsigned kind, const char *text)
{
	size_t at = open_record(b, 0, 0xF9F);

	make_put(b, kind, 4);
	close_record(b, at);
	at = open_record(b, 0, 0xFA8);
	buf_add_str(b, text);
	close_record(b, at);
}

static size_t add_slide(struct buf *b, unsigned type, unsigned kind, const char *text)
{
	size_t from = b->len, at = open_record(b, 15, type);

	add_text(b, kind, text);
	close_record(b, at);
	return from;
}

static void add_show(struct make_cfb *c)
{
	struct buf b = BUF_INIT(1 * MiB), user = BUF_INIT(1 * KiB);
	size_t document, slide, notes, directory, edit, at, inner;

	add_slide(&b, 0x3EE, 1, "of last week");
	document = b.len;
	at = open_record(&b, 15, 0x3E8);
	inner = open_record(&b, 0x3F, 0xFD9);
	{
		size_t text = open_record(&b, 2 << 4, 0xFBA);

		make_wide(&b, "OFFICIAL");
		close_record(&b, text);
	}
	close_record(&b, inner);
	inner = open_record(&b, 15, 0xFF0);
	{
		size_t atom = open_record(&b, 0, 0x3F3);

		make_put(&b, 2, 4);
		zeros(&b, atom + 20);
		close_record(&b, atom);
	}
	add_text(&b, 0, "Outline");
	close_record(&b, inner);
	close_record(&b, at);
	slide = add_slide(&b, 0x3EE, 0, "Top\rand below");
	notes = add_slide(&b, 0x3F0, 2, "said aloud");
	directory = b.len;
	at = open_record(&b, 0, 0x1772);
	make_put(&b, 1 | 3 << 20, 4);
	make_put(&b, document, 4);
	make_put(&b, slide, 4);
	make_put(&b, notes, 4);
	close_record(&b, at);
	edit = b.len;
	at = open_record(&b, 0, 0xFF5);
	zeros(&b, at + 28);
	set(&b, at + 12, directory, 4);
	close_record(&b, at);
	zeros(&user, 12);
	make_put(&user, 0xE391C05F, 4);
	make_put(&user, edit, 4);
	make_stream(c, 0, "PowerPoint Document", b.data, b.len);
	make_stream(c, 0, "Current User", user.data, user.len);
	buf_done(&b);
	buf_done(&user);
}

START_TEST(reads_powerpoint)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;

	add_show(&c);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert_int_eq(record_find(&r, "of last week")->vis, ASSAY_PREVIOUS_REVISION);
	ck_assert(record_has(&r, "Top\nand below\n"));
	ck_assert_int_eq(record_find(&r, "Top")->region, ASSAY_TITLE);
	ck_assert_int_eq(record_find(&r, "Top")->vis, ASSAY_SHOWN);
	ck_assert_uint_eq(record_find(&r, "Top")->loc.slide, 1);
	ck_assert_uint_eq(record_find(&r, "Outline")->loc.slide, 1);
	ck_assert_int_eq(record_find(&r, "said aloud")->vis, ASSAY_NOTES);
	ck_assert_int_eq(record_find(&r, "OFFICIAL")->region, ASSAY_FOOTER);
	record_done(&r);
}
END_TEST

/* --- Outlook ----------------------------------------------------------------------------- */

static void add_wide_stream(struct make_cfb *c, unsigned storage, const char *name,
			    const char *text)
{
	struct buf b = BUF_INIT(64 * KiB);

	make_wide(&b, text);
	make_stream(c, storage, name, b.data, b.len);
	buf_done(&b);
}

/* The example of Microsoft's own description. */
static const char packed[] =
    "\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125B2\x0a\xf3 hel\x09\0 bw"
    "\x05\xb0ld}\x0a\x80\x0f\xa0";
#define UNPACKED "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"

START_TEST(reads_outlook)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;
	unsigned attachment = make_storage(&c, 0, "__attach_version1.0_#00000000");
	unsigned recipient = make_storage(&c, 0, "__recip_version1.0_#00000000");
	unsigned names = make_storage(&c, 0, "__nameid_version1.0"), inner;

	make_stream(&c, 0, "__properties_version1.0", "12345678", 8);
	add_wide_stream(&c, 0, "__substg1.0_0037001F", "The subject");
	make_stream(&c, 0, "__substg1.0_1000001E", "caf\xe9 body", 9);
	make_stream(&c, 0, "__substg1.0_10130102", "<p>html</p>", 11);
	add_wide_stream(&c, 0, "__substg1.0_8001001F", "MSIP value");
	make_stream(&c, names, "__substg1.0_00030102", "\0\0\0\0\0\0\0\0\0\0\0\0\1\0\1\0", 16);
	make_stream(&c, names, "__substg1.0_00040102", "\x0a\0\0\0l\0a\0b\0e\0l\0", 14);
	make_stream(&c, attachment, "__properties_version1.0", "12345678", 8);
	make_stream(&c, attachment, "__substg1.0_37010102", "attached", 8);
	add_wide_stream(&c, attachment, "__substg1.0_3707001F", "list.txt");
	make_stream(&c, recipient, "__properties_version1.0", "12345678", 8);
	add_wide_stream(&c, recipient, "__substg1.0_39FE001F", "a@b.example");
	inner = make_storage(&c, attachment, "__substg1.0_3701000D");
	make_stream(&c, inner, "__properties_version1.0", "12345678", 8);
	make_stream(&c, inner, "__substg1.0_1000001E", "inner body", 10);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert_int_eq(record_find(&r, "The subject")->region, ASSAY_SUBJECT);
	ck_assert_int_eq(record_find(&r, "caf\xc3\xa9 body")->region, ASSAY_BODY);
	ck_assert_str_eq(record_field(&r, "MSIP value"), "label");
	ck_assert_str_eq(record_field(&r, "a@b.example"), "address");
	ck_assert_ptr_nonnull(strstr(record_find(&r, "inner body")->part, "3701000D"));
	ck_assert_uint_eq(r.members.len, 2);
	for (size_t i = 0; i < 2; i++)
		ck_assert(!strcmp(r.members.items[i].data, "attached")
			      ? !strcmp(r.members.items[i].name, "list.txt")
			      : !strcmp(r.members.items[i].data, "<p>html</p>"));
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

START_TEST(unpacks_rtf)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;

	make_stream(&c, 0, "__properties_version1.0", "12345678", 8);
	make_stream(&c, 0, "__substg1.0_10090102", packed, sizeof(packed) - 1);
	run(&r, &c);
	ck_assert_uint_eq(r.members.len, 1);
	ck_assert_str_eq(r.members.items[0].name, "body.rtf");
	ck_assert_str_eq(r.members.items[0].data, UNPACKED);
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

/* --- what any of them has ---------------------------------------------------------------- */

/* One section, or two of which the second has a dictionary. */
static void add_properties(struct make_cfb *c)
{
	struct buf b = BUF_INIT(64 * KiB);
	size_t at[2];

	make_put(&b, 0xFFFE, 2);
	zeros(&b, 24);
	make_put(&b, 2, 4);
	zeros(&b, 28 + 40);
	for (unsigned i = 0; i < 2; i++) {
		static const char *const values[2] = { "The Force", "Official" };
		size_t from = at[i] = b.len, value;

		make_put(&b, 0, 4);
		make_put(&b, i ? 3 : 2, 4);
		zeros(&b, from + 8 + 8 * (i ? 3 : 2));
		set(&b, from + 8, 1, 4); /* code page */
		set(&b, from + 12, b.len - from, 4);
		make_put(&b, 2, 4);
		make_put(&b, 1252, 4);
		set(&b, from + 16, i ? 2 : 15, 4);
		value = b.len;
		set(&b, from + 20, value - from, 4);
		make_put(&b, 30, 4);
		make_put(&b, strlen(values[i]) + 1, 4);
		buf_add(&b, values[i], strlen(values[i]) + 1);
		make_pad(&b, 4);
		if (i) {
			set(&b, from + 24, 0, 4);
			set(&b, from + 28, b.len - from, 4);
			make_put(&b, 1, 4);
			make_put(&b, 2, 4);
			make_put(&b, 18, 4);
			buf_add(&b, "MSIP_Label_1_Name", 18);
		}
	}
	set(&b, 28 + 16, at[0], 4);
	set(&b, 48 + 16, at[1], 4);
	make_stream(c, 0, "\5DocumentSummaryInformation", b.data, b.len);
	buf_done(&b);
}

/* \1Ole10Native of the Packager. */
static void add_package(struct make_cfb *c)
{
	struct buf b = BUF_INIT(64 * KiB);

	make_put(&b, 0, 4);
	make_put(&b, 2, 2);
	buf_add(&b, "note.txt\0C:\\from\\note.txt\0\0\0\3\0", 30);
	make_put(&b, 8, 4);
	buf_add(&b, "C:\\temp\0", 8);
	make_put(&b, 6, 4);
	buf_add(&b, "inside", 6);
	set(&b, 0, b.len - 4, 4);
	make_stream(c, make_storage(c, 0, "MBD1"), "\1Ole10Native", b.data, b.len);
	buf_done(&b);
}

/* A module: compiled code, then source: one literal chunk with a copy in it. */
static void add_macro(struct make_cfb *c)
{
	struct buf b = BUF_INIT(64 * KiB);
	size_t from;

	buf_add_str(&b, "compiled");
	make_put(&b, 1, 1);
	from = b.len;
	make_put(&b, 0, 2);
	buf_add(&b, "\0Attribut\0e VB_pw=", 18);
	buf_add(&b, "\2a", 2);
	make_put(&b, 1, 2); /* four more of it: length 1 + 3, one back */
	buf_add(&b, "bcdefg", 6);
	set(&b, from, 0xB000 | (b.len - from - 3), 2);
	make_stream(c, make_storage(c, make_storage(c, 0, "Macros"), "VBA"), "Module1", b.data,
		    b.len);
	buf_done(&b);
}

START_TEST(reads_the_rest)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;

	add_properties(&c);
	add_package(&c);
	add_macro(&c);
	make_stream(&c, 0, "Unheard of", "letters in between\0\1", 20);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert_str_eq(record_field(&r, "The Force"), "company");
	ck_assert_str_eq(record_field(&r, "Official"), "MSIP_Label_1_Name");
	ck_assert_int_eq(record_find(&r, "Official")->region, ASSAY_METADATA);
	ck_assert_uint_eq(r.members.len, 1);
	ck_assert_str_eq(r.members.items[0].name, "note.txt");
	ck_assert_str_eq(r.members.items[0].data, "inside");
	ck_assert_msg(record_has(&r, "Attribute VB_pw=aaaaabcdefg"), "%s", record_all(&r));
	ck_assert_str_eq(record_find(&r, "Attribute")->part, "Macros/VBA/Module1");
	ck_assert_int_eq(record_find(&r, "letters in")->vis, ASSAY_HIDDEN_TEXT);
	ck_assert(record_has_gap(&r, ASSAY_UNSUPPORTED_TYPE));
	record_done(&r);
}
END_TEST

START_TEST(reports_encrypted_package)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;

	make_stream(&c, 0, "EncryptedPackage", "ciphertext", 10);
	make_stream(&c, 0, "EncryptionInfo", "how", 3);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert(record_has_gap(&r, ASSAY_PASSWORD_PROTECTED));
	record_done(&r);
}
END_TEST

START_TEST(reports_rights_management)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;
	unsigned spaces = make_storage(&c, 0, "\6DataSpaces");

	make_storage(&c, make_storage(&c, spaces, "TransformInfo"), "DRMEncryptedTransform");
	make_stream(&c, 0, "EncryptedPackage", "ciphertext", 10);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert(record_has_gap(&r, ASSAY_RIGHTS_MANAGED));
	record_done(&r);
}
END_TEST

/* More sectors than the head can list. */
START_TEST(reads_a_large_file)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;
	size_t len = 8 * MiB;
	char *data = calloc(1, len);

	memcpy(data + len - 20, "the last letters", 16);
	make_stream(&c, 0, "Large", data, len);
	ck_assert_int_eq(run(&r, &c), ASSAY_OK);
	ck_assert(record_has(&r, "the last letters"));
	ck_assert(!record_has_gap(&r, ASSAY_MALFORMED));
	record_done(&r);
	free(data);
}
END_TEST

/* Every chain leads back to its start; every sector of the directory says so, too. */
START_TEST(survives_loops)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;
	uint8_t *p;

	add_word(&c, 0, 0);
	add_show(&c);
	make_cfb_end(&c);
	p = (uint8_t *)c.out.data;
	/* The table of sectors is near the end: all that are used lead to the first. */
	for (uint32_t i = 0; i < c.sectors; i++)
		memset(p + 512 + (size_t)c.sectors * 512 + 4 * (size_t)i, 0, 4);
	record_try(&r, &ole2_extractor, c.out.data, c.out.len);
	record_done(&r);
	make_cfb_done(&c);
}
END_TEST

START_TEST(reports_shared_bytes)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;
	char data[8192] = "many streams, one place";
	char *entry, *stop;

	for (unsigned i = 0; i < 190; i++)
		make_stream(&c, 0, "Sx", data, i ? 0 : sizeof(data));
	make_cfb_end(&c);
	stop = c.out.data + c.out.len - 128;
	entry = memmem(c.out.data, c.out.len, "S\0x\0\0", 5);
	for (char *e = entry; e < stop && *e == 'S'; e += 128)
		memcpy(e + 116, entry + 116, 8); /* where it begins, and how long it is */
	record_try(&r, &ole2_extractor, c.out.data, c.out.len);
	ck_assert(record_has_gap(&r, ASSAY_LIMIT_OVERLAP));
	ck_assert_uint_lt(r.text.len, 10000);
	record_done(&r);
	make_cfb_done(&c);
}
END_TEST

/* Cut anywhere, changed anywhere: it ends, and says what it has. */
START_TEST(survives_damage)
{
	struct record r;
	struct make_cfb c = MAKE_CFB_INIT;
	uint32_t seed = 12345u + (uint32_t)_i;

	add_word(&c, 0, 0x4);
	add_book(&c, false);
	add_show(&c);
	add_properties(&c);
	add_package(&c);
	add_macro(&c);
	make_stream(&c, 0, "__properties_version1.0", "12345678", 8);
	make_stream(&c, 0, "__substg1.0_10090102", packed, sizeof(packed) - 1);
	make_cfb_end(&c);
	for (unsigned n = 0; n < 200; n++) {
		struct buf bad = BUF_INIT(c.out.len + 1);

		buf_add(&bad, c.out.data, c.out.len);
		for (unsigned k = 0; k < 1 + n % 8; k++) {
			seed = seed * 1664525u + 1013904223u;
			bad.data[(seed >> 8) % bad.len] = (char)(seed >> 3 & 1 ? 0xFF : seed >> 24);
		}
		record_try(&r, &ole2_extractor, bad.data, n % 3 ? bad.len : (seed >> 7) % bad.len);
		record_done(&r);
		buf_done(&bad);
	}
	make_cfb_done(&c);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_ole2");
	TCase *tc = tcase_create("ole2");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, reads_word);
	tcase_add_test(tc, reads_inner_word);
	tcase_add_test(tc, reports_encrypted_word);
	tcase_add_test(tc, reads_excel);
	tcase_add_test(tc, reports_encrypted_excel);
	tcase_add_test(tc, reads_powerpoint);
	tcase_add_test(tc, reads_outlook);
	tcase_add_test(tc, unpacks_rtf);
	tcase_add_test(tc, reads_the_rest);
	tcase_add_test(tc, reports_encrypted_package);
	tcase_add_test(tc, reports_rights_management);
	tcase_add_test(tc, reads_a_large_file);
	tcase_add_test(tc, survives_loops);
	tcase_add_test(tc, reports_shared_bytes);
	tcase_add_loop_test(tc, survives_damage, 0, 10);
	suite_add_tcase(s, tc);
	return s;
}
