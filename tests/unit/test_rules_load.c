/* test_rules_load.c - packs that are read, packs that are refused, and the words of refusal */
#include "unit.h"

#include "load.h"
#include "buf.h"
#include "ruleset.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* Every key once; the cases below change one place each. */
static const char good[] =
    "version: 1\n"
    "pack: local\n"
    "rules:\n"
    "  - id: local.custody-number\n"
    "    name: Custody record number\n"
    "    category: policing.offender\n"
    "    severity: high\n"
    "    pattern: '\\b([A-Z]{2}/\\d{4,6}/\\d{2})\\b'\n"
    "    prefilter: '[A-Z]{2}/\\d{4,6}/\\d{2}'\n"
    "    cell: '[A-Z]{2}/\\d{4,6}/\\d{2}'\n"
    "    shape: other\n"
    "    validator: none\n"
    "    confidence: low\n"
    "    context:\n"
    "      raise: [{words: [custody record, custody no], within: 100}]\n"
    "      lower: [{words: [example], within: 40}, {words: [rev], within: 5}]\n"
    "      fields: [Custody No, custody record]\n"
    "    normalise: alnum-upper\n"
    "    reveal: last:2\n"
    "    test_values: [ZZ/0000/00]\n"
    "    help: >\n"
    "      Identifies a detained person\n"
    "      in the custody system.\n"
    "    references: [PACE Code C]\n"
    "    examples:\n"
    "      - {text: \"Record\\nAB/12345/19\", match: AB/12345/19, confidence: medium, field: ref}\n"
    "    counter_examples:\n"
    "      - {text: ref AB/12345/19 rev C, why: no custody word}\n";

static enum assay_status parse(struct pack_set *set, const char *name, const char *yaml,
			       struct assay_error *err)
{
	return pack_set_parse(set, name, yaml, strlen(yaml), err);
}

static struct pack_set *new_set(void)
{
	struct pack_set *set;

	ck_assert_int_eq(pack_set_new(&set, NULL), ASSAY_OK);
	return set;
}

START_TEST(reads_every_key)
{
	struct pack_set *set = new_set();
	struct assay_error err = { 0 };
	const struct rule *r;

	ck_assert_msg(parse(set, "local.yaml", good, &err) == ASSAY_OK, "%s", err.detail);
	ck_assert_uint_eq(pack_set_rules(set)->len, 1);
	r = pack_set_rules(set)->rules[0];
	ck_assert_str_eq(r->id, "local.custody-number");
	ck_assert_str_eq(r->name, "Custody record number");
	ck_assert_str_eq(r->pack, "local");
	ck_assert_str_eq(r->file, "local.yaml");
	ck_assert_uint_eq(r->line, 4);
	ck_assert_str_eq(r->category, "policing.offender");
	ck_assert_int_eq(r->severity, ASSAY_SEVERITY_HIGH);
	ck_assert_str_eq(r->pattern, "\\b([A-Z]{2}/\\d{4,6}/\\d{2})\\b");
	ck_assert_str_eq(r->prefilter, "[A-Z]{2}/\\d{4,6}/\\d{2}");
	ck_assert_str_eq(r->cell, "[A-Z]{2}/\\d{4,6}/\\d{2}");
	ck_assert_int_eq(r->shape, SHAPE_OTHER);
	ck_assert_str_eq(r->validator->name, "none");
	ck_assert_ptr_null(r->detector);
	ck_assert_int_eq(r->confidence, ASSAY_LOW);
	ck_assert_uint_eq(r->raise_len, 1);
	ck_assert_uint_eq(r->raise[0].words_len, 2);
	ck_assert_str_eq(r->raise[0].words[1], "custody no");
	ck_assert_uint_eq(r->raise[0].within, 100);
	ck_assert_uint_eq(r->lower_len, 2);
	ck_assert_uint_eq(r->lower[1].within, 5);
	ck_assert_uint_eq(r->fields_len, 2);
	ck_assert_str_eq(r->fields[0], "custody no");
	ck_assert_int_eq(r->normalise, NORMALISE_ALNUM_UPPER);
	ck_assert_int_eq(r->reveal, REVEAL_LAST);
	ck_assert_uint_eq(r->reveal_len, 2);
	ck_assert_uint_eq(r->test_values_len, 1);
	ck_assert_str_eq(r->test_values[0], "ZZ000000");
	ck_assert_str_eq(r->help, "Identifies a detained person in the custody system.");
	ck_assert_str_eq(r->references[0], "PACE Code C");
	ck_assert_uint_eq(r->examples_len, 1);
	ck_assert_str_eq(r->examples[0].text, "Record\nAB/12345/19");
	ck_assert_str_eq(r->examples[0].match, "AB/12345/19");
	ck_assert_str_eq(r->examples[0].field, "ref");
	ck_assert_int_eq(r->examples[0].confidence, ASSAY_MEDIUM);
	ck_assert_uint_eq(r->examples[0].line, 26);
	ck_assert_str_eq(r->counter_examples[0].why, "no custody word");
	ck_assert_uint_eq(strlen(r->version), 16);
	ck_assert_uint_eq(strlen(pack_set_rules(set)->version), 64);
	pack_set_free(set);
}
END_TEST

