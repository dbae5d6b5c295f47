/* test_extract_archive.c - archives and compressed streams, and what stands behind them */
#include "unit.h"

#include <archive.h>
#include <archive_entry.h>

#include "make_zip.h"
#include "library.h"
#include "record_sink.h"

extern const struct extractor archive_extractor, archive_seek_extractor, stream_extractor;

#define SECRET "SECRET-0001"

struct source_of {
	const struct buf *b;
	size_t at;
};

/* As a stream, in odd pieces. */
static enum assay_status read_pieces(void *ctx, void *data, size_t cap, size_t *ret_got,
				     struct assay_error *err)
{
	struct source_of *s = ctx;
	size_t n = MIN(MIN(cap, s->b->len - s->at), 1000 + s->at % 700);

	(void)err;
	if (n)
		memcpy(data, s->b->data + s->at, n);
	s->at += n;
	*ret_got = n;
	return ASSAY_OK;
}

static enum assay_status run(const struct extractor *x, struct record *r, const struct buf *b,
			     bool as_stream)
{
	struct source_of s = { .b = b };
	struct input in;
	struct assay_error err = { 0 };
	enum assay_status st;

	record_init(r, b->data, b->len);
	if (as_stream)
		input_from_stream(&in, read_pieces, &s, INPUT_SIZE_UNKNOWN);
	else
		input_from_mem(&in, b->data, b->len);
	st = x->run(&in, &r->sink, &err);
	input_done(&in);
	ck_assert_uint_eq(r->bad_offsets, 0);
	return st;
}

static const struct record_member *member(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->members.len; i++)
		if (!strcmp(r->members.items[i].name, name))
			return &r->members.items[i];
	return NULL;
}

/* An archive of a, b (large) and c by libarchive itself. */
static char *large;
#define LARGE ((size_t)700000)

static void make_archive(struct buf *out, int (*format)(struct archive *), const char *filter)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	static const char *const names[] = { "a", "b", "c" };
	size_t used = 0, cap = 8 * MiB;
	char *room = buf_reserve(out, cap);

	large = realloc(large, LARGE + 1);
	for (size_t i = 0; i < LARGE; i++)
		large[i] = (char)('a' + (i * 2654435761u >> 20) % 26);
	large[LARGE] = '\0';
	ck_assert_int_eq(format(a), ARCHIVE_OK);
	if (filter)
		ck_assert_int_eq(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(a, 1);
	ck_assert_int_eq(archive_write_open_memory(a, room, cap - 1, &used), ARCHIVE_OK);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *text = i == 1 ? large : SECRET;

		archive_entry_clear(e);
		archive_entry_set_pathname(e, names[i]);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0644);
		archive_entry_set_size(e, (la_int64_t)strlen(text));
		ck_assert_int_eq(archive_write_header(a, e), ARCHIVE_OK);
		ck_assert_int_eq(archive_write_data(a, text, strlen(text)),
				 (la_ssize_t)strlen(text));
	}
	archive_write_close(a);
	out->len = used;
	archive_entry_free(e);
	archive_write_free(a);
}

static const struct {
	const char *name;
	int (*format)(struct archive *);
	const struct extractor *x;
	bool seek; /* never as a stream */
	bool tail;
} made[] = {
	{ "ustar", archive_write_set_format_ustar, &archive_extractor, false, true },
	{ "pax", archive_write_set_format_pax, &archive_extractor, false, true },
	{ "v7tar", archive_write_set_format_v7tar, &archive_extractor, false, true },
	{ "newc", archive_write_set_format_cpio_newc, &archive_extractor, false, true },
	{ "odc", archive_write_set_format_cpio_odc, &archive_extractor, false, true },
	{ "ar", archive_write_set_format_ar_svr4, &archive_extractor, false, true },
	{ "7z", archive_write_set_format_7zip, &archive_seek_extractor, true, false },
	{ "iso", archive_write_set_format_iso9660, &archive_seek_extractor, true, false },
	{ "xar", archive_write_set_format_xar, &archive_extractor, false, false },
};

