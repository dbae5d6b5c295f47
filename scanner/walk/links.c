/* links.c - a hash table of files with several names */
#include "links.h"

#include <sys/random.h>

#define CAP_FIRST 256

/** Bytes of a name that tell it from others: more than any file system allows. */
#define NAME_BYTES 1024

void links_init(struct links *l)
{
	*l = (struct links){ 0 };
	if (getrandom(l->key, sizeof(l->key), 0) != sizeof(l->key))
		memset(l->key, 0x5A, sizeof(l->key));
}

void links_done(struct links *l)
{
	free(l->table);
	l->table = NULL;
	l->len = l->cap = 0;
}

static void make_id(const struct links *l, const struct stat *st, const char *name,
		    uint8_t ret_id[FP_BYTES])
{
	const uint64_t what[] = { st->st_dev, st->st_ino, (uint64_t)st->st_size,
				  (uint64_t)st->st_mtim.tv_sec, (uint64_t)st->st_mtim.tv_nsec };
	char text[sizeof(what) + NAME_BYTES];
	size_t len = strnlen(name, NAME_BYTES);

	memcpy(text, what, sizeof(what));
	memcpy(text + sizeof(what), name, len);
	keyed_sip128(l->key, text, sizeof(what) + len, ret_id);
}

static struct linked *slot_of(struct linked *table, size_t cap, const uint8_t id[FP_BYTES])
{
	uint64_t at;

	memcpy(&at, id, sizeof(at));
	at &= cap - 1;
	while (table[at].used && memcmp(table[at].id, id, FP_BYTES) != 0)
		at = (at + 1) & (cap - 1);
	return &table[at];
}

static bool grow(struct links *l)
{
	size_t cap = l->cap ? 2 * l->cap : CAP_FIRST;
	struct linked *table = calloc(cap, sizeof(*table));

	if (!table)
		return false;
	for (size_t i = 0; i < l->cap; i++)
		if (l->table[i].used)
			*slot_of(table, cap, l->table[i].id) = l->table[i];
	free(l->table);
	l->table = table;
	l->cap = cap;
	return true;
}

struct linked *links_find(struct links *l, const struct stat *st, const char *name)
{
	uint8_t id[FP_BYTES];
	struct linked *found;

	if (l->cap == 0)
		return NULL;
	make_id(l, st, name, id);
	found = slot_of(l->table, l->cap, id);
	return found->used ? found : NULL;
}

void links_add(struct links *l, const struct stat *st, const char *name, uint64_t serial)
{
	struct linked *slot;
	uint8_t id[FP_BYTES];

	if (2 * l->len >= l->cap && !grow(l))
		return;
	make_id(l, st, name, id);
	slot = slot_of(l->table, l->cap, id);
	l->len += !slot->used;
	*slot = (struct linked){ .serial = serial, .used = true };
	memcpy(slot->id, id, FP_BYTES);
}
