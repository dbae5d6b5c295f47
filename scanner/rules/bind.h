/**
 * bind.h - nodes of a document to structs, by tables of keys
 *
 * One row a key.  A row's `bind` reads the key's value into the struct at hand.  All that is kept
 * lives in the pack set's arena; what fails leaves the struct half filled, and the document is
 * lost with it.
 */
#ifndef BIND_H
#define BIND_H

#include "packset.h"
#include "rulenames.h"

/** One document on its way in. */
struct binder {
	struct pack_set *set;
	const char *file;
	struct assay_error *err;
};

struct key;

/** Read `value` into the struct at `into`; ASSAY_FATAL names the place and the way out. */
typedef enum assay_status bind_fn(struct binder *b, const struct key *key, const struct node *value,
				  void *into);

struct key {
	const char *name;
	bind_fn *bind;
	bool required;
	size_t at;        /**< offset of the value in the struct */
	size_t len_at;    /**< of lists: offset of their length */
	name_fn *choices; /**< of bind_choice */
};

/** What a map may hold. */
struct schema {
	const char *what; /**< "a rule" */
	const struct key *keys;
	size_t len;
};

#define SCHEMA(of, table) \
	{ \
		.what = (of), .keys = (table), .len = ARRAY_SIZE(table) \
	}

/** Read a map; a key that the schema does not name, stands twice or is missing is an error. */
MUST_USE enum assay_status bind_map(struct binder *b, const struct schema *schema,
				    const struct node *map, void *into);

/* What rows may name. */

/** A line for people, without control characters; at most 8 KiB. */
bind_fn bind_line;
/** Any text, line ends included. */
bind_fn bind_text;
/** The same on one line, taken as it stands. */
bind_fn bind_pattern;
/** A list of lines. */
bind_fn bind_lines;
/** A word of the key's `choices`, as their enum. */
bind_fn bind_choice;
/** A word of the key's `choices`, kept as text. */
bind_fn bind_word;

/* What rows of other files are made of. */

/** Is the value of this kind, and not empty? */
MUST_USE enum assay_status bind_need(struct binder *b, const struct key *key,
				     const struct node *value, enum node_kind kind);
MUST_USE enum assay_status bind_take_line(struct binder *b, const struct key *key,
					  const struct node *value, const char **ret_text);
/** @param ret_choice  index among `choices` */
MUST_USE enum assay_status bind_take_choice(struct binder *b, const struct key *key,
					    const struct node *value, unsigned *ret_choice);
/** Room for a list's items, zeroed; `value` is a list and not empty. */
MUST_USE enum assay_status bind_take_list(struct binder *b, const struct key *key,
					  const struct node *value, size_t item_bytes,
					  void **ret_items);
void bind_put_text(void *into, size_t at, const char *text);
/** Where the key says that items and their number go. */
void bind_put_list(const struct key *key, void *into, const void *items, size_t len);
MUST_USE enum assay_status bind_no_memory(struct binder *b);

#endif
