/* test_rules_terms.c - dictionaries: what is a term, and where one matches */
#include "unit.h"

#include "arena.h"
#include "load.h"
#include "ruleset.h"
#include "terms.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static struct arena arena;
static struct assay_error err;

static void teardown(void)
{
	arena_done(&arena);
}

static enum assay_status parse(const char *text, size_t len, bool fold, struct term_list *ret)
{
	char *copy = arena_copy(&arena, text, len);

	*ret = (struct term_list){ .fold = fold };
	return terms_parse(&arena, "t.txt", copy, len, ret, &err);
}

static const char file[] = "\xEF\xBB\xBF# names\r\n"
			   "Example  Kestrel\r\n"
			   "\n"
			   "example kestrel  \n"
			   "T\xC5\xB7 Gwyn\n"
			   "Red-Kite\n"
			   "Red Kite Two\n"
			   "X9/Anvil\n"
			   "the O\xE2\x80\x99Neill file";

START_TEST(reads_a_file)
{
	static const char *const want[] = {
		"example kestrel",  "red kite",       "red kite two",
		"the o'neill file", "t\xC5\xB7 gwyn", "x9/anvil",
	};
	struct term_list list;

	ck_assert_msg(parse(file, strlen(file), true, &list) == ASSAY_OK, "%s", err.detail);
	ck_assert_uint_eq(list.len, ARRAY_SIZE(want));
	for (size_t i = 0; i < list.len; i++)
		ck_assert_str_eq(list.terms[i].text, want[i]);
	ck_assert_uint_eq(list.width, 16 + 2 * (TERM_GAP_MAX - 1));
}
END_TEST

static const struct {
	const char *text, *begin, *match; /**< match: NULL if none is to begin there */
} places[] = {
	{ "an Example Kestrel.", "Ex", "Example Kestrel" },
	{ "EXAMPLE KESTREL", "EX", "EXAMPLE KESTREL" },
	{ "example\r\n  kestrel", "ex", "example\r\n  kestrel" },
	{ "example\n\nkestrel", "ex", NULL },  /* another paragraph */
	{ "example     kestrel", "ex", NULL }, /* five */
	{ "2019_example_kestrel.doc", "ex", "example_kestrel" },
	{ "example-kestrel", "ex", "example-kestrel" },
	{ "example kestrels", "ex", NULL },
	{ "counterexample kestrel", "ex", NULL },
	{ "example kestrel2", "ex", NULL },
	{ "example kestrel\xC3\xA9", "ex", NULL }, /* a letter */
	{ "\xC3\xA9"
	  "example kestrel",
	  "ex", NULL },
	{ "\xE2\x80\x9C"
	  "example kestrel\xE2\x80\x9D",
	  "ex", "example kestrel" }, /* quotes */
	{ "\xC3\x97"
	  "example kestrel",
	  "ex", "example kestrel" }, /* a sign */
	{ "Red Kite", "Red", "Red Kite" },
	{ "Red Kite Two", "Red", "Red Kite Two" }, /* the longest */
	{ "Red Kite Twos", "Red", "Red Kite" },    /* that is whole */
	{ "T\xC5\xB6 GWYN", "T", "T\xC5\xB6 GWYN" },
	{ "x9/anvil", "x", "x9/anvil" },
	{ "9/anvil", "9", NULL },
	{ "example", "ex", NULL },
};

START_TEST(matches_whole_words)
{
	const char *text = places[_i].text, *at = strstr(text, places[_i].begin);
	struct term_list list;
	size_t got, want = places[_i].match ? strlen(places[_i].match) : 0;

	ck_assert_int_eq(parse(file, strlen(file), true, &list), ASSAY_OK);
	got = terms_match(&list, text, strlen(text), (size_t)(at - text));
	ck_assert_uint_eq(got, want);
	if (got)
		ck_assert_mem_eq(at, places[_i].match, want);
}
END_TEST

