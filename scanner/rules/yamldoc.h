/**
 * yamldoc.h - one YAML document as a tree, read strictly
 *
 * Anchors, aliases, tags, directives, merge keys, a second document, NUL bytes
 * and nesting past 16 are errors.  Scalars stay text: the schema that reads the
 * tree decides what they are, so `no` and `0755` cannot surprise.
 */
#ifndef YAMLDOC_H
#define YAMLDOC_H

#include "arena.h"

#define YAML_BYTES_MAX MiB
#define YAML_DEPTH_MAX 16

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	unsigned line, col; /**< from 1; columns in characters */
	const char *text;   /**< of NODE_TEXT, without NULs inside */
	size_t len;
	struct node *first; /**< items of a list; keys of a map, each NODE_TEXT */
	struct node *next;
	struct node *value; /**< of a map's key */
	size_t children;    /**< items, or keys */
};

/**
 * @param name      for messages
 * @param nodes     where the tree lives
 * @param ret_root  untouched on failure
 */
MUST_USE enum assay_status yamldoc_parse(struct arena *nodes, const char *name, const char *yaml,
					 size_t len, const struct node **ret_root,
					 struct assay_error *err);

/** Fail with "NAME:LINE:COL: ..." and ASSAY_BAD_RULE; a long name loses its beginning. */
enum assay_status yamldoc_fail(struct assay_error *err, const char *name, const struct node *at,
			       const char *fmt, ...) PRINTF_LIKE(4, 5);

/** Room for a quoted word in a message. */
#define QUOTED_BYTES ((size_t)48)

/** 'text', cut if long, with anything unprintable as `?`.  @return  `ret` */
const char *quoted(const char *text, char ret[QUOTED_BYTES]);

#endif
