/* test_base_library.c - libraries that are there, are not, and come too late */
#include "unit.h"

#include "library.h"

#include <math.h>

#define MATHS(X) X(cos) X(ldexp)
#define OLD_MATHS(X) X(cos) X(unit_of_a_later_version)

int unit_of_a_later_version(int); /* has no definition anywhere */

static LIBRARY_CALLS(maths, MATHS) maths;
static LIBRARY_CALLS(old_maths, OLD_MATHS) old_maths;

static struct library lib = LIBRARY("libm.so.6", MATHS, maths);
static struct library late = LIBRARY("libm.so.6", MATHS, maths);
static struct library missing[] = {
	LIBRARY("libassay-test-none.so.1", MATHS, maths), /* no such library */
	LIBRARY("libm.so.6", OLD_MATHS, old_maths),       /* no such function */
};

START_TEST(opens_and_fills_the_table)
{
	struct assay_error err = { 0 };

	ck_assert(library_open(&lib));
	ck_assert(library_open(&lib));
	ck_assert_int_eq(library_need(&lib, ASSAY_FATAL, ASSAY_INTERNAL, &err), ASSAY_OK);
	ck_assert(maths.cos(0) > 0.5);
	ck_assert(maths.ldexp(1, 4) > 15.5);
	ck_assert_uint_eq(library_refusals(), 0);
}
END_TEST

START_TEST(names_what_is_missing)
{
	struct assay_error err = { 0 };

	ck_assert(!library_open(&missing[_i]));
	ck_assert_int_eq(library_need(&missing[_i], ASSAY_FAILED, ASSAY_UNSUPPORTED_TYPE, &err),
			 ASSAY_FAILED);
	ck_assert_int_eq(err.reason, ASSAY_UNSUPPORTED_TYPE);
	ck_assert_ptr_nonnull(strstr(err.detail, missing[_i].soname));
	ck_assert_uint_eq(library_refusals(), 2);
}
END_TEST

static void count(void *ctx, const struct library *wanted)
{
	ck_assert_str_eq(wanted->soname, "libm.so.6");
	++*(unsigned *)ctx;
}

START_TEST(is_late_once_sealed)
{
	unsigned calls = 0;

	ck_assert(library_open(&lib));
	ck_assert(!library_open(&missing[0]));
	library_seal(count, &calls);
	ck_assert(library_open(&lib));
	ck_assert(!library_open(&missing[0])); /* was tried: nobody else has it either */
	ck_assert_uint_eq(calls, 0);
	ck_assert(!library_open(&late));
	ck_assert(!library_open(&late));
	ck_assert_uint_eq(calls, 2);
	ck_assert_uint_eq(library_refusals(), 4);
	library_seal(NULL, NULL);
	ck_assert(!library_open(&late));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("base_library");
	TCase *tc = tcase_create("library");

	tcase_add_test(tc, opens_and_fills_the_table);
	tcase_add_loop_test(tc, names_what_is_missing, 0, ARRAY_SIZE(missing));
	tcase_add_test(tc, is_late_once_sealed);
	suite_add_tcase(s, tc);
	return s;
}
