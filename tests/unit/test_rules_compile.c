/* test_rules_compile.c - patterns measured, refused with a way out, and made ready to run */
#include "unit.h"

#include <stdio.h>

#include "match_rules.h"
#include "measure.h"

static const struct {
	const char *pattern;
	uint32_t width, reach, literal, digits;
} measured[] = {
	{ "abc", 3, 3, 3, 0 },
	{ "", 0, 0, 0, 0 },
	{ "a|bcd", 3, 3, 1, 0 },
	{ "abc|de?f", 3, 3, 2, 0 },
	{ "x(?:ab|cd)y", 4, 4, 4, 0 },
	{ "x(?:ab|c)y", 4, 4, 3, 0 },
	{ "ab?c", 3, 3, 2, 0 },
	{ "3 ?x ?5", 5, 5, 3, 1 },
	{ "gh[pousr]_", 4, 4, 4, 0 },
	{ "e[a-z]y", 3, 3, 1, 0 },
	{ "e[a-c]y", 3, 3, 3, 0 },
	{ "\\d{2,5}\\d?\\d", 7, 7, 0, 3 },
	{ "\\d{3}([ -]?)\\d{3}\\1\\d{4}", 12, 12, 0, 4 },
	{ "(?<s>[.-]{0,2})a(b)\\1\\2", 7, 7, 2, 0 },
	{ "a{3}b", 4, 4, 4, 0 },
	{ "a{2,5}b", 6, 6, 3, 0 },
	{ "(?:ab){2}", 4, 4, 4, 0 },
	{ "[Pp]assword", 8, 8, 8, 0 },
	{ "\\bfoo\\b", 3, 4, 3, 0 }, /* \b looks at one byte */
	{ "foo(?=.{10})", 3, 13, 3, 0 },
	{ "foo(?!a|bcde)x", 4, 7, 4, 0 },
	{ "(?<![\\d.-])\\d{4}", 4, 4, 0, 4 },
	{ "\\d{3}-\\d{4,9}x", 14, 14, 1, 4 },
	{ "[A-Z]\\d{12}", 13, 13, 0, 12 },
	{ "[0-9]{5}[+-]", 6, 6, 1, 5 },
	{ "[0156]\\d[x9]", 3, 3, 1, 2 },
	{ "[-0-9]{3}", 3, 3, 0, 0 }, /* a hyphen is no digit */
	{ "[^]]x[]x]", 3, 3, 2, 0 }, /* ] first in a class */
	{ "[^0-9]{2}", 2, 2, 0, 0 },
	{ "[[:digit:]]{2}[[:alpha:]]", 3, 3, 0, 2 },
	{ "\\Qa.b\\E.", 4, 4, 3, 0 },
	{ "\\x41\\x{42}c\\.", 4, 4, 4, 0 },
	{ "a{,3}", 5, 5, 5, 1 }, /* no repeat: PCRE2 takes it as it stands */
	{ "(?i)abc(?-i:d)", 4, 4, 4, 0 },
	{ "(?x) a b # comment\n c", 3, 3, 3, 0 },
	{ "(?x: a b ) c", 4, 4, 4, 0 }, /* ends with its group */
	{ "(?<name>ab)(?'n'c)(?#x)d", 4, 4, 4, 0 },
	{ "(?m)^ab$", 2, 3, 2, 0 },
	{ "a+", MEASURE_UNBOUNDED, MEASURE_UNBOUNDED, 1, 0 },
	{ "(?:a{0,1000}){0,100000}", 100000000, 100000000, 0, 0 },
	{ "(?:(?:a{1000}){1000}){9999}", MEASURE_UNBOUNDED, MEASURE_UNBOUNDED, 1000, 0 },
	{ "ab(?=c+)", 2, MEASURE_UNBOUNDED, 2, 0 },
};

START_TEST(measures)
{
	struct measure m = { 0 };
	const char *wrong = measure_pattern(measured[_i].pattern, &m);

	ck_assert_msg(!wrong, "%s: %s", measured[_i].pattern, wrong);
	ck_assert_msg(m.width == measured[_i].width && m.reach == measured[_i].reach &&
			  m.literal == measured[_i].literal && m.digits == measured[_i].digits,
		      "%s: width %u reach %u literal %u digits %u", measured[_i].pattern, m.width,
		      m.reach, m.literal, m.digits);
}
END_TEST

