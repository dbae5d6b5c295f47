/**
 * json.h - writing one JSON object into a buffer, keys in the order given
 *
 * No floats, no pretty printing.  Commas are the writer's business:
 *
 *   json_begin(&j, &buf);
 *   json_str(&j, "type", "gap");
 *   json_open(&j, "loc", '{'); json_int(&j, "line", 3); json_close(&j, '}');
 *   json_end(&j);
 */
#ifndef JSON_H
#define JSON_H

#include "buf.h"

struct json {
	struct buf *out; /**< borrowed; its `failed` tells whether all fitted */
	bool need_comma;
};

/** Starts with `{`. */
void json_begin(struct json *j, struct buf *out);
/** Ends with `}`; no line feed. */
void json_end(struct json *j);

/** `key` is NULL inside arrays.  Bytes that are not UTF-8 become U+FFFD. */
void json_str(struct json *j, const char *key, const char *value);
void json_strn(struct json *j, const char *key, const char *value, size_t len);
void json_int(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
/** `bracket` is `{` or `[`, and the matching one to close. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);

/** Is this valid UTF-8, NULs allowed? */
bool utf8_valid(const char *data, size_t len);

/**
 * Decode one character.
 *
 * @param ret_code  the code point, or UINT32_MAX if the bytes are not UTF-8
 * @return          bytes taken: 1 for a bad byte; 0 only for len 0
 */
size_t utf8_decode(const char *data, size_t len, uint32_t *ret_code);

/** @return  bytes written, at most 4 */
size_t utf8_encode(uint32_t code, char ret[4]);

#endif
