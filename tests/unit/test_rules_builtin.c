/* test_rules_builtin.c - what mkrules wrote is what the packs say */
#include "unit.h"

#include "builtin.h"
#include "packset.h"
#include "duties.h"
#include "proofs.h"
#include "rulenames.h"

#include <stdio.h>

START_TEST(holds_what_was_read)
{
	const struct rule_list *list = builtin_rules();
	char version[LIST_VERSION_BYTES];

	ck_assert_uint_gt(list->len, 0);
	for (size_t i = 0; i < list->len; i++) {
		const struct rule *r = list->rules[i];

		/* The hash was made of the rule as it was read. */
		rule_version(r, version);
		ck_assert_str_eq(version, r->version);
		ck_assert_ptr_eq(r->validator, validator_find(r->validator->name));
		ck_assert_uint_ge(r->examples_len, 5);
		ck_assert_uint_ge(r->counter_examples_len, 5);
		ck_assert_msg(strncmp(r->file, "patterns/", 9) == 0, "%s", r->file);
	}
	list_version(list, version);
	ck_assert_str_eq(version, list->version);
}
END_TEST

START_TEST(is_ready_to_run)
{
	struct assay_error err = { 0 };
	assay_ruleset *set;

	ck_assert_msg(assay_ruleset_builtin(&set, &err) == ASSAY_OK, "%s", err.detail);
	ck_assert_uint_eq(assay_ruleset_count(set), builtin_rules()->len);
	ck_assert_str_eq(assay_ruleset_id(set, 0), builtin_rules()->rules[0]->id);
	assay_ruleset_free(set);
}
END_TEST

static const char pack[] = "version: 1\n"
			   "pack: local\n"
			   "rules:\n"
			   "  - id: local.desk\n"
			   "    name: Desk number\n"
			   "    category: personal.attribute\n"
			   "    severity: low\n"
			   "    pattern: 'DESK-(\\d{4})'\n"
			   "    confidence: low\n"
			   "    help: Where somebody sits.\n"
			   "    examples: [{text: DESK-1234, match: '1234', confidence: low}]\n"
			   "    counter_examples: [{text: DESK-123, why: three digits}]\n";

START_TEST(takes_a_site_s_own)
{
	char path[] = "local-XXXXXX";
	const char *const paths[] = { path };
	struct assay_error err = { 0 };
	assay_ruleset *set;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, pack, strlen(pack)), (ssize_t)strlen(pack));
	close(fd);
	ck_assert_msg(assay_ruleset_load(paths, 1, false, &set, &err) == ASSAY_OK, "%s",
		      err.detail);
	ck_assert_uint_eq(assay_ruleset_count(set), 1);
	assay_ruleset_free(set);
	ck_assert_msg(assay_ruleset_load(paths, 1, true, &set, &err) == ASSAY_OK, "%s", err.detail);
	ck_assert_uint_eq(assay_ruleset_count(set), builtin_rules()->len + 1);
	ck_assert_str_eq(assay_ruleset_id(set, (unsigned)builtin_rules()->len), "local.desk");
	assay_ruleset_free(set);
	unlink(path);
	ck_assert_int_eq(assay_ruleset_load(NULL, 0, false, &set, &err), ASSAY_FATAL);
	ck_assert_str_eq(err.detail,
			 "no rules: name a pack, or a directory that holds some *.yaml");
}
END_TEST

START_TEST(every_validator_has_words)
{
	for (const struct validator *v = validators; v->name; v++)
		ck_assert_msg(proof_in_words(v->name) != NULL, "%s", v->name);
}
END_TEST

START_TEST(every_category_has_a_duty)
{
	for (unsigned i = 0; category_names(i); i++)
		ck_assert_msg(duty_in_words(category_names(i)) != NULL, "%s", category_names(i));
	ck_assert_ptr_null(duty_in_words("personal"));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("rules_builtin");
	TCase *tc = tcase_create("builtin");

	tcase_set_timeout(tc, 60); /* all rules are compiled in it */
	tcase_add_test(tc, holds_what_was_read);
	tcase_add_test(tc, is_ready_to_run);
	tcase_add_test(tc, takes_a_site_s_own);
	tcase_add_test(tc, every_validator_has_words);
	tcase_add_test(tc, every_category_has_a_duty);
	suite_add_tcase(s, tc);
	return s;
}
