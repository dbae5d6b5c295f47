/* test_extract_zip.c - zip files of every shape: nothing is missed, nothing is read twice */
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

#include "make_zip.h"
#include "record_sink.h"

extern const struct extractor zip_extractor;

#define SECRET "SECRET-0001"

static enum assay_status run_limited(struct record *r, const void *data, size_t len,
				     const struct assay_limits *limits)
{
	struct input in;
	struct assay_error err = { 0 };
	enum assay_status st;

	record_init(r, data, len);
	if (limits)
		r->limits = *limits;
	input_from_mem(&in, data, len);
	st = zip_extractor.run(&in, &r->sink, &err);
	input_done(&in);
	ck_assert_uint_eq(r->bad_offsets, 0);
	return st;
}

static enum assay_status run(struct record *r, const struct make_zip *z)
{
	return run_limited(r, z->out.data, z->out.len, NULL);
}

static const struct record_member *member(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->members.len; i++)
		if (!strcmp(r->members.items[i].name, name))
			return &r->members.items[i];
	return NULL;
}

static void expect(const struct record *r, const char *name, const char *text)
{
	const struct record_member *m = member(r, name);

	ck_assert_msg(m != NULL, "no member %s", name);
	ck_assert_int_eq(m->lost, ASSAY_REASON_NONE);
	ck_assert_int_eq(m->read, ASSAY_OK);
	ck_assert_str_eq(m->data, text);
}

/* One member of each kind; whatever it is, its text comes out and nothing is odd. */
static const struct make_entry kinds[] = {
	{ .name = "m", .text = SECRET },
	{ .name = "m", .text = SECRET SECRET SECRET SECRET, .deflate = true },
	{ .name = "m", .text = SECRET, .descriptor = true },
	{ .name = "m", .text = SECRET, .deflate = true, .descriptor = true },
	{ .name = "m", .text = SECRET, .deflate = true, .descriptor = true, .no_signature = true },
	{ .name = "m", .text = SECRET, .deflate = true, .zip64 = true },
	{ .name = "m", .text = "" },
	{ .name = "m", .text = "", .deflate = true },
	{ .name = "m", .text = "", .deflate = true, .descriptor = true },
	{ .name = "m", .text = "", .descriptor = true },
};

START_TEST(reads)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;

	make_member(&z, &(struct make_entry){ .name = "first", .text = "one" });
	make_member(&z, &kinds[_i]);
	make_member(&z, &(struct make_entry){ .name = "last", .text = "two" });
	make_end(&z, NULL);
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	ck_assert_uint_eq(r.gaps.len, 0);
	ck_assert_uint_eq(r.members.len, 3);
	expect(&r, "first", "one");
	expect(&r, "m", kinds[_i].text);
	expect(&r, "last", "two");
	record_done(&r);
	make_done(&z);
}
END_TEST

/* The same without a directory. */
START_TEST(reads_without_directory)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;

	make_member(&z, &(struct make_entry){ .name = "first", .text = "one" });
	make_member(&z, &kinds[_i]);
	make_member(&z, &(struct make_entry){ .name = "last", .text = "two" });
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	ck_assert(record_has_gap(&r, ASSAY_MALFORMED));
	expect(&r, "first", "one");
	expect(&r, "m", kinds[_i].text);
	expect(&r, "last", "two");
	record_done(&r);
	make_done(&z);
}
END_TEST

START_TEST(finds_hidden_members)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;

	make_member(&z, &(struct make_entry){ .name = "a", .text = "one" });
	make_member(&z, &(struct make_entry){
			    .name = "h", .text = SECRET, .deflate = true, .no_central = true });
	make_member(&z, &(struct make_entry){ .name = "b", .text = "two" });
	make_member(&z, &(struct make_entry){ .name = "i",
					      .text = SECRET,
					      .deflate = true,
					      .descriptor = true,
					      .no_signature = true,
					      .no_central = true });
	make_end(&z, NULL);
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	ck_assert_uint_eq(r.members.len, 4);
	expect(&r, "h", SECRET);
	expect(&r, "i", SECRET);
	ck_assert_uint_eq(r.gaps.len, 1);
	ck_assert(record_has_gap(&r, ASSAY_CONTAINER_SLACK));
	record_done(&r);
	make_done(&z);
}
END_TEST

