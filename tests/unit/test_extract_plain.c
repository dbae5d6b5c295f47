/* test_extract_plain.c - inputs, plain text and strings */
#include "unit.h"

#include <stdio.h>

#include "record_read.h"
#include "table.h"

#define LIT(s) s, sizeof(s) - 1

static const struct {
	const char *data;
	size_t len;
	const char *want;
} texts[] = {
	{ LIT("one\ntwo\n"), "one\ntwo\n" },
	{ LIT("\xEF\xBB\xBFone"), "one" },
	{ LIT("\xFF\xFEo\0n\0e\0\n\0\xE9\0t\0"), "one\n\xC3\xA9t" },
	{ LIT("\xFE\xFF\0o\0n"), "on" },
	{ LIT("\xFF\xFE\0\0o\0\0\0\x00\xF6\x01\0"), "o\xF0\x9F\x98\x80" },
	{ LIT("\xFF\xFEo\0\x3D\xD8"), "o\xEF\xBF\xBD" }, /* cut */
	{ LIT("caf\xE9"), "caf\xE9" },
	{ LIT(""), "" },
	{ LIT("\xEF\xBB\xBF"), "" },
};

START_TEST(plain_text)
{
	struct record r;

	ck_assert_int_eq(record_try(&r, &plain_extractor, texts[_i].data, texts[_i].len), ASSAY_OK);
	ck_assert_str_eq(record_all(&r), texts[_i].want);
	ck_assert_uint_eq(r.bad_offsets, 0);
	record_done(&r);
}
END_TEST

/* Descriptors: more than a room; characters are not cut; lines go on; no seek is needed. */
START_TEST(large_files)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(8 * MiB);
	FILE *f = tmpfile();
	struct record r;
	struct input in;
	struct assay_error err;

	for (int i = 0; i < 40000; i++)
		buf_printf(&all, "%d caf\xC3\xA9 \xE2\x82\xAC\n", i);
	fwrite(all.data, 1, all.len, f);
	fflush(f);
	record_init(&r, all.data, all.len);
	r.room_cap = 65537;
	input_from_fd(&in, fileno(f), all.len);
	ck_assert_int_eq(plain_extractor.run(&in, &r.sink, &err), ASSAY_OK);
	input_done(&in);
	ck_assert_uint_eq(r.text.len, all.len);
	ck_assert_mem_eq(r.text.data, all.data, all.len);
	ck_assert_uint_eq(r.bad_offsets, 0);
	ck_assert_uint_gt(r.runs.len, 5);
	for (size_t i = 0; i < r.runs.len; i++) {
		const struct record_run *run = &r.runs.items[i];
		uint64_t line = 1;

		ck_assert_int_ne((unsigned char)r.text.data[run->at] & 0xC0, 0x80);
		for (size_t k = 0; k < run->at; k++)
			line += r.text.data[k] == '\n';
		ck_assert_uint_eq(run->loc.line, line);
	}
	record_done(&r);
	fclose(f);
}
END_TEST

struct drip {
	const char *data;
	size_t len, at, breaks_at;
};

static enum assay_status drip(void *ctx, void *data, size_t cap, size_t *ret_got,
			      struct assay_error *err)
{
	struct drip *d = ctx;
	size_t n = MIN(MIN(cap, 7), d->len - d->at);

	if (d->breaks_at && d->at >= d->breaks_at)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_IO_ERROR, "broken");
	memcpy(data, d->data + d->at, n);
	d->at += n;
	*ret_got = n;
	return ASSAY_OK;
}

START_TEST(streams_that_break)
{
	char data[300];
	struct drip d = { data, sizeof(data), 0, 100 };
	const struct extractor *all[] = { &plain_extractor, &csv_extractor,  &json_extractor,
					  &xml_extractor,   &html_extractor, &strings_extractor };
	const struct extractor *x = all[_i];
	struct assay_error err = { 0 };
	struct record r;
	struct input in;

	memset(data, 'x', sizeof(data));
	record_init(&r, data, sizeof(data));
	input_from_stream(&in, drip, &d, INPUT_SIZE_UNKNOWN);
	ck_assert_int_eq(x->run(&in, &r.sink, &err), ASSAY_PARTIAL);
	ck_assert_int_eq(err.reason, ASSAY_IO_ERROR);
	ck_assert_uint_ge(r.text.len, 100); /* what came was sent */
	ck_assert_uint_eq(r.bad_offsets, 0);
	input_done(&in);
	record_done(&r);
}
END_TEST

