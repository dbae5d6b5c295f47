/* take.c - packs read from files: compiled earlier, or on the spot */
#include "cache.h"
#include "load.h"

static assay_ruleset *from_cache(const struct rule_cache *cache, const struct rule_list *list)
{
	CLEANUP(ruleset_image_done) struct ruleset_image image = { 0 };
	assay_ruleset *set = NULL;

	if (!rule_cache_load(cache, list, &image) ||
	    ruleset_from_image(list, &image, &set, NULL) < 0)
		return NULL;
	return set;
}

static enum assay_status compile(const struct rule_cache *cache, const struct rule_list *list,
				 assay_ruleset **ret_set, struct assay_error *err)
{
	CLEANUP(ruleset_image_done) struct ruleset_image image = { 0 };
	enum assay_status st = ruleset_image_make(list, &image, err);

	if (st == ASSAY_OK)
		st = ruleset_from_image(list, &image, ret_set, err);
	if (st == ASSAY_OK && cache)
		rule_cache_store(cache, list, &image);
	return st;
}

enum assay_status ruleset_compile_take(struct pack_set *packs, const struct rule_cache *cache,
				       assay_ruleset **ret_set, struct assay_error *err)
{
	const struct rule_list *list = pack_set_rules(packs);
	assay_ruleset *set = cache ? from_cache(cache, list) : NULL;
	enum assay_status st = set ? ASSAY_OK : compile(cache, list, &set, err);

	if (st < 0) {
		pack_set_free(packs);
		return st;
	}
	set->packs = packs;
	set->packs_free = pack_set_free;
	*ret_set = set;
	return ASSAY_OK;
}