static const char *const unmeasurable[] = {
	"^a",      "a$",
	"\\Aa",    "a\\z",
	"a\\Z",    "\\Ga",
	"a\\Kb",   "(a\\1)",
	"\\1",     "(?|(a)|(b))\\1",
	"(a)\\g1", "(?<n>a)\\k<n>",
	"(?P=n)",  "(?R)",
	"(?1)",    "(*UTF)a",
	"(?(1)a)", "(a",
	"a)",      "[a",
	"a\\",     "(?<n",
	"(?#",     "\\X",
	"(?C1)a",  "(?m:a)^",
	"\\y",     "(?",
	"(?i",     "(?<=a",
};

/* How far before its run of digits may a match start? */
static const struct {
	const char *pattern;
	uint32_t digits, lead;
} led[] = {
	{ "\\d{4}", 4, 0 },
	{ "ab?\\d{4}", 4, 2 },
	{ "(?:;|%B)\\d{13,19}=\\d{7}", 13, 2 },
	{ "\\d{3}-\\d{7}", 7, 4 },
	{ "\\d{7}-\\d{3}", 7, 0 },
	{ "x\\d{0,3}y{0,2}\\d\\d{5}", 6, 6 },
	{ "x\\d{1,3}\\d{5}", 6, 3 }, /* the run may begin anywhere in the first group */
	{ "a\\d{5}|bcd\\d{9}", 5, 3 },
	{ "(?:ab\\d{4}){2}", 4, 2 },
};

START_TEST(leads)
{
	struct measure m = { 0 };

	ck_assert_ptr_null(measure_pattern(led[_i].pattern, &m));
	ck_assert_msg(m.digits == led[_i].digits && m.digits_lead == led[_i].lead,
		      "%s: digits %u lead %u", led[_i].pattern, m.digits, m.digits_lead);
}
END_TEST

START_TEST(refuses)
{
	struct measure m;

	ck_assert_msg(measure_pattern(unmeasurable[_i], &m) != NULL, "%s", unmeasurable[_i]);
}
END_TEST

/* Cut anywhere, a pattern is refused or measured, never read past its end. */
START_TEST(cut_patterns)
{
	for (size_t i = 0; i < MATCH_RULES; i++)
		for (size_t len = 0; len <= strlen(match_rules[i].pattern); len++) {
			char *copy = strndup(match_rules[i].pattern, len);
			struct measure m;
			const char *wrong = measure_pattern(copy, &m);

			(void)wrong;
			free(copy);
		}
}
END_TEST

/* Each gets one line that names file, line and rule. */
static const struct {
	struct rule rule;
	const char *says;
} bad[] = {
	{ { RULE("r", SHAPE_NINO, "a(b") }, "missing closing parenthesis" },
	{ { RULE("r", SHAPE_NINO, "a.*b") }, "bound its repeats" },
	{ { RULE("r", SHAPE_NINO, "a.{0,4000}b") }, "bound its repeats" },
	{ { RULE("r", SHAPE_NINO, "\\b") }, "empty text" },
	{ { RULE("r", SHAPE_NINO, "^ab") }, "(?m)" },
	{ { RULE("r", SHAPE_NINO, "(?<=.{65})a") }, "looks behind" },
	{ { RULE("r", SHAPE_LITERAL, "ab\\d") }, "lacks a literal" },
	{ { RULE("r", SHAPE_LITERAL, "abc|de") }, "lacks a literal" },
	{ { RULE("r", SHAPE_LITERAL, "abc(?!d)") }, "prefilter" },
	{ { RULE("r", SHAPE_LITERAL, "abc"), .prefilter = "abc.*" }, "no bound" },
	{ { RULE("r", SHAPE_NINO, "ab"), .cell = "(" }, "cell" },
	{ { RULE("r", SHAPE_NINO, "ab"),
	    .raise = &(struct context_words){ (const char *const[]){ "" }, 1, 10 },
	    .raise_len = 1 },
	  "empty context word" },
	{ { RULE("r", SHAPE_NINO, "ab"),
	    .raise = &(struct context_words){ (const char *const[]){ "x" }, 1, 301 },
	    .raise_len = 1 },
	  "within" },
};

