/**
 * jsonread.h - a strict reader of one JSON document into a flat list of values
 *
 * Values stand in document order; each knows where its subtree ends, so that looking
 * a path up skips over what it does not want.  Integers only, as the log has it.
 */
#ifndef JSONREAD_H
#define JSONREAD_H

#include "buf.h"
#include "vec.h"

/** Values in one document, and their nesting. */
#define JSON_VALUES_MAX ((size_t)32768)
#define JSON_DEPTH_MAX 16

enum json_type { JSON_NULL, JSON_BOOL, JSON_INT, JSON_STR, JSON_ARRAY, JSON_OBJECT };

struct json_value {
	enum json_type type;
	uint32_t key;    /**< offset of its key in `text`; UINT32_MAX: none */
	uint32_t str;    /**< offset of a string in `text` */
	uint32_t next;   /**< index of the value after this one's subtree */
	uint32_t items;  /**< of an array or object */
	uint64_t number; /**< of an integer (0 for a negative one) or a truth */
};

struct json_doc {
	struct vec(struct json_value) values;
	struct buf text; /**< decoded strings, each with its NUL */
};

/** @param max  bytes a document may have */
void json_doc_init(struct json_doc *d, size_t max);
void json_doc_done(struct json_doc *d);

/**
 * Read a document that is one object.
 *
 * U+0000 in a string becomes U+FFFD: strings end at their NUL.
 *
 * @return  NULL, or what is wrong: a static string
 */
const char *json_doc_read(struct json_doc *d, const char *data, size_t len);

/** The value at "a.b.0.c", or NULL. */
const struct json_value *json_doc_at(const struct json_doc *d, const char *path);

#endif