START_TEST(sinks_that_refuse)
{
	static const char data[] = "<a>{\"a\":1}</a>,b\n1,2\nabcdefgh\n";
	struct assay_error err = { 0 };
	struct record r;

	for (size_t i = 0; extractors[i]; i++) {
		struct input in;

		if (extractors[i]->wants_seek)
			continue;
		record_init(&r, data, sizeof(data));
		r.refuse_after = 1;
		input_from_mem(&in, data, sizeof(data) - 1);
		(void)extractors[i]->run(&in, &r.sink, &err);
		ck_assert_uint_le(r.runs.len, 1);
		record_done(&r);
	}
}
END_TEST

START_TEST(input_reads)
{
	char data[100], got[200];
	struct drip d = { data, sizeof(data), 0, 0 };
	CLEANUP(buf_done) struct buf all = BUF_INIT(100), small = BUF_INIT(50);
	struct assay_error err;
	const uint8_t *head;
	struct input in;
	size_t n;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)i;
	input_from_stream(&in, drip, &d, 100);
	ck_assert_int_eq(input_head(&in, &head, &n, &err), ASSAY_OK);
	ck_assert_uint_eq(n, 100);
	ck_assert_int_eq(input_read(&in, got, 10, &n, &err), ASSAY_OK);
	ck_assert_int_eq(input_slurp(&in, &all, &err), ASSAY_OK);
	ck_assert_uint_eq(all.len, 90);
	ck_assert_mem_eq(all.data, data + 10, 90);
	input_done(&in);
	input_from_mem(&in, data, 100);
	ck_assert_int_eq(input_slurp(&in, &small, &err), ASSAY_FAILED);
	ck_assert_int_eq(err.reason, ASSAY_LIMIT_SIZE);
	ck_assert_int_eq(input_pread(&in, 95, got, 10, &n, &err), ASSAY_OK);
	ck_assert_uint_eq(n, 5);
	ck_assert_int_eq(input_pread(&in, UINT64_MAX, got, 10, &n, &err), ASSAY_OK);
	ck_assert_uint_eq(n, 0);
}
END_TEST

static const struct {
	const char *data;
	size_t len;
	const char *want;
} binaries[] = {
	{ LIT("\x01\x02"
	      "hello world\x03\x04short\x05"),
	  "hello world\n" },
	{ LIT("\x01h\0e\0l\0l\0o\0!\0\x01\x01"), "hello!\n" },
	{ LIT("\x01\x02\0h\0e\0l\0l\0o\0!\x01"), "hello!\n" },
	{ LIT("\x01xh\0e\0l\0l\0o\0!\0"), "hello!\n" }, /* a stray byte before */
	{ LIT("\x01"
	      "caf\xC3\xA9 noir\x02"),
	  "caf\xC3\xA9 noir\n" },
	{ LIT("\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9"), "" },
	{ LIT("\x01"
	      "ab\xE9\xE9\xE9\xE9\xE9\xE9"
	      "abcdef\x01"),
	  "abcdef\n" },
	{ LIT(""), "" },
};

START_TEST(strings)
{
	struct record r;

	ck_assert_int_eq(record_try(&r, &strings_extractor, binaries[_i].data, binaries[_i].len),
			 ASSAY_OK);
	ck_assert_str_eq(record_all(&r), binaries[_i].want);
	ck_assert_uint_eq(r.bad_offsets, 0);
	record_done(&r);
}
END_TEST

/* Longer than a piece, and across the ends of windows: one run, nothing lost. */
START_TEST(long_strings)
{
	size_t len = 300 * KiB;
	char *data = malloc(len);
	struct record r;

	memset(data, 'a', len);
	data[0] = data[len - 1] = 1;
	ck_assert_int_eq(record_try(&r, &strings_extractor, data, len), ASSAY_OK);
	ck_assert_uint_eq(r.text.len, len - 2 + 1);
	ck_assert_uint_eq(r.bad_offsets, 0);
	record_done(&r);
	free(data);
}
END_TEST

START_TEST(every_type_once)
{
	for (size_t i = 0; extractors[i]; i++)
		for (size_t j = 0; extractors[i]->types[j]; j++)
			ck_assert_ptr_eq(extractor_for(extractors[i]->types[j]), extractors[i]);
	ck_assert_ptr_null(extractor_for("no/such"));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("extract plain");
	TCase *tc = tcase_create("plain");

	tcase_add_loop_test(tc, plain_text, 0, ARRAY_SIZE(texts));
	tcase_add_test(tc, large_files);
	tcase_add_loop_test(tc, streams_that_break, 0, 6);
	tcase_add_test(tc, sinks_that_refuse);
	tcase_add_test(tc, input_reads);
	tcase_add_loop_test(tc, strings, 0, ARRAY_SIZE(binaries));
	tcase_add_test(tc, long_strings);
	tcase_add_test(tc, every_type_once);
	suite_add_tcase(suite, tc);
	return suite;
}
