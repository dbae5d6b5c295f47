/**
 * load.h - a strict reader of pattern packs
 *
 * Unknown, missing and double keys, unknown validators and shapes, double ids,
 * anchors, aliases and tags are errors with file, line and column, and with a
 * suggestion where a known word is near.  At most 1 MiB a file, depth 16.
 */
#ifndef LOAD_H
#define LOAD_H

#include "rule.h"

/** Rules read from files, and the memory they live in.  Opaque. */
struct pack_set;

MUST_USE enum assay_status pack_set_new(struct pack_set **ret_set, struct assay_error *err);
void pack_set_free(struct pack_set *set);

/**
 * Leave rules that name no shape to the literal stage, which refuses them if they
 * have no literal: what built-in packs are held to.  Otherwise such a rule goes to
 * the slow stage, `shape: other`, by itself.
 */
void pack_set_want_shapes(struct pack_set *set);

/** Take in rules made elsewhere (the built-in ones); borrowed, must outlive the set. */
MUST_USE enum assay_status pack_set_add(struct pack_set *set, const struct rule *const *rules,
					size_t len, struct assay_error *err);

/**
 * Read a file, or every `*.yaml` of a directory in the order of names.
 *
 * @return  ASSAY_FATAL with one line "FILE:LINE:COL: what, and the way out"
 */
MUST_USE enum assay_status pack_set_read(struct pack_set *set, const char *path,
					 struct assay_error *err);

/** Parse one pack held in memory; `name` is used in messages. */
MUST_USE enum assay_status pack_set_parse(struct pack_set *set, const char *name, const char *yaml,
					  size_t len, struct assay_error *err);

/** What was read so far; valid until the set changes or ends. */
const struct rule_list *pack_set_rules(const struct pack_set *set);

#endif
