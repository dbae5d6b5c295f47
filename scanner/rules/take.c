/* take.c - packs read from files, compiled on the spot */
#include "compile.h"
#include "load.h"

enum assay_status ruleset_compile_take(struct pack_set *packs, assay_ruleset **ret_set,
				       struct assay_error *err)
{
	CLEANUP(ruleset_image_done) struct ruleset_image image = { 0 };
	const struct rule_list *list = pack_set_rules(packs);
	assay_ruleset *set = NULL;
	enum assay_status st;

	st = ruleset_image_make(list, &image, err);
	if (st == ASSAY_OK)
		st = ruleset_from_image(list, &image, &set, err);
	if (st < 0) {
		pack_set_free(packs);
		return st;
	}
	set->packs = packs;
	set->packs_free = pack_set_free;
	*ret_set = set;
	return ASSAY_OK;
}
