/**
 * vec.h - a growing array of anything, with a ceiling
 *
 *   struct vec(struct hit) hits = VEC_INIT(1000);
 *   struct hit *h = vec_push(&hits);       NULL at the ceiling or without memory
 *
 * vec(struct hit) expands to
 *   { struct hit *items; size_t len, cap, limit; }
 */
#ifndef VEC_H
#define VEC_H

#include "base.h"

#define vec(type) \
	{ \
		type *items; \
		size_t len, cap, limit; \
	}

#define VEC_INIT(max) \
	{ \
		.limit = (max) \
	}

/** Make room for one more; false at the ceiling or without memory. */
bool vec_grow(void **items, size_t *cap, size_t len, size_t limit, size_t item_bytes);

/** Address of a new, uninitialised item at the end, or NULL. */
#define vec_push(v) \
	(((v)->len < (v)->cap || \
	  vec_grow((void **)&(v)->items, &(v)->cap, (v)->len, (v)->limit, sizeof(*(v)->items))) \
	     ? &(v)->items[(v)->len++] \
	     : NULL)

/** Release the memory; the vector is empty and usable again. */
#define vec_done(v) (free((v)->items), (v)->items = NULL, (v)->len = (v)->cap = 0)

#endif