/** `good` with the first `from` replaced. */
static void change(struct buf *b, const char *from, const char *to)
{
	const char *at = strstr(good, from);

	ck_assert_msg(at != NULL, "%s", from);
	buf_add(b, good, (size_t)(at - good));
	buf_add_str(b, to);
	buf_add_str(b, at + strlen(from));
	ck_assert(!b->failed);
}

static const struct {
	const char *from, *to, *want;
} refused[] = {
	/* keys */
	{ "    pattern:", "    pattren:", "8:5: unknown key 'pattren'; did you mean 'pattern'?" },
	{ "    name:", "    colour:", "5:5: a rule has no key 'colour'" },
	{ "pack: local", "pakc: local", "2:1: unknown key 'pakc'; did you mean 'pack'?" },
	{ "within: 100", "wihtin: 100", "15:53: unknown key 'wihtin'; did you mean 'within'?" },
	{ "      lower:", "      reaise:", "16:7: unknown key 'reaise'; did you mean 'raise'?" },
	{ "    severity: high\n", "    severity: high\n    severity: low\n",
	  "8:5: 'severity' stands twice" },
	{ "version: 1\n", "version: 1\nversion: 1\n", "2:1: 'version' stands twice" },
	{ "    severity: high\n", "", "4:5: a rule needs 'severity'" },
	{ "pack: local\n", "", "1:1: a pack needs 'pack'" },
	{ ", why: no custody word", "", "28:9: a counter-example needs 'why'" },
	{ ", confidence: medium", "", "26:9: an example needs 'confidence'" },
	{ "why:", "match: x, why:", "28:39: a counter-example has no key 'match'" },
	{ ", within: 100", "", "15:15: an entry of raise or lower needs 'within'" },
	{ "    shape: other\n", "    shape: other\n    fields: [ref]\n",
	  "18:15: 'fields' stands in the rule and in its context: keep one" },
	{ "      fields: [Custody No, custody record]\n", "",
	  "4:5: 'cell' needs 'fields': the headings it stands under" },
	/* what a key holds */
	{ "version: 1", "version: 2",
	  "1:10: version '2' of pattern packs is not known here: this assay reads version 1" },
	{ "version: 1", "version: 1.0",
	  "1:10: version '1.0' of pattern packs is not known here: this assay reads version 1" },
	{ "pack: local", "pack: Local",
	  "2:7: pack 'Local': lower-case letters, digits and hyphens, a letter first" },
	{ "pack: local", "pack:", "2:6: 'pack' is empty" },
	{ "name: Custody", "name: [Custody]\n    #", "5:11: 'name' takes one value" },
	{ "name: Custody record number", "name: '  '", "5:11: 'name' is blank" },
	{ "name: Custody record number", "name: \"a\\eb\"",
	  "5:11: 'name' has a control character" },
	{ "id: local.custody-number", "id: local",
	  "4:9: id 'local': two or more words with dots between, such as local.staff-number, "
	  "in lower case" },
	{ "id: local.custody-number", "id: local.Custody",
	  "4:9: id 'local.Custody': two or more words with dots between, such as "
	  "local.staff-number, in lower case" },
	{ "id: local.custody-number", "id: local.x.",
	  "4:9: id 'local.x.': two or more words with dots between, such as "
	  "local.staff-number, in lower case" },
	{ "policing.offender", "policing.ofender",
	  "6:15: unknown category 'policing.ofender'; did you mean 'policing.offender'?" },
	{ "policing.offender", "police",
	  "6:15: unknown category 'police': it is one of personal.identifier, personal.contact, "
	  "personal.attribute, personal.device, personal.special, ..." },
	{ "severity: high", "severity: hihg",
	  "7:15: unknown severity 'hihg'; did you mean 'high'?" },
	{ "severity: high", "severity: no",
	  "7:15: unknown severity 'no': it is one of info, low, medium, high, critical" },
	{ "confidence: low", "confidence: 0.75",
	  "13:17: unknown confidence '0.75': it is one of low, medium, high" },
	{ "shape: other", "shape: digits-334",
	  "11:12: unknown shape 'digits-334'; did you mean 'digits-3-3-4'?" },
	{ "validator: none", "validator: nhss",
	  "12:16: unknown validator 'nhss'; did you mean 'nhs'?" },
	{ "validator: none", "detector: markings",
	  "12:15: unknown detector 'markings'; did you mean 'marking'?" },
	{ "normalise: alnum-upper", "normalise: alnum_upper",
	  "18:16: unknown normalise 'alnum_upper'; did you mean 'alnum-upper'?" },
	{ "reveal: last:2", "reveal: last:5",
	  "19:13: reveal 'last:5': it is none, domain, first:N or last:N with N from 1 to 4" },
	{ "reveal: last:2", "reveal: last",
	  "19:13: reveal 'last': it is none, domain, first:N or last:N with N from 1 to 4" },
	{ "reveal: last:2", "reveal: none:1",
	  "19:13: reveal 'none:1': it is none, domain, first:N or last:N with N from 1 to 4" },
	{ "within: 100", "within: 301", "15:61: within '301': bytes from 1 to 300" },
	{ "within: 100", "within: 0144", "15:61: within '0144': bytes from 1 to 300" },
	{ "within: 100", "within: 1e2", "15:61: within '1e2': bytes from 1 to 300" },
	{ "within: 100", "within: 99999999999999999999",
	  "15:61: within '99999999999999999999': bytes from 1 to 300" },
	{ "words: [example]", "words: []", "16:23: 'words' is empty" },
	{ "references: [PACE Code C]", "references: []",
	  "24:17: 'references' is empty: fill it in or leave it out" },
	{ "references: [PACE Code C]", "references: PACE Code C",
	  "24:17: 'references' takes a list" },
	{ "      - {text: ref AB/12345/19 rev C, why: no custody word}\n", "      []\n",
	  "28:7: 'counter_examples' is empty" },
	{ "test_values: [ZZ/0000/00]", "test_values: ['//']",
	  "4:5: nothing is left of test value '//' after `normalise: alnum-upper`" },
	{ "prefilter: '[A-Z]{2}", "prefilter: |\n      [A-Z]{2}\n      #'",
	  "9:16: 'prefilter' has a line end or control character: write it on one line, in "
	  "quotes, with \\n and the like" },
	/* YAML */
	{ "pack: local", "pack: &p local", "2:7: anchors are not allowed: remove the &name" },
	{ "pack: local", "pack: *p", "2:7: aliases are not allowed: write the value out" },
	{ "pack: local", "pack: !!str local", "2:7: tags are not allowed: remove the !name" },
	{ "pack: local", "<<: {pack: local}",
	  "2:1: merge keys are not allowed: write the keys out" },
	{ "pack: local", "[pack]: local", "2:1: a key must be a plain word" },
	{ "pack: local", "pack: \"lo\\0cal\"", "2:7: a NUL byte is not allowed" },
	{ "pack: local", "pack: l\xE9", "2:9: invalid trailing UTF-8 octet: save it as UTF-8" },
	{ "version: 1", "%YAML 1.1\n---\nversion: 1",
	  "1:1: directives are not allowed: remove the % line" },
	{ "    counter_examples:", "...\n---\n    counter_examples:",
	  "28:1: a second document is not allowed: make it a file" },
	{ "    severity: high", "   severity: high",
	  "7:4: did not find expected '-' indicator, while parsing a block collection" },
	{ "    severity: high", "\tseverity: high",
	  "7:1: found a tab character that violates indentation, while scanning a plain scalar" },
	{ "[PACE Code C]", "[[[[[[[[[[[[[[[[PACE]]]]]]]]]]]]]]]]",
	  "24:30: nested more than 16 deep" },
};

