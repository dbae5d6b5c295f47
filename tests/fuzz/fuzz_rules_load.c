/* fuzz_rules_load.c - any bytes as a pattern pack: rules or one line of error */
#include "load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rule(const struct rule *rule)
{
	if (!rule->id || !rule->pattern || !rule->help || !rule->validator || !rule->examples_len ||
	    !rule->counter_examples_len || strlen(rule->version) != 16)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct pack_set *set;
	enum assay_status st;

	if (pack_set_new(&set, &err) < 0)
		abort();
	st = pack_set_parse(set, "fuzz.yaml", (const char *)data, size, &err);
	if (st < 0 &&
	    (err.reason != ASSAY_BAD_RULE || strchr(err.detail, '\n') || pack_set_rules(set)->len))
		abort();
	for (size_t i = 0; i < pack_set_rules(set)->len; i++)
		check_rule(pack_set_rules(set)->rules[i]);
	pack_set_free(set);
	return 0;
}