/* Text that belongs to no member, wherever it stands. */
START_TEST(scans_slack)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;

	if (_i == 0) {
		buf_add_str(&z.out, "#!/bin/sh " SECRET "\n");
		z.base = z.out.len;
	}
	if (_i == 1) /* offsets count from the file's start */
		buf_add_str(&z.out, "#!/bin/sh " SECRET "\n");
	make_member(&z, &(struct make_entry){ .name = "a", .text = "one" });
	if (_i == 2)
		buf_add_str(&z.out, SECRET);
	make_member(&z, &(struct make_entry){ .name = "b", .text = "two" });
	if (_i == 3)
		buf_add_str(&z.out, SECRET);
	if (_i == 4) { /* after the stream, within what the member claims */
		make_member(&z, &(struct make_entry){
				    .name = "c", .text = "x", .deflate = true, .trail = SECRET });
	}
	make_end(&z, NULL);
	if (_i == 5)
		buf_add_str(&z.out, SECRET);
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	ck_assert(record_has(&r, SECRET));
	ck_assert(record_has_gap(&r, ASSAY_CONTAINER_SLACK));
	expect(&r, "a", "one");
	expect(&r, "b", "two");
	record_done(&r);
	make_done(&z);
}
END_TEST

START_TEST(reads_zips_in_a_row)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;

	make_member(&z, &(struct make_entry){ .name = "a", .text = SECRET, .deflate = true });
	make_end(&z, "one");
	make_member(&z, &(struct make_entry){ .name = "b", .text = "two" });
	make_end(&z, "a comment");
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	expect(&r, "a", SECRET);
	expect(&r, "b", "two");
	ck_assert(record_has(&r, "a comment"));
	ck_assert_int_eq(record_find(&r, "a comment")->region, ASSAY_COMMENT);
	ck_assert(record_has_gap(&r, ASSAY_CONTAINER_SLACK));
	record_done(&r);
	make_done(&z);
}
END_TEST

START_TEST(tells_both_names)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;

	make_member(&z, &(struct make_entry){ .name = "harmless.txt",
					      .local_name = "other name.txt",
					      .text = "x",
					      .comment = "entry comment",
					      .extra = "extra text" });
	make_end(&z, NULL);
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	expect(&r, "harmless.txt", "x");
	ck_assert_int_eq(record_find(&r, "other name.txt")->region, ASSAY_NAME);
	ck_assert_int_eq(record_find(&r, "entry comment")->region, ASSAY_COMMENT);
	ck_assert(record_has(&r, "extra text"));
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
	make_done(&z);
}
END_TEST

START_TEST(lists_what_it_cannot_read)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;

	make_member(&z, &(struct make_entry){ .name = "e", .text = "xxxx", .encrypted = true });
	make_member(&z, &(struct make_entry){ .name = "u", .text = "xxxx", .method = 9 });
	make_member(&z, &(struct make_entry){ .name = "k", .text = "fine" });
	make_member(&z, &(struct make_entry){
			    .name = "s", .text = "0123456789", .declare_packed = 1 << 20 });
	make_end(&z, NULL);
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	ck_assert_int_eq(member(&r, "e")->lost, ASSAY_ENCRYPTED);
	ck_assert_int_eq(member(&r, "u")->lost, ASSAY_UNSUPPORTED_TYPE);
	ck_assert_int_eq(member(&r, "s")->lost, ASSAY_MALFORMED);
	expect(&r, "k", "fine");
	record_done(&r);
	make_done(&z);
}
END_TEST

START_TEST(reads_a_member_larger_than_it_says)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;
	char *text = malloc(100001);

	memset(text, 'a', 100000);
	strcpy(text + 100000 - strlen(SECRET), SECRET);
	make_member(&z, &(struct make_entry){
			    .name = "m", .text = text, .deflate = true, .declare_size = 10 });
	make_end(&z, NULL);
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	expect(&r, "m", text);
	record_done(&r);
	make_done(&z);
	free(text);
}
END_TEST

/* Cut anywhere: what was there before the cut is read, and the gap is told. */
START_TEST(reads_a_cut_file)
{
	struct make_zip z = MAKE_ZIP_INIT;
	size_t after_first;
	char text[20000];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('a' + i * i % 23);
	text[sizeof(text) - 1] = '\0';
	memcpy(text, SECRET, strlen(SECRET));
	make_member(&z, &(struct make_entry){ .name = "a", .text = "one" });
	after_first = z.out.len;
	make_member(&z, &(struct make_entry){ .name = "b", .text = text, .deflate = true });
	make_end(&z, NULL);
	for (size_t len = after_first; len < z.out.len; len += 7) {
		struct record r;

		ck_assert_int_eq(run_limited(&r, z.out.data, len, NULL), ASSAY_OK);
		expect(&r, "a", "one");
		ck_assert(record_has_gap(&r, ASSAY_MALFORMED) ||
			  record_has_gap(&r, ASSAY_CONTAINER_SLACK));
		if (len > after_first + 400)
			ck_assert(!strncmp(member(&r, "b")->data, SECRET, strlen(SECRET)));
		record_done(&r);
	}
	make_done(&z);
}
END_TEST

