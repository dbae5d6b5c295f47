/* readset.c - files of packs to a compiled set */
#include "builtin.h"

#include "fail.h"
#include "load.h"

static void free_packsp(struct pack_set **packs)
{
	pack_set_free(*packs);
}

enum assay_status ruleset_read(const char *const *paths, size_t paths_len,
			       const struct rule_list *base, assay_ruleset **ret_set,
			       struct assay_error *err)
{
	CLEANUP(free_packsp) struct pack_set *packs = NULL;
	enum assay_status st = pack_set_new(&packs, err);

	if (st == ASSAY_OK && base)
		st = pack_set_add(packs, base->rules, base->len, err);
	for (size_t i = 0; i < paths_len && st == ASSAY_OK; i++)
		st = pack_set_read(packs, paths[i], err);
	if (st < 0)
		return st;
	/* A scan without rules would find nothing and say so with confidence. */
	if (pack_set_rules(packs)->len == 0)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  pack_set_rules(packs)->labels_len
				      ? "labels, but no rules: use --rules-add with them"
				      : "no rules: name a pack, or a directory that holds some "
					"*.yaml");
	return ruleset_compile_take(steal(&packs), ret_set, err);
}