START_TEST(refuses)
{
	CLEANUP(buf_done) struct buf yaml = BUF_INIT(64 * KiB);
	struct pack_set *set = new_set();
	struct assay_error err = { 0 };
	char want[300];

	change(&yaml, refused[_i].from, refused[_i].to);
	ck_assert_int_eq(pack_set_parse(set, "p.yaml", yaml.data, yaml.len, &err), ASSAY_FATAL);
	snprintf(want, sizeof(want), "p.yaml:%s", refused[_i].want);
	ck_assert_str_eq(err.detail, want);
	ck_assert_int_eq(err.reason, ASSAY_BAD_RULE);
	ck_assert_uint_eq(pack_set_rules(set)->len, 0);
	pack_set_free(set);
}
END_TEST

static const struct {
	const char *yaml, *want;
} odd[] = {
	{ "", "p.yaml:1:1: the file is empty" },
	{ "# nothing\n", "p.yaml:1:1: the file is empty" },
	{ "rules", "p.yaml:1:1: a pack takes keys and values" },
	{ "- a", "p.yaml:1:1: a pack takes keys and values" },
	{ "version: 1\npack: a\nrules: {}", "p.yaml:3:8: 'rules' takes a list" },
	{ "version: 1\npack: a\nrules: []",
	  "p.yaml:3:8: 'rules' is empty: fill it in or leave it out" },
	{ "version: 1\npack: a\nlabels: [{ id: x }]", "p.yaml:3:10: a label needs 'marking'" },
	{ "version: 1\npack: a\nlabels: [{ id: x, marking: OFFICIAL }, { id: X, marking: SECRET }]",
	  "p.yaml:3:40: label 'X' is there already" },
	{ "version: 1\npack: a", "p.yaml:1:1: a pack needs 'rules'" },
	{ "version: 1\npack: a\nrules: [x]", "p.yaml:3:9: a rule takes keys and values" },
};