START_TEST(reads_each_byte_once)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct make_entry e = { .name = "m", .text = SECRET };
	struct record r;

	make_member(&z, &e);
	for (int i = 0; i < 20000; i++)
		make_central(&z, &e, 0, 0, strlen(SECRET), strlen(SECRET));
	make_end(&z, NULL);
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	ck_assert_uint_eq(r.members.len, 1);
	ck_assert_uint_eq(r.gaps.len, 1);
	ck_assert(record_has_gap(&r, ASSAY_LIMIT_OVERLAP));
	record_done(&r);
	make_done(&z);
}
END_TEST

/* The shape of the better zip bomb: each member's data begins with the next's header. */
START_TEST(refuses_quoted_overlap)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;
	size_t at[3], end;

	for (int i = 0; i < 3; i++) {
		make_member(
		    &z, &(struct make_entry){ .name = "q", .text = SECRET, .no_central = true });
		at[i] = z.last_local;
	}
	end = z.out.len;
	for (int i = 0; i < 3; i++)
		make_central(&z, &(struct make_entry){ .name = "q" }, at[i], 0, end - at[i] - 31,
			     end - at[i] - 31);
	make_end(&z, NULL);
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	ck_assert_uint_eq(r.members.len, 1);
	ck_assert_uint_eq(r.members.items[0].len, end - 31);
	ck_assert(record_has_gap(&r, ASSAY_LIMIT_OVERLAP));
	record_done(&r);
	make_done(&z);
}
END_TEST

START_TEST(keeps_limits)
{
	struct assay_limits limits = ASSAY_LIMITS_DEFAULT;
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;
	struct input in;
	struct assay_error err;
	char *zeros = calloc(1, 40 * MiB);

	limits.members = 100;
	for (int i = 0; i < 150; i++)
		make_member(&z, &(struct make_entry){ .name = "m", .text = "x" });
	make_end(&z, NULL);
	ck_assert_int_eq(run_limited(&r, z.out.data, z.out.len, &limits), ASSAY_OK);
	ck_assert_uint_eq(r.members.len, 100);
	ck_assert(record_has_gap(&r, ASSAY_LIMIT_MEMBERS));
	record_done(&r);
	make_done(&z);
	/* Too much for the heap: a stream, whose size the engine watches. */
	z = (struct make_zip)MAKE_ZIP_INIT;
	make_member(&z, &(struct make_entry){
			    .name = "m", .text = zeros, .len = 40 * MiB, .deflate = true });
	make_end(&z, NULL);
	record_init(&r, z.out.data, z.out.len);
	r.allow_max = 1 * MiB;
	input_from_mem(&in, z.out.data, z.out.len);
	ck_assert_int_eq(zip_extractor.run(&in, &r.sink, &err), ASSAY_OK);
	ck_assert_uint_eq(r.allowed, 0);
	ck_assert_uint_eq(r.members.items[0].len, 40 * MiB);
	input_done(&in);
	record_done(&r);
	make_done(&z);
	/* What the sink does not allow is lost, and the rest is read. */
	z = (struct make_zip)MAKE_ZIP_INIT;
	make_member(&z, &(struct make_entry){
			    .name = "m", .text = zeros, .len = 2 * MiB, .deflate = true });
	make_member(&z, &(struct make_entry){ .name = "n", .text = "fine" });
	make_end(&z, NULL);
	record_init(&r, z.out.data, z.out.len);
	r.allow_max = 1 * MiB;
	input_from_mem(&in, z.out.data, z.out.len);
	ck_assert_int_eq(zip_extractor.run(&in, &r.sink, &err), ASSAY_OK);
	ck_assert_int_eq(member(&r, "m")->lost, ASSAY_LIMIT_SIZE);
	expect(&r, "n", "fine");
	input_done(&in);
	record_done(&r);
	make_done(&z);
	free(zeros);
}
END_TEST

