/* test_cli_options.c - the option table: every row is explained, no name or letter is twice */
#include "options.h"
#include "unit.h"

/** The rows that may be silent: without effect, or no user's business. */
static bool may_be_silent(const struct option_row *row)
{
	return row->id == OPT_NO_OP || row->id == OPT_TEST_HOOKS || row->id == OPT_MAN;
}

START_TEST(rows_are_explained)
{
	size_t len;
	const struct option_row *rows = option_rows(&len);

	for (size_t i = 0; i < len; i++) {
		ck_assert_msg(may_be_silent(&rows[i]) == !rows[i].help, "--%s", rows[i].name);
		ck_assert_msg(rows[i].commands != 0, "--%s belongs to no command", rows[i].name);
		ck_assert_ptr_nonnull(rows[i].group);
	}
}
END_TEST

START_TEST(rows_are_distinct)
{
	size_t len;
	const struct option_row *rows = option_rows(&len);

	for (size_t i = 0; i < len; i++)
		for (size_t j = i + 1; j < len; j++) {
			if (!(rows[i].commands & rows[j].commands))
				continue;
			ck_assert_str_ne(rows[i].name, rows[j].name);
			ck_assert_msg(!rows[i].letter || rows[i].letter != rows[j].letter, "-%c",
				      rows[i].letter);
		}
}
END_TEST

/* A default that is a choice must be one of them, or help tells a lie. */
START_TEST(fallbacks_are_choices)
{
	size_t len;
	const struct option_row *rows = option_rows(&len);

	for (size_t i = 0; i < len; i++) {
		bool known = !rows[i].choices || !rows[i].fallback;

		for (size_t c = 0; rows[i].choices && rows[i].choices[c]; c++)
			known = known ||
				(rows[i].fallback && !strcmp(rows[i].choices[c], rows[i].fallback));
		ck_assert_msg(known, "--%s", rows[i].name);
	}
}
END_TEST

START_TEST(commands_are_explained)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		ck_assert_ptr_nonnull(command_rows[i].name);
		ck_assert_str_ne(command_rows[i].summary, "");
		ck_assert_str_ne(command_rows[i].about, "");
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("cli options");
	TCase *tc = tcase_create("table");

	tcase_add_test(tc, rows_are_explained);
	tcase_add_test(tc, rows_are_distinct);
	tcase_add_test(tc, fallbacks_are_choices);
	tcase_add_test(tc, commands_are_explained);
	suite_add_tcase(s, tc);
	return s;
}
