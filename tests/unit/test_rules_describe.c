/* test_rules_describe.c - rules as text: columns, everything, plain words, ripgrep's syntax */
#include "unit.h"

#include "asrg.h"
#include "describe.h"
#include "load.h"
#include "suggest.h"

static const char pack[] =
    "version: 1\n"
    "pack: local\n"
    "rules:\n"
    "  - id: local.custody-number\n"
    "    name: Custody r\xC3\xA9"
    "cord\n"
    "    category: policing.offender\n"
    "    severity: high\n"
    "    pattern: '(?<!\\w)([A-Z]{2}/\\d{4}/\\d{2})(?!\\w)'\n"
    "    shape: literal\n"
    "    confidence: low\n"
    "    context:\n"
    "      raise: [{words: [custody record], within: 100}]\n"
    "      lower: [{words: [example], within: 40}]\n"
    "      fields: [custody no]\n"
    "    normalise: alnum-upper\n"
    "    reveal: last:2\n"
    "    test_values: [ZZ/0000/00]\n"
    "    help: Identifies a detained person in the custody system.\n"
    "    references: [PACE Code C]\n"
    "    examples:\n"
    "      - {text: \"Custody record\\n\\eAB/1234/19\", match: AB/1234/19, confidence: medium}\n"
    "    counter_examples:\n"
    "      - {text: ref AB/1234/199, why: three digits at the end}\n"
    "  - id: local.twin\n"
    "    name: Twin\n"
    "    category: policing.record\n"
    "    severity: low\n"
    "    pattern: '([ab])\\1'\n"
    "    shape: other\n"
    "    confidence: high\n"
    "    help: A letter twice.\n"
    "    examples: [{text: aa, match: aa, confidence: high}]\n"
    "    counter_examples: [{text: ab, why: two letters}]\n";

static struct pack_set *set;
static char *text;
static size_t text_len;
static FILE *out;

static void open_all(void)
{
	struct assay_error err = { 0 };

	ck_assert_int_eq(pack_set_new(&set, &err), ASSAY_OK);
	ck_assert_msg(pack_set_parse(set, "local.yaml", pack, strlen(pack), &err) == ASSAY_OK, "%s",
		      err.detail);
	out = open_memstream(&text, &text_len);
	ck_assert_ptr_nonnull(out);
}

static void close_all(void)
{
	fclose(out);
	free(text);
	pack_set_free(set);
}

START_TEST(lists_in_columns)
{
	rules_list(pack_set_rules(set), out);
	fflush(out);
	ck_assert_str_eq(text, "local: policing.offender\n"
			       "  local.custody-number  low     Custody r\xC3\xA9"
			       "cord\n\n"
			       "local: policing.record\n"
			       "  local.twin            high    Twin\n\n"
			       "2 rules in 1 pack, each with its confidence on its own\n");
}
END_TEST

START_TEST(shows_everything)
{
	static const char *const wanted[] = {
		"\nfile              local.yaml\nline              4\n",
		"\npattern           (?<!\\w)([A-Z]{2}/\\d{4}/\\d{2})(?!\\w)\n",
		"\nraise             within 100 bytes:\n                  custody record\n",
		"\nreveal            last:2\n",
		"\ntest values       ZZ000000\n",
		"\nreferences        PACE Code C\n",
		/* A rule's text cannot drive the terminal. */
		"\nexamples          Custody record\\n\\x1BAB/1234/19\n",
		"\ncounter-examples  ref AB/1234/199\n    quiet         three digits at the end\n",
	};

	ck_assert_int_eq(rules_show(pack_set_rules(set), "local.custody-number", out, NULL),
			 ASSAY_OK);
	fflush(out);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		ck_assert_msg(strstr(text, wanted[i]) != NULL, "%s in\n%s", wanted[i], text);
}
END_TEST

START_TEST(explains_in_words)
{
	static const char *const wanted[] = {
		"local.custody-number: Custody r\xC3\xA9"
		"cord\n"
		"pack local, category policing.offender, severity high\n",
		"\nWhat it is\n  Identifies a detained person in the custody system.\n",
		"\nHow it is proved\n  Nothing beyond its form can be checked",
		"\n  It starts at low. One step up for each of:\n"
		"  - one of these words within 100 bytes:\n      custody record\n",
		"\n  The sum stays between low and high: for this rule from low to high. Low, a\n"
		"  word near and a heading make high. On its own it is low, which is counted, and\n"
		"  reported with --min-confidence=low.\n",
		"\n  - three digits at the end\n      ref AB/1234/199\n",
		"--mask=partial\n  shows its last 2 characters, at most a third of it.\n",
		"\nReferences\n  - PACE Code C\n",
	};

	ck_assert_int_eq(rules_explain(pack_set_rules(set), "local.custody-number", out, NULL),
			 ASSAY_OK);
	fflush(out);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		ck_assert_msg(strstr(text, wanted[i]) != NULL, "%s in\n%s", wanted[i], text);
}
END_TEST

static const struct {
	const char *id, *want;
} unknown[] = {
	{ "local.custody-numbr", "unknown rule 'local.custody-numbr'; did you mean "
				 "'local.custody-number'?" },
	{ "twin", "unknown rule 'twin'; did you mean 'local.twin'?" },
	{ "xyzzy", "unknown rule 'xyzzy': `assay rules list` names them all" },
	{ "a\x1B[2J", "unknown rule 'a?[2J': `assay rules list` names them all" },
};