/* A file that is not read at once: members by pread. */
START_TEST(reads_a_large_descriptor)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;
	struct input in;
	struct assay_error err;
	char name[] = "/tmp/assay-zip-XXXXXX", *big = malloc(6 * MiB);
	int fd = mkstemp(name);

	ck_assert_int_ge(fd, 0);
	unlink(name);
	for (size_t i = 0; i < 6 * MiB; i++)
		big[i] = (char)('a' + (i * 2654435761u >> 20) % 26);
	make_member(&z, &(struct make_entry){ .name = "a", .text = big, .len = 6 * MiB });
	make_member(
	    &z, &(struct make_entry){ .name = "b", .text = big, .len = 6 * MiB, .deflate = true });
	make_member(&z, &(struct make_entry){
			    .name = "h", .text = SECRET, .no_central = true, .descriptor = true });
	buf_add_str(&z.out, "slack " SECRET);
	make_member(&z, &(struct make_entry){ .name = "c", .text = "end", .descriptor = true });
	make_end(&z, NULL);
	ck_assert_int_eq(write(fd, z.out.data, z.out.len), (ssize_t)z.out.len);
	record_init(&r, z.out.data, z.out.len);
	input_from_fd(&in, fd, z.out.len);
	ck_assert_int_eq(zip_extractor.run(&in, &r.sink, &err), ASSAY_OK);
	ck_assert_uint_eq(r.members.len, 4);
	ck_assert(!memcmp(member(&r, "a")->data, big, 6 * MiB));
	ck_assert(!memcmp(member(&r, "b")->data, big, 6 * MiB));
	expect(&r, "c", "end");
	expect(&r, "h", SECRET);
	ck_assert(record_has(&r, "slack " SECRET));
	ck_assert_uint_eq(r.bad_offsets, 0);
	input_done(&in);
	record_done(&r);
	make_done(&z);
	free(big);
	close(fd);
}
END_TEST

START_TEST(reads_odd_names)
{
	static const char *const names[] = { "../../etc/passwd", "/abs", "a\nb",
					     "\x1b[31m",         "-rf",  "C:\\x",
					     "\xff\xfe" };
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		make_member(&z, &(struct make_entry){ .name = names[i], .text = "x" });
	make_member(&z, &(struct make_entry){ .name = "folder/", .text = "" });
	make_end(&z, NULL);
	ck_assert_int_eq(run(&r, &z), ASSAY_OK);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		expect(&r, names[i], "x");
	ck_assert_uint_eq(r.members.len, ARRAY_SIZE(names));
	ck_assert_int_eq(record_find(&r, "folder/")->region, ASSAY_NAME);
	record_done(&r);
	make_done(&z);
}
END_TEST

START_TEST(stops_when_the_sink_does)
{
	struct make_zip z = MAKE_ZIP_INIT;
	struct record r;
	struct input in;
	struct assay_error err;

	buf_add_str(&z.out, "prefix " SECRET);
	make_member(&z, &(struct make_entry){ .name = "a", .text = "one", .comment = "c" });
	make_end(&z, "comment");
	for (unsigned i = 1; i < 6; i++) {
		record_init(&r, z.out.data, z.out.len);
		r.refuse_after = i;
		input_from_mem(&in, z.out.data, z.out.len);
		ck_assert_int_eq(zip_extractor.run(&in, &r.sink, &err), ASSAY_PARTIAL);
		ck_assert_int_eq(err.reason, ASSAY_LIMIT_SIZE);
		input_done(&in);
		record_done(&r);
	}
	make_done(&z);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_zip");
	TCase *tc = tcase_create("zip");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(kinds));
	tcase_add_loop_test(tc, reads_without_directory, 0, ARRAY_SIZE(kinds));
	tcase_add_test(tc, finds_hidden_members);
	tcase_add_loop_test(tc, scans_slack, 0, 6);
	tcase_add_test(tc, reads_zips_in_a_row);
	tcase_add_test(tc, tells_both_names);
	tcase_add_test(tc, lists_what_it_cannot_read);
	tcase_add_test(tc, reads_a_member_larger_than_it_says);
	tcase_add_test(tc, reads_a_cut_file);
	tcase_add_test(tc, reads_each_byte_once);
	tcase_add_test(tc, refuses_quoted_overlap);
	tcase_add_test(tc, keeps_limits);
	tcase_add_test(tc, reads_a_large_descriptor);
	tcase_add_test(tc, reads_odd_names);
	tcase_add_test(tc, stops_when_the_sink_does);
	suite_add_tcase(s, tc);
	return s;
}
