/* test_classify_context.c - words near a hit, and what they are worth */
#include "unit.h"

#include "context.h"
#include "score.h"

enum { RAISE_NEAR, RAISE_FAR, LOWER, SEVERAL, ODD };

static const char *const words[] = { "nhs",      "hospital no", "invoice",   "no.",
				     "order",    "99",          "3 x 5",     "#n",
				     "\xc2\xa3", "accounted",   "accounting" };
static struct word_use nhs[] = { { RAISE_NEAR, 20, 1 }, { SEVERAL, 60, 1 }, { UINT16_MAX, 0, 0 } };
static struct word_use hospital[] = { { RAISE_NEAR, 20, 1 },
				      { RAISE_FAR, 300, 1 },
				      { UINT16_MAX, 0, 0 } };
static struct word_use invoice[] = { { LOWER, 20, -1 }, { SEVERAL, 30, -1 }, { UINT16_MAX, 0, 0 } };
static struct word_use number[] = { { RAISE_NEAR, 5, 1 }, { UINT16_MAX, 0, 0 } };
static struct word_use order[] = { { LOWER, 20, -1 }, { UINT16_MAX, 0, 0 } };
/* Words without letters, with letters in the middle, and two that begin alike. */
static struct word_use odd[] = { { ODD, 20, 1 }, { UINT16_MAX, 0, 0 } };
static struct word_use odd_lower[] = { { ODD, 20, -1 }, { UINT16_MAX, 0, 0 } };
static struct word_use *uses[] = { nhs, hospital, invoice, number, order,    odd,
				   odd, odd,      odd,     odd,    odd_lower };
static const struct rule_list list = { .len = 5 };

static assay_ruleset set = {
	.list = &list,
	.word_text = (const char **)words,
	.word_uses = uses,
	.words_len = ARRAY_SIZE(words),
};

/** X marks the evidence: a run of X. */
static const struct {
	const char *text;
	uint16_t rule;
	bool raised, lowered;
} cases[] = {
	{ "NHS number XXXXXXXXXX", RAISE_NEAR, true, false },
	{ "XXXXXXXXXX is the nhs", RAISE_NEAR, true, false },
	{ "unhs number XXXXXXXXXX", RAISE_NEAR, false, false }, /* inside a word */
	{ "nhs1 number XXXXXXXXXX", RAISE_NEAR, false, false }, /* the same */
	{ "(nhs) XXXXXXXXXX", RAISE_NEAR, true, false },
	{ "nhs_ XXXXXXXXXX", RAISE_NEAR, true, false },
	{ "nhs                    XXXXXXXXXX", RAISE_NEAR, true, false },   /* 20 */
	{ "nhs                     XXXXXXXXXX", RAISE_NEAR, false, false }, /* 21 */
	{ "XXXXXXXXXX                    nhs", RAISE_NEAR, true, false },
	{ "XXXXXXXXXX                     nhs", RAISE_NEAR, false, false },
	{ "nhs\n\nXXXXXXXXXX", RAISE_NEAR, false, false },
	{ "nhs\n \nXXXXXXXXXX", RAISE_NEAR, false, false },
	{ "nhs\r\n\r\nXXXXXXXXXX", RAISE_NEAR, false, false },
	{ "nhs\r\n\nXXXXXXXXXX", RAISE_NEAR, false, false },
	{ "nhs\nXXXXXXXXXX", RAISE_NEAR, true, false },
	{ "XXXXXXXXXX\n\nnhs", RAISE_NEAR, false, false },
	{ "nhs\n\nnhs XXXXXXXXXX", RAISE_NEAR, true, false },
	{ "[{\"a\": \"nhs\"}, {\"a\": \"XXXXXXXXXX\"}]", RAISE_NEAR, false, false },
	{ "{\"a\":\"nhs\"}\n{\"a\":\"XXXXXXXXXX\"}", RAISE_NEAR, false, false },
	{ "{\"a\":\"XXXXXXXXXX\"},\n{\"a\":\"nhs\"}", RAISE_NEAR, false, false },
	{ "{\"a\":\"nhs\"}},{\"a\":\"XXXXXXXXXX\"}", RAISE_NEAR, false, false },
	{ "{\"a\":\"nhs\",\"b\":\"XXXXXXXXXX\"}", RAISE_NEAR, true, false },
	{ "{\"nhs\":{\"b\":\"XXXXXXXXXX\"}}", RAISE_NEAR, true, false },
	{ "} else { nhs XXXXXXXXXX", RAISE_NEAR, true, false },
	{ "nhs } of { XXXXXXXXXX", RAISE_NEAR, true, false },
	{ "Hospital No: XXXXXXXXXX", RAISE_FAR, true, false },
	{ "hospital  no XXXXXXXXXX", RAISE_FAR, false, false }, /* another text */
	{ "nhs XXXXXXXXXX", RAISE_FAR, false, false },          /* not its word */
	{ "nhs XXXXXXXXXX", LOWER, false, false },
	{ "invoice XXXXXXXXXX", LOWER, false, true },
	{ "reordering XXXXXXXXXX", LOWER, false, false },
	{ "nhs invoice XXXXXXXXXX", SEVERAL, true, true },
	{ "no.XXXXXXXXXX", RAISE_NEAR, true, false }, /* ends in a sign */
	{ "XXXXXXXXXX", RAISE_NEAR, false, false },
	{ "99 XXXXXXXXXX", ODD, true, false },
	{ "999 XXXXXXXXXX", ODD, false, false }, /* more digits */
	{ "XXXXXXXXXX ends 99", ODD, true, false },
	{ "99 XXXXXXXXXX", SEVERAL, false, false },
	{ "3 x 5 XXXXXXXXXX", ODD, true, false },
	{ "3 x 55 XXXXXXXXXX", ODD, false, false },
	{ "x#N: XXXXXXXXXX", ODD, true, false },
	{ "\xc2\xa3 XXXXXXXXXX", ODD, true, false },
	{ "x\xc2\xa3 XXXXXXXXXX", ODD, true, false }, /* borders lie beside every sign */
	{ "ACCOUNTED XXXXXXXXXX", ODD, true, false },
	{ "accounting XXXXXXXXXX", ODD, false, true },
	{ "accountings XXXXXXXXXX", ODD, false, false },
};

