/* test_engine_said.c - is it said of one person, or of people at large? */
#include "unit.h"

#include "said.h"

/* The word is `asthma`. */
static const struct {
	enum said want;
	const char *text;
} cases[] = {
	{ SAID_HIS, "We hope that your asthma is better." },
	{ SAID_HIS, "Her severe asthma kept her at home." },
	{ SAID_HIS, "Mrs Barlow came. Your\nasthma" },
	{ SAID_HIS, "My asthma is worse." },
	{ SAID_NEAR, "I have asthma" },
	{ SAID_OF_NOBODY, "You may have asthma" },
	{ SAID_NEAR, "You told us that you have asthma." },
	{ SAID_NEAR, "Mr Barlow has been treated for asthma" },
	{ SAID_NEAR,
	  "your wife, who has asthma" }, /* hers, and the letter says whose wife she is */
	{ SAID_NEAR, "asthma was found when she was ten" },
	{ SAID_NEAR, "If it rains, stay indoors. You have asthma." },
	{ SAID_NEAR, "You saw Dr. Jones about asthma" }, /* no end of a sentence */
	{ SAID_OF_NOBODY, "Asthma is common." },
	{ SAID_OF_NOBODY, "You came. Then asthma was spoken of." },
	{ SAID_OF_NOBODY, "You came\n\nasthma" },
	{ SAID_OF_NOBODY, "If you have asthma, call us." },
	{ SAID_OF_NOBODY, "You asked how many officers have asthma." },
	{ SAID_OF_NOBODY, "We told you about people with asthma" },
	{ SAID_OF_NOBODY, "You have asthma if the test says so" },
	{ SAID_OF_NOBODY, "asthma" },
	{ SAID_OF_NOBODY, "thyself has asthma" }, /* no word of the list, only a piece */
};

START_TEST(said)
{
	const char *text = cases[_i].text, *at = strcasestr(text, "asthma");

	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(said_of(text, (size_t)(at - text), strlen(text)), cases[_i].want);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("engine_said");
	TCase *tc = tcase_create("said");

	tcase_add_loop_test(tc, said, 0, ARRAY_SIZE(cases));
	suite_add_tcase(s, tc);
	return s;
}
