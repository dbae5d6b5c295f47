/* test_rules_known.c - lists of known values: made, read, asked, and refused */
#include "unit.h"

#include "known.h"

#include <stdio.h>

static const uint8_t key[KEY_BYTES] = { 1, 2, 3 }, other_key[KEY_BYTES] = { 1, 2, 4 };
static struct buf file = BUF_INIT(KNOWN_FILE_MAX);

/** A list of `count` numbers from 1000000000 on, in the order of a hash. */
static void make(enum normalise normalise, unsigned count)
{
	struct known_maker m;
	char value[20];

	ck_assert(known_maker_init(&m, key, normalise));
	for (unsigned i = 0; i < count; i++) {
		snprintf(value, sizeof(value), "%u", 1000000000u + i * 7);
		ck_assert_int_eq(known_maker_add(&m, value, strlen(value)), KNOWN_ADDED);
	}
	file.len = 0;
	ck_assert(known_maker_write(&m, &file));
	known_maker_done(&m);
}

static void teardown(void)
{
	buf_done(&file);
}

START_TEST(has_what_was_listed)
{
	struct known_list list;
	struct keyed mac;
	char value[20];

	keyed_init(&mac, key);
	make(NORMALISE_DIGITS, 1000);
	ck_assert_uint_eq(file.len, KNOWN_HEAD_BYTES + 1000 * FP_BYTES);
	ck_assert_ptr_null(known_parse(file.data, file.len, &list));
	ck_assert_uint_eq(list.len, 1000);
	ck_assert_int_eq(list.normalise, NORMALISE_DIGITS);
	ck_assert_ptr_null(known_wrong(&list, key));
	for (unsigned i = 0; i < 7000; i++) {
		snprintf(value, sizeof(value), "%u", 1000000000u + i);
		ck_assert_int_eq(known_has(&list, &mac, value, strlen(value)), i % 7 == 0);
	}
	ck_assert(!known_has(&list, &mac, "", 0));
}
END_TEST

START_TEST(counts_each_once)
{
	struct known_maker m;
	struct known_list list;

	ck_assert(known_maker_init(&m, key, NORMALISE_ALNUM_UPPER));
	ck_assert_int_eq(known_maker_add(&m, "ab 12", 5), KNOWN_ADDED);
	ck_assert_int_eq(known_maker_add(&m, "AB-12", 5), KNOWN_ADDED);
	ck_assert_int_eq(known_maker_add(&m, " - ", 3), KNOWN_NOTHING_LEFT);
	file.len = 0;
	ck_assert(known_maker_write(&m, &file));
	known_maker_done(&m);
	ck_assert_ptr_null(known_parse(file.data, file.len, &list));
	ck_assert_uint_eq(list.len, 1);
}
END_TEST

START_TEST(holds_no_value)
{
	make(NORMALISE_NONE, 3);
	ck_assert_ptr_null(memmem(file.data, file.len, "1000000000", 10));
	ck_assert_ptr_null(memmem(file.data, file.len, "1000000007", 10));
}
END_TEST

START_TEST(another_key_is_told)
{
	struct known_list list;

	make(NORMALISE_NONE, 3);
	ck_assert_ptr_null(known_parse(file.data, file.len, &list));
	ck_assert_str_eq(known_wrong(&list, other_key),
			 "its known values were listed with another key than --key-file has");
}
END_TEST

/* Whatever is altered: it is refused when it is read, or when it is asked for its seal. */
START_TEST(altered_is_refused)
{
	struct known_list list;

	make(NORMALISE_NONE, 20);
	for (size_t at = 0; at < file.len; at++) {
		file.data[at] ^= 1;
		ck_assert_msg(known_parse(file.data, file.len, &list) || known_wrong(&list, key),
			      "byte %zu", at);
		file.data[at] ^= 1;
	}
	for (size_t len = 0; len < file.len; len++)
		ck_assert_ptr_nonnull(known_parse(file.data, len, &list));
	ck_assert_ptr_null(known_parse(file.data, file.len, &list));
}
END_TEST

static const struct {
	size_t at;
	uint8_t byte;
	const char *want;
} heads[] = {
	{ 0, 'X', "not a list that `assay rules make-list` made" },
	{ 7, '2', "not a list that `assay rules make-list` made" },
	{ 8, 4, "made by a later assay than this one" },
	{ 11, 1, "made by a later assay than this one" },
	{ 12, 1, "made by a later assay than this one" },
	{ 40, 2, "cut, or longer than it says: make it again" },
	{ 40, 4, "cut, or longer than it says: make it again" },
	{ 47, 0xFF, "cut, or longer than it says: make it again" }, /* times 16 it wraps */
	{ 47, 0x10, "cut, or longer than it says: make it again" },
};

START_TEST(head_is_checked)
{
	struct known_list list;
	const char *wrong;

	make(NORMALISE_NONE, 3);
	file.data[heads[_i].at] = (char)heads[_i].byte;
	wrong = known_parse(file.data, file.len, &list);
	ck_assert_ptr_nonnull(wrong);
	ck_assert_str_eq(wrong, heads[_i].want);
}
END_TEST

START_TEST(order_is_checked)
{
	struct known_list list;
	char *first;

	make(NORMALISE_NONE, 3);
	first = file.data + KNOWN_HEAD_BYTES;
	memcpy(first, first + FP_BYTES, FP_BYTES); /* twice */
	ck_assert_str_eq(known_parse(file.data, file.len, &list),
			 "damaged: its values are out of order; make it again");
	make(NORMALISE_NONE, 0);
	ck_assert_str_eq(known_parse(file.data, file.len, &list), "has no values: make it again");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("rules_known");
	TCase *tc = tcase_create("known");

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, has_what_was_listed);
	tcase_add_test(tc, counts_each_once);
	tcase_add_test(tc, holds_no_value);
	tcase_add_test(tc, another_key_is_told);
	tcase_add_test(tc, altered_is_refused);
	tcase_add_loop_test(tc, head_is_checked, 0, ARRAY_SIZE(heads));
	tcase_add_test(tc, order_is_checked);
	suite_add_tcase(s, tc);
	return s;
}
