/* arena.c - many small pieces of memory that end together */
#include "arena.h"

#include <stdalign.h>

#define BLOCK_BYTES (16 * KiB)

struct arena_block {
	struct arena_block *next;
	alignas(max_align_t) char data[];
};

static bool add_block(struct arena *a, size_t bytes)
{
	struct arena_block *block = calloc(1, sizeof(*block) + bytes);

	if (!block)
		return false;
	block->next = a->blocks;
	a->blocks = block;
	a->used = 0;
	a->cap = bytes;
	return true;
}

void *arena_take(struct arena *a, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	void *piece;

	if (bytes > SIZE_MAX / 2)
		return NULL;
	bytes = (bytes + align - 1) & ~(align - 1);
	if (a->cap - a->used < bytes && !add_block(a, MAX(bytes, BLOCK_BYTES)))
		return NULL;
	piece = a->blocks ? a->blocks->data + a->used : NULL;
	a->used += bytes;
	return piece;
}

char *arena_copy(struct arena *a, const char *text, size_t len)
{
	char *copy = arena_take(a, len + 1);

	if (copy && len)
		memcpy(copy, text, len);
	return copy;
}

void arena_done(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *block = a->blocks;

		a->blocks = block->next;
		free(block);
	}
	a->used = a->cap = 0;
}