START_TEST(words_near)
{
	const char *text = cases[_i].text;
	char data[512] = { 0 };
	struct hit hit = { .rule = cases[_i].rule };
	struct context_steps got;
	struct context *c;

	strcpy(data, text);
	hit.begin = hit.start = (uint32_t)strcspn(text, "X");
	hit.end = hit.begin + (uint32_t)strspn(text + hit.begin, "X");
	ck_assert_int_eq(context_new(&set, &c, NULL), ASSAY_OK);
	for (int twice = 0; twice < 2; twice++) { /* nothing is left of the first time */
		context_look(c, data, strlen(text), &hit, 1, &got);
		ck_assert_int_eq(got.raised, cases[_i].raised);
		ck_assert_int_eq(got.lowered, cases[_i].lowered);
	}
	context_free(c);
}
END_TEST

/* The word is part of the evidence itself. */
START_TEST(evidence_is_no_context)
{
	char data[128] = "ref nhs 1234 end";
	struct hit hit = { .start = 4, .begin = 4, .end = 12, .rule = RAISE_NEAR };
	struct context_steps got;
	struct context *c;

	ck_assert_int_eq(context_new(&set, &c, NULL), ASSAY_OK);
	context_look(c, data, 16, &hit, 1, &got);
	ck_assert(!got.raised);
	context_free(c);
}
END_TEST

START_TEST(no_words_no_steps)
{
	char data[128] = "nhs 1234";
	struct hit hit = { .start = 4, .begin = 4, .end = 8, .rule = RAISE_NEAR };
	struct context_steps got = { true, true };
	static const assay_ruleset none = { .list = &list };
	struct context *c;

	ck_assert_int_eq(context_new(&none, &c, NULL), ASSAY_OK);
	context_look(c, data, 8, &hit, 1, &got);
	ck_assert(!got.raised && !got.lowered);
	context_free(c);
}
END_TEST

static bool ends_word(const char *data, size_t len, size_t at)
{
	return at == 0 || at >= len || !is_alnum(data[at - 1]) || !is_alnum(data[at]);
}

static bool blank_between(const char *data, size_t from, size_t to)
{
	bool empty = false; /* nothing but spaces since a line's end */

	for (size_t i = from; i < to; i++) {
		if (data[i] == '\n' && empty)
			return true;
		empty = data[i] == '\n' || (empty && data[i] == ' ');
	}
	return false;
}

/** Every place of every word, one by one. */
static struct context_steps look_naively(const char *data, size_t len, const struct hit *h)
{
	struct context_steps steps = { false, false };

	for (size_t w = 0; w < ARRAY_SIZE(words); w++)
		for (size_t i = 0, n = strlen(words[w]); i + n <= len; i++)
			for (const struct word_use *u = uses[w]; u->rule != UINT16_MAX; u++) {
				bool before = i + n <= h->begin;
				size_t apart = before ? h->begin - (i + n) : i - h->end;

				if (u->rule != h->rule || strncasecmp(data + i, words[w], n) ||
				    !ends_word(data, len, i) || !ends_word(data, len, i + n) ||
				    (!before && i < h->end) || apart > u->within ||
				    apart + n + 1 > RULE_WITHIN_MAX)
					continue;
				if (before ? blank_between(data, i + n, h->begin)
					   : blank_between(data, h->end, i))
					continue;
				*(u->step > 0 ? &steps.raised : &steps.lowered) = true;
			}
	return steps;
}

