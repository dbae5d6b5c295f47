/* readset.c - files of packs to a compiled set */
#include "builtin.h"

#include "fail.h"
#include "load.h"

static void free_packsp(struct pack_set **packs)
{
	pack_set_free(*packs);
}

enum assay_status ruleset_read(const struct rule_sources *sources, assay_ruleset **ret_set,
			       struct assay_error *err)
{
	CLEANUP(free_packsp) struct pack_set *packs = NULL;
	const struct rule_list *base = sources->base;
	enum assay_status st = pack_set_new(&packs, err);

	if (st == ASSAY_OK && base)
		st = pack_set_add(packs, base->rules, base->len, err);
	for (size_t i = 0; i < sources->paths_len && st == ASSAY_OK; i++)
		st = pack_set_read(packs, sources->paths[i], err);
	if (st < 0)
		return st;
	/* A scan without rules would find nothing and say so with confidence. */
	if (pack_set_rules(packs)->len == 0)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  "no rules: name a pack, or a directory that holds some *.yaml");
	if (base && pack_set_rules(packs)->len == base->len) {
		*ret_set = NULL;
		return ASSAY_OK;
	}
	return ruleset_compile_take(steal(&packs), sources->cache, ret_set, err);
}