START_TEST(reads_formats)
{
	struct buf b = BUF_INIT(16 * MiB);

	make_archive(&b, made[_i].format, NULL);
	for (int way = 0; way < 4; way++) {
		struct record r;

		if (way % 2 && made[_i].seek)
			continue;
		if (way == 2) {
			if (!made[_i].tail)
				break;
			buf_add_str(&b, "slack " SECRET);
		}
		ck_assert_int_eq(run(made[_i].x, &r, &b, way % 2), ASSAY_OK);
		ck_assert_msg(r.members.len == 3, "%s: %zu members", made[_i].name, r.members.len);
		ck_assert_str_eq(r.members.items[0].data, SECRET);
		ck_assert_uint_eq(r.members.items[1].len, LARGE);
		ck_assert(!memcmp(r.members.items[1].data, large, LARGE));
		ck_assert_str_eq(r.members.items[2].data, SECRET);
		ck_assert_uint_eq(r.gaps.len, way / 2);
		if (way / 2) {
			ck_assert(record_has_gap(&r, ASSAY_CONTAINER_SLACK));
			ck_assert(record_has(&r, "slack " SECRET));
		}
		record_done(&r);
	}
	buf_done(&b);
}
END_TEST

/* Without the library: a gap that names it, and what lies there as it is. */
START_TEST(says_what_library_is_missing)
{
	struct buf b = BUF_INIT(1 * MiB);
	struct record r;

	library_seal(NULL, NULL); /* as good as not installed; each test is a process */
	make_tar_member(&b, "x", SECRET, strlen(SECRET), '0', 0);
	make_tar_end(&b);
	ck_assert_int_eq(run(&archive_extractor, &r, &b, _i), ASSAY_OK);
	ck_assert(record_has(&r, SECRET));
	ck_assert_uint_eq(r.members.len, 0);
	ck_assert_uint_eq(r.gaps.len, 1);
	ck_assert_int_eq(r.gaps.items[0].reason, ASSAY_UNSUPPORTED_TYPE);
	ck_assert_str_eq(r.gaps.items[0].detail, ARCHIVE_SONAME " cannot be opened: strings only");
	record_done(&r);
	buf_done(&b);
}
END_TEST

START_TEST(reads_tars_in_a_row)
{
	struct buf b = BUF_INIT(16 * MiB);

	for (int i = 0; i < 3; i++) {
		make_tar_member(&b,
				i == 0   ? "x"
				: i == 1 ? "y"
					 : "z",
				SECRET, strlen(SECRET), '0', 0);
		make_tar_end(&b);
	}
	for (int way = 0; way < 2; way++) {
		struct record r;

		ck_assert_int_eq(run(&archive_extractor, &r, &b, way), ASSAY_OK);
		ck_assert_uint_eq(r.members.len, 3);
		ck_assert_uint_eq(r.gaps.len, 0);
		ck_assert_str_eq(member(&r, "z")->data, SECRET);
		ck_assert_uint_eq(r.members.items[2].ordinal, 2);
		record_done(&r);
	}
	buf_done(&b);
}
END_TEST

START_TEST(tells_of_a_lying_tar)
{
	struct buf b = BUF_INIT(16 * MiB);
	struct record r;

	make_tar_member(&b, "fine", SECRET, strlen(SECRET), '0', 0);
	make_tar_member(&b, "link", "", 0, '2', 0);
	make_tar_member(&b, "lie", SECRET, strlen(SECRET), '0', UINT64_C(7) << 30);
	ck_assert_int_eq(run(&archive_extractor, &r, &b, false), ASSAY_OK);
	ck_assert_str_eq(member(&r, "fine")->data, SECRET);
	ck_assert(record_has(&r, "link-target-name"));
	ck_assert(!member(&r, "link"));
	ck_assert(!strncmp(member(&r, "lie")->data, SECRET, strlen(SECRET)));
	ck_assert(member(&r, "lie")->read != ASSAY_OK || r.gaps.len);
	record_done(&r);
	buf_done(&b);
}
END_TEST

/* Magic alone, then with zeros or ones: no crash, and never complete. */
START_TEST(tells_of_mere_magic)
{
	static const char *const magics[] = {
		"7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07\x01", "MSCF",      "xar!",
		"WARC/1.0",           "070701",           "!<arch>\n", "Rar!\x1a\x07"
	};
	static const int fills[] = { 0, 0xff };

	for (size_t f = 0; f < ARRAY_SIZE(fills); f++) {
		struct buf b = BUF_INIT(1 * MiB);
		struct record r;
		enum assay_status st;

		buf_add_str(&b, magics[_i]);
		for (int i = 0; i < 4096; i++)
			buf_add_byte(&b, (char)fills[f]);
		st = run(_i ? &archive_extractor : &archive_seek_extractor, &r, &b, false);
		ck_assert_msg(st != ASSAY_OK || r.gaps.len || r.members.len ||
				  !strcmp(magics[_i], "!<arch>\n"),
			      "%s passes", magics[_i]);
		record_done(&r);
		buf_done(&b);
	}
}
END_TEST