START_TEST(agrees_with_looking_everywhere)
{
	static const char *const pieces[] = { "nhs",         "invoice", "hospital no",  "order",
					      "no.",         "\n",      "\n\n",         " ",
					      "word",        "x1",      "            ", "99",
					      "3 x 5",       "#n",      "accounting",   "\xc2\xa3",
					      "999 000 0018" };
	char data[4096 + 64] = { 0 };
	struct hit hits[300];
	struct context_steps got[300];
	size_t len = 0, hits_len = 0;
	uint64_t seed = (uint64_t)_i;
	struct context *c;

	while (len < 4000) {
		size_t which = unit_random(&seed) % ARRAY_SIZE(pieces);

		if (which == ARRAY_SIZE(pieces) - 1 && hits_len < 300)
			hits[hits_len++] = (struct hit){
				.start = (uint32_t)len,
				.begin = (uint32_t)(len + unit_random(&seed) % 4),
				.end = (uint32_t)(len + 12),
				.rule = (uint16_t)(unit_random(&seed) % 5),
			};
		strcpy(data + len, pieces[which]);
		len += strlen(pieces[which]);
		if (unit_random(&seed) % 2)
			data[len++] = ' ';
	}
	ck_assert_int_eq(context_new(&set, &c, NULL), ASSAY_OK);
	context_look(c, data, len, hits, hits_len, got);
	for (size_t i = 0; i < hits_len; i++) {
		struct context_steps want = look_naively(data, len, &hits[i]);

		ck_assert_int_eq(got[i].raised, want.raised);
		ck_assert_int_eq(got[i].lowered, want.lowered);
	}
	context_free(c);
}
END_TEST

static const struct {
	enum assay_confidence base;
	struct evidence e;
	enum assay_confidence want;
} scores[] = {
	{ ASSAY_LOW, { 0 }, ASSAY_LOW },
	{ ASSAY_LOW, { .word_near = true }, ASSAY_MEDIUM },
	{ ASSAY_LOW, { .word_near = true, .field = true, .column = true }, ASSAY_HIGH },
	{ ASSAY_LOW, { .word_near = true, .negative_word = true }, ASSAY_LOW },
	{ ASSAY_LOW, { .negative_word = true, .test_value = true }, ASSAY_LOW },
	{ ASSAY_HIGH, { .field = true, .test_value = true }, ASSAY_HIGH },
	{ ASSAY_HIGH, { .test_value = true, .negative_word = true }, ASSAY_LOW },
	{ ASSAY_MEDIUM, { .neighbour = true }, ASSAY_HIGH },
};

START_TEST(scores_add_up)
{
	struct rule rule = { .confidence = scores[_i].base };

	ck_assert_int_eq(score(&rule, &scores[_i].e), scores[_i].want);
}
END_TEST

static const struct {
	const char *category;
	enum shape shape;
	struct evidence e;
	enum assay_confidence want;
} persons[] = {
	/* nothing without a person, whatever else there is */
	{ "personal.special", SHAPE_LITERAL, { .field = true, .word_near = true }, ASSAY_LOW },
	{ "personal.criminal", SHAPE_LITERAL, { .column = true }, ASSAY_LOW },
	{ "personal.special", SHAPE_LITERAL, { .neighbour = true }, ASSAY_MEDIUM },
	{ "personal.special", SHAPE_BESIDE, { .neighbour = true, .field = true }, ASSAY_HIGH },
	{ "personal.special",
	  SHAPE_BESIDE,
	  { .neighbour = true, .negative_word = true },
	  ASSAY_LOW },
	{ "personal.attribute", SHAPE_LITERAL, { .word_near = true }, ASSAY_MEDIUM },
	/* sought beside others: a heading will do */
	{ "personal.attribute", SHAPE_BESIDE, { .word_near = true }, ASSAY_LOW },
	{ "personal.attribute", SHAPE_BESIDE, { .field = true }, ASSAY_MEDIUM },
};

START_TEST(some_need_a_person)
{
	struct rule rule = {
		.category = persons[_i].category,
		.shape = persons[_i].shape,
	};

	ck_assert_int_eq(score(&rule, &persons[_i].e), persons[_i].want);
}
END_TEST

START_TEST(knows_test_values)
{
	static const char *const values[] = { "9990000018", "QQ123456C" };
	struct rule rule = { .test_values = values, .test_values_len = 2 };

	ck_assert(score_is_test_value(&rule, "QQ123456C", 9));
	ck_assert(!score_is_test_value(&rule, "QQ123456", 8));
	ck_assert(!score_is_test_value(&rule, "9990000019", 10));
	ck_assert(!score_is_test_value(&rule, "", 0));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("context");
	TCase *tc = tcase_create("context");

	tcase_add_loop_test(tc, words_near, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, evidence_is_no_context);
	tcase_add_test(tc, no_words_no_steps);
	tcase_add_loop_test(tc, agrees_with_looking_everywhere, 0, 50);
	tcase_add_loop_test(tc, scores_add_up, 0, ARRAY_SIZE(scores));
	tcase_add_loop_test(tc, some_need_a_person, 0, ARRAY_SIZE(persons));
	tcase_add_test(tc, knows_test_values);
	suite_add_tcase(s, tc);
	return s;
}
