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
	{ SAID_AT_LARGE, "People with asthma see the nurse." },
	{ SAID_OF_NOBODY, "Those with asthma see the nurse." },
	{ SAID_HIS, "Please bring your asthma diary on 4 May." }, /* to one who is named */
	{ SAID_OF_NOBODY, "You have asthma if the test says so" },
	{ SAID_OF_NOBODY, "asthma" },
	{ SAID_OF_NOBODY, "thyself has asthma" }, /* no word of the list, only a piece */
};

START_TEST(said)
{
	const char *text = cases[_i].text, *at = strcasestr(text, "asthma");

	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(said_of(text, (size_t)(at - text), strlen(text), YOU_ARE_ONE),
			 cases[_i].want);
}
END_TEST

/* What letters say that greet nobody by name. */
static const struct {
	enum said anyone, many;
	const char *text;
} to_others[] = {
	{ SAID_HIS, SAID_OF_NOBODY, "We hope that your asthma is better." },
	{ SAID_OF_NOBODY, SAID_OF_NOBODY, "Wash your asthma inhaler once a week." },
	{ SAID_OF_NOBODY, SAID_OF_NOBODY, "Your asthma inhaler should be washed." },
	{ SAID_OF_NOBODY, SAID_OF_NOBODY, "Hello. Please label your asthma inhaler." },
	{ SAID_NEAR, SAID_OF_NOBODY, "You told us that you have asthma." },
	{ SAID_HIS, SAID_HIS, "I told you of my asthma." },
	{ SAID_NEAR, SAID_NEAR, "He has asthma, as you know." },
};

START_TEST(said_to_others)
{
	const char *text = to_others[_i].text, *at = strcasestr(text, "asthma");
	size_t n = (size_t)(at - text), len = strlen(text);

	ck_assert_int_eq(said_of(text, n, len, YOU_ARE_ANYONE), to_others[_i].anyone);
	ck_assert_int_eq(said_of(text, n, len, YOU_ARE_MANY), to_others[_i].many);
}
END_TEST

static const struct {
	enum said_you want;
	const char *text;
} greetings[] = {
	{ YOU_ARE_ONE, "\nDear Mrs Barlow,\n" },
	{ YOU_ARE_ONE, "Dear Priya\n" },
	{ YOU_ARE_MANY, "LS1\n\nDear Parents and carers\n" },
	{ YOU_ARE_MANY, "\r\nDear all,\r\n" },
	{ YOU_ARE_ANYONE, "\nDear Sir or Madam\n" },
	{ YOU_ARE_ANYONE, "\nDear Patient\n" },
	{ YOU_ARE_ANYONE, "\nOh Dear Mrs Barlow" }, /* not where a line begins */
	{ YOU_ARE_ANYONE, "Dear" },
	{ YOU_ARE_ANYONE, "" },
	{ YOU_ARE_ONE, "Dear all\nDear Jo" }, /* the last */
};

START_TEST(greeted)
{
	ck_assert_int_eq(said_to(greetings[_i].text, strlen(greetings[_i].text)),
			 greetings[_i].want);
}
END_TEST

static const struct {
	bool want;
	const char *text;
} places[] = {
	{ true, "\nOtley Police Station\nBridge Street\nLS21" },
	{ true, "\nThe Surgery, 3 High Street" },
	{ false, "\n4 Station Road\nLS21" },
	{ false, "\n2 Hospital Lane, Otley" },
	{ false, "\n14 Acacia Road\nOtley" },
	{ false, "" },
};

START_TEST(workplace)
{
	ck_assert_int_eq(said_is_workplace(places[_i].text, strlen(places[_i].text)),
			 places[_i].want);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("engine_said");
	TCase *tc = tcase_create("said");

	tcase_add_loop_test(tc, said, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, said_to_others, 0, ARRAY_SIZE(to_others));
	tcase_add_loop_test(tc, greeted, 0, ARRAY_SIZE(greetings));
	tcase_add_loop_test(tc, workplace, 0, ARRAY_SIZE(places));
	suite_add_tcase(s, tc);
	return s;
}
