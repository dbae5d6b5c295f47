/* test_engine_numbers.c - which numbers are counted, however the text is cut */
#include "unit.h"

#include "numbers.h"

static const struct {
	const char *text;
	unsigned ten, sixteen; /**< numbers of so many digits */
} cases[] = {
	{ "", 0, 0 },
	{ "123456789", 0, 0 },
	{ "1234567890", 1, 0 },
	{ "12345678901", 0, 0 },
	{ "1234567890 1234567890,1234567890\t1234567890123456\n", 3, 1 },
	{ "id=1234567890&x=\"1234567890123456\"", 1, 1 },
	{ "a1234567890 1234567890b _1234567890 1234567890_", 0, 0 },
	{ "0.1234567890 /1234567890 -1234567890 #1234567890", 0, 0 },
	{ "1234567890. 1234567890/ 1234567890- ", 3, 0 },
	{ "12345678901234567890 1234567890", 1, 0 },
};

START_TEST(numbers_that_stand_alone_are_counted)
{
	const char *text = cases[_i].text;
	size_t len = strlen(text);

	for (size_t cut = 0; cut <= len; cut++) {
		struct numbers r = { 0 };

		numbers_count(&r, text, len, 0, cut);
		numbers_count(&r, text, len, cut, len);
		ck_assert_uint_eq(r.all[10], cases[_i].ten);
		ck_assert_uint_eq(r.all[16], cases[_i].sixteen);
	}
}
END_TEST

START_TEST(a_number_is_all_of_a_run)
{
	const char *text = "x 1234567890 123-4567890 12345678901";

	ck_assert_uint_eq(number_at(text, strlen(text), 2, 12), 10);
	ck_assert_uint_eq(number_at(text, strlen(text), 2, 11), 0);
	ck_assert_uint_eq(number_at(text, strlen(text), 3, 13), 0);
	ck_assert_uint_eq(number_at(text, strlen(text), 13, 24), 0);
	ck_assert_uint_eq(number_at(text, strlen(text), 25, 35), 0);
	ck_assert_uint_eq(number_at(text, strlen(text), 25, 36), 11);
}
END_TEST

START_TEST(a_fifth_of_twenty_is_luck)
{
	struct numbers r = { 0 };

	r.all[16] = 19;
	ck_assert(!numbers_luck(&r, 16));
	r.all[16] = 20;
	for (unsigned i = 0; i < 4; i++)
		numbers_hit(&r, 16);
	ck_assert(numbers_luck(&r, 16));
	numbers_hit(&r, 16);
	ck_assert(!numbers_luck(&r, 16));
	ck_assert(!numbers_luck(&r, 15));
	/* What was counted long ago is outweighed. */
	r.all[16] = r.hits[16] = 100000;
	for (unsigned i = 0; i < 10; i++) {
		numbers_age(&r);
		r.all[16] += 1000;
	}
	ck_assert(numbers_luck(&r, 16));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("engine_numbers");
	TCase *tc = tcase_create("numbers");

	tcase_add_loop_test(tc, numbers_that_stand_alone_are_counted, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, a_number_is_all_of_a_run);
	tcase_add_test(tc, a_fifth_of_twenty_is_luck);
	suite_add_tcase(s, tc);
	return s;
}
