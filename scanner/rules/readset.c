/* readset.c - files of packs to a compiled set */
#include "builtin.h"

#include "fail.h"
#include "known.h"
#include "load.h"
#include "pattern.h"

static void free_packsp(struct pack_set **packs)
{
	pack_set_free(*packs);
}

/** Lists are useless, or worse, with another key than their own. */
static enum assay_status check_known(const struct rule_sources *sources,
				     const struct rule_list *list, bool *ret_has,
				     struct assay_error *err)
{
	for (size_t i = 0; i < list->len; i++) {
		const struct rule *r = list->rules[i];
		const char *wrong = NULL;

		if (!r->known || sources->to_show)
			continue;
		if (!sources->known_key)
			wrong = "its known values are listed with a key: give it with --key-file";
		else
			wrong = known_wrong(r->known, sources->known_key);
		if (wrong)
			return rule_fail(err, r, "%s", wrong);
		*ret_has = true;
	}
	return ASSAY_OK;
}

enum assay_status ruleset_read(const struct rule_sources *sources, assay_ruleset **ret_set,
			       struct assay_error *err)
{
	CLEANUP(free_packsp) struct pack_set *packs = NULL;
	const struct rule_list *base = sources->base;
	enum assay_status st = pack_set_new(&packs, err);
	bool has_known = false;

	if (st == ASSAY_OK && base)
		st = pack_set_add(packs, base->rules, base->len, err);
	for (size_t i = 0; i < sources->paths_len && st == ASSAY_OK; i++)
		st = pack_set_read(packs, sources->paths[i], err);
	if (st < 0)
		return st;
	/* A scan without rules would find nothing and say so with confidence. */
	if (pack_set_rules(packs)->len == 0)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  pack_set_rules(packs)->labels_len
				      ? "labels, but no rules: use --rules-add with them"
				      : "no rules: name a pack, or a directory that holds some "
					"*.yaml");
	if (base && pack_set_rules(packs)->len == base->len &&
	    pack_set_rules(packs)->labels_len == base->labels_len) {
		*ret_set = NULL;
		return ASSAY_OK;
	}
	st = check_known(sources, pack_set_rules(packs), &has_known, err);
	if (st == ASSAY_OK)
		st = ruleset_compile_take(steal(&packs), sources->cache, ret_set, err);
	if (st == ASSAY_OK && has_known) {
		(*ret_set)->has_known = true;
		memcpy((*ret_set)->known_key, sources->known_key, KEY_BYTES);
	}
	return st;
}
