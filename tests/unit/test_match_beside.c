/* test_match_beside.c - what is sought beside others: near enough, and at the ends of windows */
#include "unit.h"

#include "match_rules.h"
#include "matcher.h"

#define TEXT_BYTES ((size_t)10000)

static const struct rule rules[] = {
	{ RULE("lead", SHAPE_LITERAL, "\\bLEAD\\d\\b"), .validator = &test_validators[2] },
	{ RULE("other", SHAPE_LITERAL, "\\bOTHER\\b") },
	{ RULE("word", SHAPE_BESIDE, "\\bword\\b") },
};

enum { LEAD, OTHER, WORD };

static const struct rule *const pointers[] = { &rules[0], &rules[1], &rules[2] };
static const struct rule_list list = { .rules = pointers, .len = ARRAY_SIZE(pointers) };
static assay_ruleset *set;
static struct matcher *engines[2];
static char text[TEXT_BYTES + WINDOW_PAD];

static void setup(void)
{
	struct assay_error err = { 0 };

	set = match_rules_compile(&list, &err);
	ck_assert_msg(set != NULL, "%s", err.detail);
	for (unsigned i = 0; i < ARRAY_SIZE(engines); i++)
		ck_assert_int_eq(matcher_new(set, i ? MATCH_REFERENCE : MATCH_STAGED,
					     MATCH_ISA_AUTO, &engines[i], &err),
				 0);
}

static void teardown(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(engines); i++)
		matcher_free(engines[i]);
	assay_ruleset_free(set);
}

static const struct {
	const char *lead; /**< at 5000 */
	size_t word;      /**< where it stands */
	size_t own_begin, own_end;
	bool everywhere;
	size_t want;
} cases[] = {
	{ "LEAD1", 5100, 0, TEXT_BYTES, false, 1 },
	{ "LEAD1", 4900, 0, TEXT_BYTES, false, 1 },
	{ "LEAD1", 5000 - BESIDE_BYTES, 0, TEXT_BYTES, false, 1 },
	{ "LEAD1", 4999 - BESIDE_BYTES, 0, TEXT_BYTES, false, 0 }, /* one byte too far */
	{ "LEAD1", 4999 + BESIDE_BYTES, 0, TEXT_BYTES, false, 1 },
	{ "LEAD1", 5000 + BESIDE_BYTES, 0, TEXT_BYTES, false, 0 },
	{ "LEAD2", 5100, 0, TEXT_BYTES, false, 0 }, /* the lead is none: its validator says so */
	{ "OTHER", 5100, 0, TEXT_BYTES, false, 0 }, /* does not lead */
	{ "OTHER", 5100, 0, TEXT_BYTES, true, 1 },
	{ "     ", 100, 0, TEXT_BYTES, false, 0 }, /* the begin of all, not of a window */
	{ "     ", 2100, 2000, 8000, false, 1 },   /* what leads to it may stand before */
	{ "     ", 7900, 2000, 8000, false, 1 },   /* or come */
	{ "     ", 5000, 2000, 8000, false, 0 },
	{ "LEAD1", 1990, 2000, 8000, false, 0 }, /* another window's */
	{ "LEAD1", 5100, 4900, 5050, false, 0 },
	{ "LEAD1", 5100, 5050, 5200, false, 1 }, /* all of it is an end */
};

START_TEST(near_what_leads)
{
	struct window win = { text, TEXT_BYTES, cases[_i].own_begin, cases[_i].own_end };
	struct rule_bits leads = { 0 };

	rule_bit_set(&leads, LEAD);
	memset(text, '.', sizeof(text));
	memcpy(text + 5000, cases[_i].lead, 5);
	memcpy(text + cases[_i].word, "word", 4);
	for (unsigned i = 0; i < ARRAY_SIZE(engines); i++) {
		struct hits hits = HITS_INIT;
		size_t words = 0;

		match_window(engines[i], &win, &hits);
		match_beside(engines[i], &win, cases[_i].everywhere ? NULL : &leads, &hits);
		for (size_t k = 0; k < hits.list.len; k++) {
			words += hits.list.items[k].rule == WORD;
			if (k > 0)
				ck_assert_uint_le(hits.list.items[k - 1].start,
						  hits.list.items[k].start);
		}
		ck_assert_uint_eq(words, cases[_i].want);
		vec_done(&hits.list);
	}
}
END_TEST

/* Leads that lie close together: each word comes once, and in order. */
START_TEST(stretches_that_touch)
{
	struct window win = { text, TEXT_BYTES, 0, TEXT_BYTES };
	struct rule_bits leads = { 0 };
	struct hits hits = HITS_INIT;
	size_t words = 0;

	rule_bit_set(&leads, LEAD);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "LEAD1 word . "[i % 13];
	match_window(engines[_i], &win, &hits);
	match_beside(engines[_i], &win, &leads, &hits);
	for (size_t k = 1; k < hits.list.len; k++)
		ck_assert_uint_lt(hits.list.items[k - 1].start, hits.list.items[k].start);
	for (size_t k = 0; k < hits.list.len; k++)
		words += hits.list.items[k].rule == WORD;
	ck_assert_uint_eq(words, TEXT_BYTES / 13);
	vec_done(&hits.list);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("match_beside");
	TCase *tc = tcase_create("beside");

	tcase_add_unchecked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, near_what_leads, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, stretches_that_touch, 0, 2);
	suite_add_tcase(s, tc);
	return s;
}