START_TEST(errors)
{
	const struct rule *rules[] = { &bad[_i].rule };
	struct rule_list list = { .rules = rules, .len = 1 };
	struct ruleset_image image = { 0 };
	struct assay_error err = { 0 };

	ck_assert_int_eq(ruleset_image_make(&list, &image, &err), ASSAY_FATAL);
	ck_assert_int_eq(err.reason, ASSAY_BAD_RULE);
	ck_assert_ptr_null(image.facts);
	ck_assert_msg(strncmp(err.detail, "test.yaml:", 10) == 0, "%s", err.detail);
	ck_assert_msg(strstr(err.detail, ": rule r: ") != NULL, "%s", err.detail);
	ck_assert_msg(strstr(err.detail, bad[_i].says) != NULL, "%s", err.detail);
	ck_assert_ptr_null(strchr(err.detail, '\n'));
}
END_TEST

static assay_ruleset *compiled(struct rule_list *list)
{
	struct assay_error err = { 0 };
	assay_ruleset *set;

	*list = match_list();
	set = match_rules_compile(list, &err);
	ck_assert_msg(set != NULL, "%s", err.detail);
	return set;
}

static void free_setp(assay_ruleset **set)
{
	assay_ruleset_free(*set);
}

START_TEST(answers)
{
	struct rule_list list;
	CLEANUP(free_setp) assay_ruleset *set = compiled(&list);

	ck_assert_uint_eq(assay_ruleset_count(set), MATCH_RULES);
	ck_assert_str_eq(assay_ruleset_id(set, 1), "nhs");
	ck_assert_ptr_null(assay_ruleset_id(set, MATCH_RULES));
	ck_assert(set->rules[1].has_group);
	ck_assert_ptr_nonnull(set->rules[1].cell);
	ck_assert(set->rules[1].cell_has_group);
	ck_assert(!set->rules[0].has_group);
	ck_assert_ptr_null(set->rules[0].cell);
	assay_ruleset_free(NULL);
}
END_TEST

/* Ids lead to text, which is in lower case, and uses. */
START_TEST(words)
{
	static const char text[] = "Isbn; HOSPITAL NO; the NHS's patient";
	struct rule_list list;
	CLEANUP(free_setp) assay_ruleset *set = compiled(&list);

	ck_assert_uint_eq(set->words_len, 5);
	for (size_t i = 0; i < set->words_len; i++) {
		const char *word = set->word_text[i];
		const struct word_use *use = set->word_uses[i];
		bool lowers = strcmp(word, "isbn") == 0 || strcmp(word, "order") == 0;

		ck_assert_int_eq(strcasestr(text, word) != NULL, strcmp(word, "order") != 0);
		for (const char *c = word; *c; c++)
			ck_assert_int_eq(*c, to_lower(*c));
		ck_assert_uint_eq(use->rule, 1);
		ck_assert_int_eq(use->step, lowers ? -1 : 1);
		ck_assert_uint_eq(use->within, lowers ? 30 : 60);
		ck_assert_uint_eq(use[1].rule, UINT16_MAX);
	}
}
END_TEST

static const struct {
	const char *heading;
	bool nhs, card;
	bool not_nhs; /* it has a word that lowers the rule */
} headings[] = {
	{ "nhs number", true, false },
	{ "NHS_Number", true, false },
	{ "nhsNumber", true, false },
	{ "patientNHSNumber", true, false },
	{ "Patient NHS-No.", true, false },
	{ "NHS  No:", true, false },
	{ "nhs numbers", false, false }, /* whole words */
	{ "xnhs number", false, false },
	{ "PAN", false, true },
	{ "span", false, false },
	{ "nhs no / pan", true, true },
	{ "card", false, false },
	{ "ISBN", false, false, true },
	{ "Order_No", false, false, true },
	{ "orderly", false, false },
	{ "", false, false },
	{ "---", false, false },
};

