/**
 * packset.h - what the halves of the loader share: rules, and where they live
 */
#ifndef PACKSET_H
#define PACKSET_H

#include "arena.h"
#include "load.h"
#include "vec.h"
#include "yamldoc.h"

/** Labels a site may name. */
#define LABELS_OF_SITE_MAX ((size_t)1000)
/** Hex digits and a NUL. */
#define RULE_VERSION_BYTES ((size_t)17)
#define LIST_VERSION_BYTES ((size_t)65)

struct pack_set {
	struct arena arena; /**< rules that were read, with all they point to */
	struct vec(const struct rule *) rules;
	struct vec(struct assay_label_name) labels;
	struct rule_list list; /**< a view of `rules` */
	char version[LIST_VERSION_BYTES];
	bool wants_shapes;
};

/**
 * Turn a document into rules at the end of the set.
 *
 * @param file  in the set's arena
 */
MUST_USE enum assay_status pack_bind(struct pack_set *set, const char *file,
				     const struct node *root, struct assay_error *err);

/** Add a rule; its id must be new. */
MUST_USE enum assay_status pack_set_push(struct pack_set *set, const struct rule *rule,
					 struct assay_error *err);

/** @return  the rule of that id, or NULL */
const struct rule *pack_set_find(const struct pack_set *set, const char *id);

/** What `version` of a rule and of a list are.  @return  false without memory */
void rule_version(const struct rule *rule, char ret[RULE_VERSION_BYTES]);
void list_version(const struct rule_list *list, char ret[LIST_VERSION_BYTES]);

#endif
