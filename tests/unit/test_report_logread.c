/* test_report_logread.c - reading lines back, and refusing what is none */
#include "unit.h"

#include <stdio.h>
#include <sys/mman.h>

#include "logread.h"

static int file_of(const char *text, size_t len)
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

START_TEST(values_by_path)
{
	static const char line[] =
	    "{\"v\":1,\"type\":\"finding\",\"counts\":{\"high\":12,\"low\":0},\"inner\":[\"a\",\"b."
	    "c\"],"
	    "\"occurrences\":[{\"loc\":{\"line\":3}},{\"loc\":{\"sheet\":"
	    "\"\\u00e9\\ud83d\\ude00\\n\\u0000\"}}],"
	    "\"truncated\":true,\"nothing\":null,\"big\":18446744073709551615,\"neg\":-4}\n";
	CLEANUP(fd_closep) int fd = file_of(line, sizeof(line) - 1);
	struct logread *r = NULL;
	const struct event *e = NULL;
	size_t len;

	ck_assert_int_eq(logread_new(fd, &r, NULL), ASSAY_OK);
	ck_assert_int_eq(logread_next(r, &e, NULL), ASSAY_OK);
	ck_assert_str_eq(event_str(e, "type"), "finding");
	ck_assert_uint_eq(event_int(e, "counts.high"), 12);
	ck_assert_uint_eq(event_int(e, "counts.medium"), 0);
	ck_assert_str_eq(event_str(e, "inner.1"), "b.c");
	ck_assert_ptr_null(event_str(e, "inner.2"));
	ck_assert_ptr_null(event_str(e, "inner.x"));
	ck_assert_uint_eq(event_int(e, "occurrences.0.loc.line"), 3);
	ck_assert_str_eq(event_str(e, "occurrences.1.loc.sheet"),
			 "\xC3\xA9\xF0\x9F\x98\x80\n\xEF\xBF\xBD");
	ck_assert_uint_eq(event_count(e, "occurrences"), 2);
	ck_assert_uint_eq(event_count(e, "occurrences.0.loc"), 1);
	ck_assert(event_bool(e, "truncated"));
	ck_assert(!event_bool(e, "type"));
	ck_assert(!event_has(e, "nothing"));
	ck_assert(event_has(e, "counts"));
	ck_assert_uint_eq(event_int(e, "big"), UINT64_MAX);
	ck_assert_uint_eq(event_int(e, "neg"), 0);
	ck_assert_ptr_null(event_str(e, "counts.high.deeper"));
	event_line(e, &len);
	ck_assert_uint_eq(len, sizeof(line) - 2);
	ck_assert_int_eq(logread_next(r, &e, NULL), ASSAY_OK);
	ck_assert_ptr_null(e);
	logread_free(r);
}
END_TEST

static const char *const bad[] = {
	"",
	"x",
	"[]",
	"{\"v\":1}",
	"{\"v\":2,\"type\":\"gap\"}",
	"{\"v\":1,\"type\":5}",
	"{\"v\":1,\"type\":\"gap\"",
	"{\"v\":1,\"type\":\"gap\"}}",
	"{\"v\":1,\"type\":\"gap\",}",
	"{\"v\":1 \"type\":\"gap\"}",
	"{\"v\":1,\"type\":\"gap\",\"n\":1.5}",
	"{\"v\":1,\"type\":\"gap\",\"n\":1e5}",
	"{\"v\":1,\"type\":\"gap\",\"n\":01}",
	"{\"v\":1,\"type\":\"gap\",\"n\":18446744073709551616}",
	"{\"v\":1,\"type\":\"gap\",\"s\":\"\\x\"}",
	"{\"v\":1,\"type\":\"gap\",\"s\":\"\\u12g4\"}",
	"{\"v\":1,\"type\":\"gap\",\"s\":\"\xFF\"}",
	"{\"v\":1,\"type\":\"gap\",\"s\":\"\t\"}",
	"{\"v\":1,\"type\":\"gap\",\"s\":[1,]}",
	"{\"v\":1,\"type\":\"gap\",\"s\":[1 2]}",
	"{\"v\":1,\"type\":\"gap\",\"s\":nul}",
	"{\"v\":1,\"type\":\"gap\",\"s\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}",
};

START_TEST(refuses_what_is_no_event_and_goes_on)
{
	static const char good[] = "{\"v\":1,\"type\":\"gap\"}\n";
	char text[512];
	int len = snprintf(text, sizeof(text), "%s%s\n%s", good, bad[_i], good);
	CLEANUP(fd_closep) int fd = file_of(text, (size_t)len);
	struct assay_error err = { 0 };
	struct logread *r = NULL;
	const struct event *e = NULL;

	ck_assert_int_eq(logread_new(fd, &r, &err), ASSAY_OK);
	ck_assert_int_eq(logread_next(r, &e, &err), ASSAY_OK);
	ck_assert_int_eq(logread_next(r, &e, &err), ASSAY_FAILED);
	ck_assert_msg(strncmp(err.detail, "line 2: ", 8) == 0, "%s", err.detail);
	ck_assert_int_eq(logread_next(r, &e, &err), ASSAY_OK);
	ck_assert_ptr_nonnull(e);
	logread_free(r);
}
END_TEST

START_TEST(a_line_too_long_is_skipped)
{
	static const char good[] = "{\"v\":1,\"type\":\"gap\"}\n";
	size_t len = MiB;
	CLEANUP(mem_freep) char *text = malloc(len + sizeof(good));
	struct assay_error err = { 0 };
	struct logread *r = NULL;
	const struct event *e = NULL;
	int fd;

	memset(text, ' ', len);
	text[len - 1] = '\n';
	memcpy(text + len, good, sizeof(good) - 1);
	fd = file_of(text, len + sizeof(good) - 1);
	ck_assert_int_eq(logread_new(fd, &r, &err), ASSAY_OK);
	ck_assert_int_eq(logread_next(r, &e, &err), ASSAY_FAILED);
	ck_assert_int_eq(logread_next(r, &e, &err), ASSAY_OK);
	ck_assert_uint_eq(logread_line(r), 2);
	ck_assert_ptr_nonnull(e);
	logread_free(r);
	close(fd);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("report_logread");
	TCase *tc = tcase_create("logread");

	tcase_add_test(tc, values_by_path);
	tcase_add_loop_test(tc, refuses_what_is_no_event_and_goes_on, 0, ARRAY_SIZE(bad));
	tcase_add_test(tc, a_line_too_long_is_skipped);
	suite_add_tcase(s, tc);
	return s;
}