START_TEST(fields)
{
	struct rule_list list;
	CLEANUP(free_setp) assay_ruleset *set = compiled(&list);
	struct rule_bits bits, against;
	char lengthy[5000];

	for (size_t i = 0; i < ARRAY_SIZE(headings); i++) {
		ruleset_field_rules(set, headings[i].heading, strlen(headings[i].heading), &bits,
				    &against);
		ck_assert_msg(rule_bit(&bits, 1) == headings[i].nhs, "%s", headings[i].heading);
		ck_assert_msg(rule_bit(&bits, 3) == headings[i].card, "%s", headings[i].heading);
		ck_assert_msg(rule_bit(&against, 1) == headings[i].not_nhs, "%s",
			      headings[i].heading);
		ck_assert(!rule_bit(&bits, 0));
	}
	for (size_t i = 0; i < sizeof(lengthy); i++)
		lengthy[i] = "aB"[i & 1];
	ruleset_field_rules(set, lengthy, sizeof(lengthy), &bits, &against);
	ck_assert(!rule_bit(&bits, 1));
}
END_TEST

START_TEST(normalises)
{
	static const struct {
		enum normalise how;
		const char *value, *want;
	} cases[] = {
		{ NORMALISE_NONE, "a B-1", "a B-1" },
		{ NORMALISE_DIGITS, "999 000-0018x", "9990000018" },
		{ NORMALISE_ALNUM_UPPER, "ab 12-c", "AB12C" },
		{ NORMALISE_EMAIL, "Jane.Doe@Example.ORG", "jane.doe@example.org" },
	};
	char got[32];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t n = rule_normalise(cases[i].how, cases[i].value, strlen(cases[i].value), got,
					  sizeof(got));

		ck_assert_uint_eq(n, strlen(cases[i].want));
		ck_assert_mem_eq(got, cases[i].want, n);
	}
	ck_assert_uint_eq(rule_normalise(NORMALISE_DIGITS, "123456", 6, got, 3), 3);
}
END_TEST

/* An image is C source that a compiler takes; a foreign one is refused. */
START_TEST(images)
{
	struct rule_list list = match_list();
	CLEANUP(ruleset_image_done) struct ruleset_image image = { 0 };
	struct assay_error err = { 0 };
	assay_ruleset *set = NULL;
	char *source = NULL;
	size_t len;
	FILE *out = open_memstream(&source, &len);

	ck_assert_int_eq(ruleset_image_make(&list, &image, &err), ASSAY_OK);
	ck_assert(ruleset_image_print(&image, "builtin_image", out));
	fclose(out);
	ck_assert_ptr_nonnull(
	    strstr(source, "static const struct ruleset_image builtin_image = {"));
	ck_assert_ptr_nonnull(strstr(source, "builtin_image_literals[] = {"));
	free(source);
	((char *)image.literals.data)[8] ^= 1;
	ck_assert_int_eq(ruleset_from_image(&list, &image, &set, &err), ASSAY_FATAL);
	list.len--;
	ck_assert_int_eq(ruleset_from_image(&list, &image, &set, &err), ASSAY_FATAL);
	ck_assert_ptr_null(set);
}
END_TEST

START_TEST(no_rules)
{
	struct rule_list list = { 0 };
	struct assay_error err = { 0 };
	CLEANUP(free_setp) assay_ruleset *set = match_rules_compile(&list, &err);

	ck_assert_msg(set != NULL, "%s", err.detail);
	ck_assert_ptr_null(set->literals);
	ck_assert_uint_eq(set->words_len, 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("rules_compile");
	TCase *tc = tcase_create("compile");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, measures, 0, ARRAY_SIZE(measured));
	tcase_add_loop_test(tc, leads, 0, ARRAY_SIZE(led));
	tcase_add_loop_test(tc, refuses, 0, ARRAY_SIZE(unmeasurable));
	tcase_add_test(tc, cut_patterns);
	tcase_add_loop_test(tc, errors, 0, ARRAY_SIZE(bad));
	tcase_add_test(tc, answers);
	tcase_add_test(tc, words);
	tcase_add_test(tc, fields);
	tcase_add_test(tc, normalises);
	tcase_add_test(tc, images);
	tcase_add_test(tc, no_rules);
	suite_add_tcase(s, tc);
	return s;
}