START_TEST(refuses_odd_files)
{
	struct pack_set *set = new_set();
	struct assay_error err = { 0 };

	ck_assert_int_eq(parse(set, "p.yaml", odd[_i].yaml, &err), ASSAY_FATAL);
	ck_assert_str_eq(err.detail, odd[_i].want);
	pack_set_free(set);
}
END_TEST

START_TEST(refuses_large_files)
{
	struct pack_set *set = new_set();
	struct assay_error err = { 0 };
	char *yaml = calloc(1, MiB + 1);

	memset(yaml, '#', MiB + 1);
	ck_assert_int_eq(pack_set_parse(set, "p.yaml", yaml, MiB + 1, &err), ASSAY_FATAL);
	ck_assert_str_eq(err.detail, "p.yaml:1:1: larger than 1 MiB: split the file");
	ck_assert_int_eq(pack_set_parse(set, "p.yaml", yaml, MiB, &err), ASSAY_FATAL);
	ck_assert_str_eq(err.detail, "p.yaml:1:1: the file is empty");
	free(yaml);
	pack_set_free(set);
}
END_TEST

START_TEST(ids_are_taken_once)
{
	CLEANUP(buf_done) struct buf other = BUF_INIT(64 * KiB);
	struct pack_set *set = new_set(), *on_top = new_set();
	const struct rule_list *list = pack_set_rules(set);
	struct assay_error err = { 0 };

	ck_assert_int_eq(parse(set, "a.yaml", good, &err), ASSAY_OK);
	ck_assert_int_eq(parse(set, "b.yaml", good, &err), ASSAY_FATAL);
	ck_assert_str_eq(err.detail, "b.yaml:4:9: id 'local.custody-number' is taken by the rule "
				     "at a.yaml:4");
	ck_assert_uint_eq(list->len, 1);
	ck_assert_int_eq(pack_set_add(on_top, list->rules, list->len, &err), ASSAY_OK);
	ck_assert_int_eq(pack_set_add(on_top, list->rules, list->len, &err), ASSAY_FATAL);
	ck_assert_str_eq(err.detail, "a.yaml:4: rule local.custody-number is there already");
	ck_assert_str_eq(pack_set_rules(on_top)->version, list->version);
	change(&other, "custody-number", "other");
	ck_assert_int_eq(parse(on_top, "c.yaml", other.data, &err), ASSAY_OK);
	ck_assert_uint_eq(pack_set_rules(on_top)->len, 2);
	ck_assert_str_ne(pack_set_rules(on_top)->version, list->version);
	pack_set_free(on_top);
	pack_set_free(set);
}
END_TEST

