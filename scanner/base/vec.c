/* vec.c - the one function behind the macros */
#include "vec.h"

bool vec_grow(void **items, size_t *cap, size_t len, size_t limit, size_t item_bytes)
{
	size_t want = *cap ? *cap * 2 : 16;
	void *p;

	if (want > limit)
		want = limit;
	if (want <= len)
		return false;
	p = realloc(*items, want * item_bytes);
	if (!p)
		return false;
	*items = p;
	*cap = want;
	return true;
}