START_TEST(unknown_ids)
{
	struct assay_error err = { 0 };

	ck_assert_int_eq(rules_show(pack_set_rules(set), unknown[_i].id, out, &err), ASSAY_FATAL);
	ck_assert_str_eq(err.detail, unknown[_i].want);
	ck_assert_int_eq(rules_explain(pack_set_rules(set), unknown[_i].id, out, &err),
			 ASSAY_FATAL);
	ck_assert_str_eq(err.detail, unknown[_i].want);
	fflush(out);
	ck_assert_uint_eq(text_len, 0);
}
END_TEST

START_TEST(leaves_out_what_ripgrep_cannot_say)
{
	ck_assert_uint_eq(rules_as_rg(pack_set_rules(set), out), 1);
	fflush(out);
	ck_assert_str_eq(text, "(?:(?:[A-Z]{2}/\\d{4}/\\d{2}))\n");
}
END_TEST

/* What stands between the outer (?: and ); NULL: cannot be said. */
static const struct {
	const char *pattern, *want;
} translations[] = {
	{ "abc", "abc" },
	{ "(?i)ab|c", "(?i)ab|c" },
	{ "(?i:a)(b)(?<n>c)(?'m'd)", "(?i:a)(?:b)(?:c)(?:d)" },
	{ "(?<!\\w)a(?=b(c))d(?!\\))", "ad" },
	{ "a(?=[)(])+b", "ab" },
	{ "(?>a|b)(?|(c)|(d))", "(?:a|b)(?:(?:c)|(?:d))" },
	{ "a++b*+c?+d{2}+e{1,}+f+?", "a+b*c?d{2}e{1,}f+?" },
	{ "a\\/b\\\"c\\-d-e", "a/b\"c\\-d\\-e" },
	{ "a{b}c{,2}", "a\\{b\\}c\\{,2\\}" },
	{ "[[a&&b~-]x]", "[\\[a\\&\\&b\\~-]x\\]" },
	{ "[]a][^]b][[:alpha:]\\d]", "[\\]a][^\\]b][[:alpha:]\\d]" },
	{ "[\\w-.]", "[\\w\\-\\.]" },
	{ "[\xC2\xA3$]\xC2\xA3", "[\\xC2\\xA3\\$]\\xC2\\xA3" }, /* bytes, not characters */
	{ "\\h+[\\h]\\v\\e\\N", "[ \\t]+[ \\t][\\x0B\\x0C\\r]\\x1B." },
	{ "\\x41\\x{a3}[\\x00-\\x1F]", "\\x41\\xA3[\\x00-\\x1F]" },
	{ "\\Qa.b\\E+", "a\\.b+" },
	{ "a\\r?\\nb(c)|d", "a\\r?$|d" }, /* up to the line end */
	{ "(a\\nb)", "(?:a$b)" },
	{ "a\\n*b", "ab" },
	{ "a\\Kb", "ab" },
	{ "\\bab\\b", "\\bab\\b" },
	{ "(a)\\1", NULL },
	{ "(?R)", NULL },
	{ "(?(1)a|b)", NULL },
	{ "(*UTF)a", NULL },
	{ "\\p{L}", NULL },
	{ "(?=a)", NULL }, /* nothing left */
	{ "a)", NULL },
	{ "(a", NULL },
	{ "[a", NULL },
	{ "a\\", NULL },
	{ "\\x{100}", NULL },
};

START_TEST(translates)
{
	CLEANUP(buf_done) struct buf got = BUF_INIT(1000);
	char want[200];

	ck_assert_int_eq(pattern_as_rg(translations[_i].pattern, &got),
			 translations[_i].want != NULL);
	if (!translations[_i].want)
		return;
	snprintf(want, sizeof(want), "(?:%s)", translations[_i].want);
	ck_assert_str_eq(got.data, want);
}
END_TEST

static const struct {
	const char *word, *candidate;
	bool is_near;
} pairs[] = {
	{ "pattren", "pattern", true },   /* one swap */
	{ "catgory", "category", true },  /* one less */
	{ "helpp", "help", true },        /* one more */
	{ "sevirety", "severity", true }, /* two others */
	{ "pttrm", "pattern", false },    /* three */
	{ "no", "id", false },            /* nothing in common */
	{ "", "id", false },
	{ "normalize", "normalise", true },
};

START_TEST(suggests)
{
	struct suggestion s = SUGGESTION_INIT(pairs[_i].word);

	suggest(&s, pairs[_i].candidate);
	ck_assert_int_eq(s.best != NULL, pairs[_i].is_near);
}
END_TEST

START_TEST(suggests_the_nearest)
{
	struct suggestion s = SUGGESTION_INIT("hihg");

	suggest(&s, "high1");
	suggest(&s, "high");
	suggest(&s, "thigh");
	ck_assert_str_eq(s.best, "high");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("rules_describe");
	TCase *words = tcase_create("words"), *rules = tcase_create("rules");

	tcase_add_checked_fixture(rules, open_all, close_all);
	tcase_add_test(rules, lists_in_columns);
	tcase_add_test(rules, shows_everything);
	tcase_add_test(rules, explains_in_words);
	tcase_add_loop_test(rules, unknown_ids, 0, ARRAY_SIZE(unknown));
	tcase_add_test(rules, leaves_out_what_ripgrep_cannot_say);
	suite_add_tcase(s, rules);
	tcase_add_loop_test(words, translates, 0, ARRAY_SIZE(translations));
	tcase_add_loop_test(words, suggests, 0, ARRAY_SIZE(pairs));
	tcase_add_test(words, suggests_the_nearest);
	suite_add_tcase(s, words);
	return s;
}