/* Which changes are another version of the rule. */
static const struct {
	const char *from, *to;
	bool differs;
} changes[] = {
	{ "{4,6}/\\d{2})\\b", "{4,6}/\\d{1})\\b", true },
	{ "custody no]", "custody nr]", true },
	{ "within: 100", "within: 99", true },
	{ "confidence: low", "confidence: medium", true },
	{ "    shape: other\n", "    shape: prison\n", true },
	{ "    shape: other\n", "", false }, /* derived */
	{ "reveal: last:2", "reveal: last:3", true },
	{ "validator: none", "validator: nhs", true },
	{ "    validator: none\n", "", false },
	{ "severity: high", "severity: low", false },
	{ "name: Custody", "name: Custodial", false },
	{ "why: no", "why: without a", false },
	{ "ZZ/0000/00", "zz-0000-00", false }, /* the same once normalised */
};

START_TEST(version_tells_matches_apart)
{
	CLEANUP(buf_done) struct buf yaml = BUF_INIT(64 * KiB);
	struct pack_set *one = new_set(), *two = new_set();
	struct assay_error err = { 0 };

	change(&yaml, changes[_i].from, changes[_i].to);
	ck_assert_int_eq(parse(one, "a.yaml", good, &err), ASSAY_OK);
	ck_assert_msg(parse(two, "b.yaml", yaml.data, &err) == ASSAY_OK, "%s", err.detail);
	ck_assert_int_eq(strcmp(pack_set_rules(one)->rules[0]->version,
				pack_set_rules(two)->rules[0]->version) != 0,
			 changes[_i].differs);
	pack_set_free(one);
	pack_set_free(two);
}
END_TEST

/* Where a rule goes that names no shape. */
static const struct {
	const char *from, *to;
	enum shape want, strict;
} shapes[] = {
	{ "    shape: other\n", "", SHAPE_OTHER, SHAPE_LITERAL }, /* refused when compiled */
	{ "{4,6}/\\d{2}'\n    cell", "{4,6}ABC'\n    cell", SHAPE_OTHER, SHAPE_OTHER },
	{ "    prefilter: '[A-Z]{2}/\\d{4,6}/\\d{2}'\n    cell: '[A-Z]{2}/\\d{4,6}/\\d{2}'\n"
	  "    shape: other\n",
	  "    prefilter: '/\\d{4,6}ABC'\n", SHAPE_LITERAL, SHAPE_LITERAL },
	{ "    shape: other\n", "    shape: literal\n", SHAPE_LITERAL, SHAPE_LITERAL },
};

START_TEST(derives_shapes)
{
	CLEANUP(buf_done) struct buf yaml = BUF_INIT(64 * KiB);
	struct pack_set *set = new_set(), *strict = new_set();
	struct assay_error err = { 0 };

	change(&yaml, shapes[_i].from, shapes[_i].to);
	pack_set_want_shapes(strict);
	ck_assert_msg(parse(set, "a.yaml", yaml.data, &err) == ASSAY_OK, "%s", err.detail);
	ck_assert_int_eq(parse(strict, "a.yaml", yaml.data, &err), ASSAY_OK);
	ck_assert_int_eq(pack_set_rules(set)->rules[0]->shape, shapes[_i].want);
	ck_assert_int_eq(pack_set_rules(strict)->rules[0]->shape, shapes[_i].strict);
	pack_set_free(set);
	pack_set_free(strict);
}
END_TEST

static char dir[] = "rules-XXXXXX";