START_TEST(case_may_count)
{
	struct term_list list;

	ck_assert_int_eq(parse("OpAl\nOpal\n", 10, false, &list), ASSAY_OK);
	ck_assert_uint_eq(list.len, 2);
	ck_assert_uint_eq(terms_match(&list, "OpAl", 4, 0), 4);
	ck_assert_uint_eq(terms_match(&list, "opal", 4, 0), 0);
	ck_assert_uint_eq(terms_match(&list, "OPAL", 4, 0), 0);
}
END_TEST

static const struct {
	const char *text;
	size_t len;
	const char *want;
} refused[] = {
	{ "", 0, "t.txt: no terms in it: one a line" },
	{ "# x\n\n", 5, "t.txt: no terms in it: one a line" },
	{ "Kestrel\nab\n", 11,
	  "t.txt:2: too short: a term needs three letters or digits in a row" },
	{ "Kestrel\n--\n", 11,
	  "t.txt:2: too short: a term needs three letters or digits in a row" },
	{ "Kestrel\nSecr\x01t\n", 15, "t.txt:2: a control character: one term a line, as text" },
	{ "K\0e\0s\0", 6, "t.txt: not UTF-8 text: save it as that" },
	{ "Kestr\xE9l\n", 8, "t.txt: not UTF-8 text: save it as that" },
};

START_TEST(refuses)
{
	struct term_list list;

	ck_assert_int_eq(parse(refused[_i].text, refused[_i].len, true, &list), ASSAY_FATAL);
	ck_assert_str_eq(err.detail, refused[_i].want);
}
END_TEST

START_TEST(refuses_long_lines)
{
	char line[300];
	struct term_list list;

	memset(line, 'x', sizeof(line));
	ck_assert_int_eq(parse(line, TERM_BYTES_MAX, true, &list), ASSAY_OK);
	ck_assert_int_eq(parse(line, TERM_BYTES_MAX + 1, true, &list), ASSAY_FATAL);
	ck_assert_str_eq(err.detail, "t.txt:1: longer than 256 bytes: one term a line");
}
END_TEST

START_TEST(finds_what_leads)
{
	struct term_run runs[2];
	const struct term t = { "the o'neill-x abcdefghij", 24 };

	ck_assert_uint_eq(term_longest_run(&t), 10);
	ck_assert_uint_eq(term_runs(&t, 5, runs), 2);
	ck_assert_uint_eq(runs[0].key, UINT64_C(0x6c6c69656e)); /* "neill" */
	ck_assert_uint_eq(runs[0].back, 3 + TERM_GAP_MAX + 2);
	ck_assert_uint_eq(runs[1].key, UINT64_C(0x6867666564636261));
	ck_assert_uint_eq(term_runs(&t, 6, runs), 1);
	ck_assert_uint_eq(term_runs(&t, 11, runs), 0);
}
END_TEST

/* ---- as a key of a rule ---- */

#define HEAD \
	"version: 1\npack: site\nrules:\n  - id: site.ops\n    name: n\n" \
	"    category: policing.record\n    severity: low\n    confidence: low\n    help: h\n"
#define TAIL \
	"    examples: [{ text: Kestrel, match: Kestrel, confidence: low }]\n" \
	"    counter_examples: [{ text: Kestrels, why: more }]\n"

