/* test_engine_parsers.c - a file that another's parser read counts towards a new worker */
#include "unit.h"

#include <sys/mman.h>
#include <unistd.h>

#include "engine.h"

static const struct {
	const char *name;
	const char *bytes;
	size_t len;
	bool retire;
} cases[] = {
	{ "a.txt", "a line of text\n", 15, false },
	{ "a.csv", "a,b\n1,2\n", 8, false },
	/* ar, by libarchive */
	{ "a.a", "!<arch>\na.txt/          0           0     0     100644  2         `\na\n", 70,
	  true },
	/* a damaged lzip */
	{ "a.lz", "LZIP\x01\x0c\0\0\0\0", 10, true },
	/* a damaged database */
	{ "a.db", "SQLite format 3\0\x10\0\1\1\0\x40\x20\x20", 24, true },
};

static int on_object(void *ctx, const struct assay_object *o)
{
	(void)ctx;
	(void)o;
	return 0;
}

START_TEST(parsers_of_others_count)
{
	struct assay_scan_options options = { .limits = ASSAY_LIMITS_DEFAULT };
	struct assay_sink sink = { .size = sizeof(sink), .object = on_object };
	struct engine_result *result = calloc(1, sizeof(*result));
	int fd = memfd_create("case", MFD_CLOEXEC);
	struct engine_job job = {
		.fd = fd,
		.size = cases[_i].len,
		.data_bytes = cases[_i].len,
		.name = cases[_i].name,
		.name_len = strlen(cases[_i].name),
	};
	struct assay_error err = { 0 };
	assay_ruleset *set;
	assay_scanner *scanner;

	ck_assert_ptr_nonnull(result);
	ck_assert_int_eq(write(fd, cases[_i].bytes, cases[_i].len), (ssize_t)cases[_i].len);
	ck_assert_int_eq(assay_ruleset_builtin(&set, &err), ASSAY_OK);
	ck_assert_int_eq(engine_new(set, &options, MATCH_ISA_AUTO, &scanner, &err), ASSAY_OK);
	/* What one file counted does not stay for the next. */
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(engine_run(scanner, &job, &sink, result, &err), ASSAY_OK);
		ck_assert_int_eq(result->retire, cases[_i].retire);
	}
	assay_scanner_free(scanner);
	assay_ruleset_free(set);
	close(fd);
	free(result);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("engine_parsers");
	TCase *tc = tcase_create("parsers");

	tcase_add_loop_test(tc, parsers_of_others_count, 0, ARRAY_SIZE(cases));
	suite_add_tcase(s, tc);
	return s;
}