static void write_file(const char *name, const char *from, const char *to, mode_t mode)
{
	CLEANUP(buf_done) struct buf yaml = BUF_INIT(64 * KiB);
	char path[64];
	FILE *f;

	change(&yaml, from, to);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(yaml.data, 1, yaml.len, f), yaml.len);
	fclose(f);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void make_dir(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	write_file("b.yaml", "custody-number", "two", 0644);
	write_file("a.yaml", "custody-number", "one", 0600);
	write_file(".c.yaml", "custody-number", "hidden", 0600);
	write_file("README", "custody-number", "readme", 0600);
}

static void remove_dir(void)
{
	static const char *const names[] = { "a.yaml", "b.yaml", ".c.yaml",
					     "README", "d.yml",  "e.yaml" };
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
		rmdir(path);
	}
	rmdir(dir);
}

START_TEST(reads_directories)
{
	struct pack_set *set = new_set();
	struct assay_error err = { 0 };

	ck_assert_msg(pack_set_read(set, dir, &err) == ASSAY_OK, "%s", err.detail);
	ck_assert_uint_eq(pack_set_rules(set)->len, 2);
	ck_assert_str_eq(pack_set_rules(set)->rules[0]->id, "local.one");
	ck_assert_str_eq(pack_set_rules(set)->rules[1]->id, "local.two");
	pack_set_free(set);
}
END_TEST

static void check_refused(const char *name, const char *want)
{
	struct pack_set *set = new_set();
	struct assay_error err = { 0 };
	char path[64], all[300];

	snprintf(path, sizeof(path), "%s%s%s", dir, *name ? "/" : "", name);
	snprintf(all, sizeof(all), "%s%s", dir, want);
	ck_assert_int_eq(pack_set_read(set, path, &err), ASSAY_FATAL);
	ck_assert_str_eq(err.detail, all);
	pack_set_free(set);
}

START_TEST(refuses_what_others_may_write)
{
	write_file("b.yaml", "custody-number", "two", 0664);
	check_refused("", "/b.yaml: writable by its group: chmod g-w it");
	write_file("b.yaml", "custody-number", "two", 0646);
	check_refused("b.yaml", "/b.yaml: writable by everyone: chmod go-w it");
	ck_assert_int_eq(chmod(dir, 0777), 0);
	check_refused("", ": writable by everyone: chmod go-w it");
	ck_assert_int_eq(chmod(dir, 0700), 0);
	if (geteuid() == 0) {
		char path[64];

		snprintf(path, sizeof(path), "%s/a.yaml", dir);
		ck_assert_int_eq(chown(path, 65534, 65534), 0);
		check_refused("a.yaml", "/a.yaml: owned by another user: rules must belong to root "
					"or to you");
	}
}
END_TEST

START_TEST(refuses_what_is_no_pack)
{
	char path[64];

	check_refused("none.yaml", "/none.yaml: No such file or directory");
	write_file("d.yml", "custody-number", "two", 0600);
	check_refused("", "/d.yml: would not be read: name it .yaml");
	snprintf(path, sizeof(path), "%s/d.yml", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/e.yaml", dir);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	check_refused("", "/e.yaml: not a file");
	unlink(path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	check_refused("", "/e.yaml: not a file");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("rules_load");
	TCase *parsing = tcase_create("parsing"), *files = tcase_create("files");

	tcase_add_test(parsing, reads_every_key);
	tcase_add_loop_test(parsing, refuses, 0, ARRAY_SIZE(refused));
	tcase_add_loop_test(parsing, refuses_odd_files, 0, ARRAY_SIZE(odd));
	tcase_add_test(parsing, refuses_large_files);
	tcase_add_test(parsing, ids_are_taken_once);
	tcase_add_loop_test(parsing, version_tells_matches_apart, 0, ARRAY_SIZE(changes));
	tcase_add_loop_test(parsing, derives_shapes, 0, ARRAY_SIZE(shapes));
	suite_add_tcase(s, parsing);
	tcase_add_checked_fixture(files, make_dir, remove_dir);
	tcase_add_test(files, reads_directories);
	tcase_add_test(files, refuses_what_others_may_write);
	tcase_add_test(files, refuses_what_is_no_pack);
	suite_add_tcase(s, files);
	return s;
}