static const struct {
	const char *keys, *want; /**< want: "" if it is taken */
} rules[] = {
	{ "    terms: { file: ops.txt }\n", "" },
	{ "    terms: { file: ops.txt, case: exact }\n", "" },
	{ "", "a rule needs 'pattern', or 'terms'" },
	{ "    terms: ops.txt\n", "'terms' takes keys and values" },
	{ "    terms: { case: exact }\n", "terms needs 'file'" },
	{ "    terms: { file: ops.txt, case: any }\n",
	  "unknown case 'any': it is one of ignore, exact" },
	{ "    terms: { file: ../ops.txt }\n",
	  "file '../ops.txt': the name of a file in the pack's own directory" },
	{ "    terms: { file: /etc/passwd }\n",
	  "file '/etc/passwd': the name of a file in the pack's own directory" },
	{ "    terms: { file: none.txt }\n", "none.txt: No such file or directory" },
	{ "    terms: { file: ops.txt }\n    pattern: abc\n",
	  "'terms' and 'pattern' do not go together: make two rules" },
	{ "    terms: { file: ops.txt }\n    shape: literal\n",
	  "'terms' and 'shape' do not go together: make two rules" },
	{ "    pattern: abc\n    shape: terms\n", "'shape: terms' needs 'terms'" },
};

static char dir[64];

static void make_dir(void)
{
	char path[100];
	FILE *f;

	snprintf(dir, sizeof(dir), "/tmp/assay-terms-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/ops.txt", dir);
	f = fopen(path, "w");
	fputs("Kestrel\n", f);
	fclose(f);
	chmod(path, 0600);
}

static void remove_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	ck_assert_int_eq(system(command), 0);
}

static struct pack_set *read_rule(const char *keys, enum assay_status *ret)
{
	char name[100], yaml[2000];
	struct pack_set *set;

	snprintf(name, sizeof(name), "%s/pack.yaml", dir);
	snprintf(yaml, sizeof(yaml), HEAD "%s" TAIL, keys);
	ck_assert_int_eq(pack_set_new(&set, &err), ASSAY_OK);
	*ret = pack_set_parse(set, name, yaml, strlen(yaml), &err);
	return set;
}

START_TEST(is_a_key_of_a_rule)
{
	enum assay_status st;
	struct pack_set *set = read_rule(rules[_i].keys, &st);

	ck_assert_msg((st == ASSAY_OK) == !*rules[_i].want, "%s", err.detail);
	if (st < 0)
		ck_assert_msg(strstr(err.detail, rules[_i].want) != NULL, "%s", err.detail);
	else
		ck_assert_int_eq(pack_set_rules(set)->rules[0]->shape, SHAPE_TERMS);
	pack_set_free(set);
}
END_TEST

/* The version tells that the file changed, and does not depend on what is in it. */
START_TEST(version_is_of_the_file)
{
	char path[100], first[20];
	enum assay_status st;
	struct pack_set *set = read_rule(rules[0].keys, &st);
	int fd;

	ck_assert_int_eq(st, ASSAY_OK);
	snprintf(first, sizeof(first), "%s", pack_set_rules(set)->rules[0]->version);
	pack_set_free(set);
	set = read_rule(rules[0].keys, &st);
	ck_assert_str_eq(pack_set_rules(set)->rules[0]->version, first);
	pack_set_free(set);
	snprintf(path, sizeof(path), "%s/ops.txt", dir);
	fd = open(path, O_WRONLY | O_APPEND);
	ck_assert_int_eq(write(fd, "\n", 1), 1);
	close(fd);
	set = read_rule(rules[0].keys, &st);
	ck_assert_str_ne(pack_set_rules(set)->rules[0]->version, first);
	pack_set_free(set);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("rules_terms");
	TCase *tc = tcase_create("terms"), *files = tcase_create("files");

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, reads_a_file);
	tcase_add_loop_test(tc, matches_whole_words, 0, ARRAY_SIZE(places));
	tcase_add_test(tc, case_may_count);
	tcase_add_loop_test(tc, refuses, 0, ARRAY_SIZE(refused));
	tcase_add_test(tc, refuses_long_lines);
	tcase_add_test(tc, finds_what_leads);
	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(files, make_dir, remove_dir);
	tcase_add_loop_test(files, is_a_key_of_a_rule, 0, ARRAY_SIZE(rules));
	tcase_add_test(files, version_is_of_the_file);
	suite_add_tcase(s, files);
	return s;
}