static const char *const filters[] = { "gzip", "bzip2", "xz",   "zstd",
				       "lz4",  "lzip",  "lzma", "compress" };

/* As it is, as a stream, twice, with text behind it, cut. */
START_TEST(reads_streams)
{
	struct buf one = BUF_INIT(16 * MiB), tar = BUF_INIT(16 * MiB), b = BUF_INIT(32 * MiB);
	const char *f = filters[_i];
	bool repeats = strcmp(f, "lzma") && strcmp(f, "compress");
	struct record r;

	make_archive(&tar, archive_write_set_format_pax, NULL);
	make_archive(&one, archive_write_set_format_pax, f);
	for (int way = 0; way < 2; way++) {
		ck_assert_int_eq(run(&stream_extractor, &r, &one, way), ASSAY_OK);
		ck_assert_uint_eq(r.members.len, 1);
		ck_assert_int_eq(r.members.items[0].read, ASSAY_OK);
		ck_assert_uint_eq(r.members.items[0].len, tar.len);
		ck_assert(!memcmp(r.members.items[0].data, tar.data, tar.len));
		ck_assert_uint_eq(r.gaps.len, 0);
		record_done(&r);
	}
	if (repeats) {
		buf_add(&b, one.data, one.len);
		buf_add(&b, one.data, one.len);
		run(&stream_extractor, &r, &b, false);
		ck_assert_uint_eq(r.members.items[0].len, 2 * tar.len);
		ck_assert_uint_eq(r.gaps.len, 0);
		record_done(&r);
		buf_clear(&b);
		buf_add(&b, one.data, one.len);
		buf_add_str(&b, "behind: " SECRET "\n");
		run(&stream_extractor, &r, &b, false);
		ck_assert_msg(r.members.items[0].len == tar.len, "%s: %zu of %zu", f,
			      r.members.items[0].len, tar.len);
		ck_assert_msg(record_has(&r, SECRET), "%s: '%s'", f, record_all(&r));
		ck_assert(record_has_gap(&r, ASSAY_CONTAINER_SLACK));
		record_done(&r);
	}
	one.len = one.len * 2 / 3;
	run(&stream_extractor, &r, &one, false);
	ck_assert(r.gaps.len || r.members.items[0].lost || r.members.items[0].read != ASSAY_OK ||
		  !strcmp(f, "compress"));
	record_done(&r);
	buf_done(&one);
	buf_done(&tar);
	buf_done(&b);
}
END_TEST

START_TEST(reads_gzip_head)
{
	/* name, comment and extra field; content "hi" stored */
	static const char gz[] = "\x1f\x8b\x08\x1c\0\0\0\0\0\x03"
				 "\x09\0extra-txt"
				 "the-name.csv\0"
				 "the comment\0"
				 "\x01\x02\0\xfd\xff"
				 "hi";
	struct buf b = BUF_INIT(1000);
	struct record r;

	buf_add(&b, gz, sizeof(gz) - 1);
	make_le(&b, libdeflate_crc32(0, "hi", 2), 4);
	make_le(&b, 2, 4);
	ck_assert_int_eq(run(&stream_extractor, &r, &b, false), ASSAY_OK);
	ck_assert_str_eq(r.members.items[0].name, "the-name.csv");
	ck_assert_str_eq(r.members.items[0].data, "hi");
	ck_assert(record_has(&r, "extra-txt"));
	ck_assert_int_eq(record_find(&r, "the comment")->region, ASSAY_COMMENT);
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
	buf_done(&b);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_archive");
	TCase *tc = tcase_create("archive");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, reads_formats, 0, ARRAY_SIZE(made));
	tcase_add_loop_test(tc, says_what_library_is_missing, 0, 2);
	tcase_add_test(tc, reads_tars_in_a_row);
	tcase_add_test(tc, tells_of_a_lying_tar);
	tcase_add_loop_test(tc, tells_of_mere_magic, 0, 8);
	tcase_add_loop_test(tc, reads_streams, 0, ARRAY_SIZE(filters));
	tcase_add_test(tc, reads_gzip_head);
	suite_add_tcase(s, tc);
	return s;
}
