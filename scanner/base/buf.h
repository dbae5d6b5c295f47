/**
 * buf.h - a growing run of bytes with a ceiling
 *
 * Always NUL-terminated once anything was added, so that text can be printed.
 * A buffer that met its ceiling or ran out of memory remembers it: check
 * `failed` once, after the last addition.
 */
#ifndef BUF_H
#define BUF_H

#include "base.h"

struct buf {
	char *data; /**< owned; NULL while empty */
	size_t len;
	size_t cap;
	size_t limit; /**< most bytes it may hold */
	bool failed;  /**< something did not fit and was left out */
};

#define BUF_INIT(max) \
	{ \
		.limit = (max) \
	}

void buf_done(struct buf *b);

/** Forget the content, keep the memory. */
static inline void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

/** Room for `more` bytes at data + len, or NULL (and `failed`). */
MUST_USE char *buf_reserve(struct buf *b, size_t more);

/** Each returns false, and sets `failed`, if the bytes did not fit. */
bool buf_add(struct buf *b, const void *data, size_t len);
bool buf_add_byte(struct buf *b, char c);
bool buf_add_str(struct buf *b, const char *text);
bool buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
