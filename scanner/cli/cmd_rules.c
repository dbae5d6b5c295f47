/* cmd_rules.c - assay rules and assay explain */
#include "commands.h"
#include "describe.h"
#include "fail.h"
#include "ruleset.h"

/* The commands. */

static int rules_check(const struct args *a, bool verbose)
{
	assay_ruleset *set = NULL;
	struct assay_error err;
	enum assay_status st;
	int status;

	if (a->operands_len > 1)
		st = load_rule_files(a, a->operands + 1, a->operands_len - 1, &set, &err);
	else
		st = load_rules(a, &set, &err);
	if (st < 0)
		return complain(&err);
	status =
	    ruleset_machine_code(set, &err) < 0 ? complain(&err) : rules_run_examples(set, verbose);
	assay_ruleset_free(set);
	return status;
}

static int list_rules(const struct args *a, const struct rule_list *list)
{
	unsigned as = 0;
	size_t left_out;

	args_choice(a, OPT_AS, &as);
	if (as == 0) {
		rules_list(list, stdout);
		return EXIT_SUCCESS;
	}
	left_out = rules_as_rg(list, stdout);
	if (left_out)
		complain_text("%zu rules cannot be said in ripgrep's syntax and were left out",
			      left_out);
	return EXIT_SUCCESS;
}

static int show_rules(const struct args *a, const struct rule_list *list,
		      enum assay_status (*show)(const struct rule_list *list, const char *id,
						FILE *out, struct assay_error *err),
		      size_t first)
{
	struct assay_error err;

	if (a->operands_len == first)
		return complain_text("which rule? see `assay rules list'");
	for (size_t i = first; i < a->operands_len; i++) {
		if (i > first)
			putchar('\n');
		if (show(list, a->operands[i], stdout, &err) < 0)
			return complain(&err);
	}
	return EXIT_SUCCESS;
}

int cmd_rules(const struct args *a)
{
	const char *what = a->operands_len ? a->operands[0] : "list";
	assay_ruleset *set = NULL;
	struct assay_error err;
	int status;

	if (strcmp(what, "check") == 0 || strcmp(what, "test") == 0)
		return rules_check(a, what[0] == 't');
	if (strcmp(what, "make-list") == 0)
		return rules_make_list(a);
	if (strcmp(what, "list") != 0 && strcmp(what, "show") != 0)
		return complain_text(
		    "no command `rules %s'; there are list, show, check, test and make-list", what);
	if (load_rules(a, &set, &err) < 0)
		return complain(&err);
	status =
	    what[0] == 'l' ? list_rules(a, set->list) : show_rules(a, set->list, rules_show, 1);
	assay_ruleset_free(set);
	return status;
}

int cmd_explain(const struct args *a)
{
	assay_ruleset *set = NULL;
	struct assay_error err;
	int status;

	if (load_rules(a, &set, &err) < 0)
		return complain(&err);
	status = show_rules(a, set->list, rules_explain, 0);
	assay_ruleset_free(set);
	return status;
}
