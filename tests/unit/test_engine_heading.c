/* test_engine_heading.c - what headings say of the rows below them */
#include "unit.h"

#include "names.h"

static const struct {
	const char *name;
	enum heading want;
} cases[] = {
	{ "Asset", HEADING_THING },
	{ "Information asset owner", HEADING_THING },
	{ "documentTitle", HEADING_THING },
	{ "FILE_NAME", HEADING_THING },
	{ "path", HEADING_THING },
	{ "Message", HEADING_CONTENT },
	{ "Document text", HEADING_CONTENT }, /* what is here decides */
	{ "bodyText", HEADING_CONTENT },
	{ "Surname", HEADING_CONTENT },
	{ "Context", HEADING_OTHER }, /* no piece of a word */
	{ "Profile", HEADING_OTHER },
	{ "Owner", HEADING_OTHER }, /* of anything */
	{ "Date", HEADING_OTHER },
	{ "12", HEADING_OTHER },
	{ "", HEADING_OTHER },
};

START_TEST(headings)
{
	ck_assert_int_eq(heading_of(cases[_i].name), cases[_i].want);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("engine_heading");
	TCase *tc = tcase_create("heading");

	tcase_add_loop_test(tc, headings, 0, ARRAY_SIZE(cases));
	suite_add_tcase(s, tc);
	return s;
}
