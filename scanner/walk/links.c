/* links.c - a hash table of files with several names */
#include "links.h"

#include <sys/random.h>

#define CAP_FIRST 256

/** 16 MiB: a tree of hard-linked snapshots must not grow with its number of files. */
#define CAP_MAX ((size_t)1 << 20)

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
		    uint8_t ret_id[LINK_ID_BYTES])
{
	const uint64_t what[] = { st->st_dev, st->st_ino, (uint64_t)st->st_size,
				  (uint64_t)st->st_mtim.tv_sec, (uint64_t)st->st_mtim.tv_nsec };
	char text[sizeof(what) + NAME_BYTES];
	size_t len = strnlen(name, NAME_BYTES);
	uint8_t hash[FP_BYTES];

	memcpy(text, what, sizeof(what));
	memcpy(text + sizeof(what), name, len);
	keyed_sip128(l->key, text, sizeof(what) + len, hash);
	memcpy(ret_id, hash, LINK_ID_BYTES);
}

static struct linked *slot_of(struct linked *table, size_t cap, const uint8_t id[LINK_ID_BYTES])
{
	uint64_t at;

	memcpy(&at, id, sizeof(at));
	at &= cap - 1;
	while (table[at].state && memcmp(table[at].id, id, LINK_ID_BYTES) != 0)
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
		if (l->table[i].state)
			*slot_of(table, cap, l->table[i].id) = l->table[i];
	free(l->table);
	l->table = table;
	l->cap = cap;
	return true;
}

struct linked *links_find(struct links *l, const struct stat *st, const char *name)
{
	uint8_t id[LINK_ID_BYTES];
	struct linked *found;

	if (l->cap == 0)
		return NULL;
	make_id(l, st, name, id);
	found = slot_of(l->table, l->cap, id);
	return found->state ? found : NULL;
}

/** Where a new one goes; NULL: nowhere. */
static struct linked *room_for(struct links *l, const uint8_t id[LINK_ID_BYTES])
{
	struct linked *home;
	uint64_t at;

	if (2 * l->len < l->cap || (l->cap < CAP_MAX && grow(l)))
		return slot_of(l->table, l->cap, id);
	if (l->cap == 0)
		return NULL;
	/* Full: in the place of another, so that chains which lead over it stay whole. */
	memcpy(&at, id, sizeof(at));
	home = &l->table[at & (l->cap - 1)];
	return home->state || l->len < l->cap / 4 * 3 ? home : NULL;
}

void links_add(struct links *l, const struct stat *st, const char *name)
{
	struct linked *slot;
	uint8_t id[LINK_ID_BYTES];

	make_id(l, st, name, id);
	slot = room_for(l, id);
	if (!slot)
		return;
	l->len += !slot->state;
	memcpy(slot->id, id, LINK_ID_BYTES);
	linked_settle(slot, WALK_UNSETTLED, ASSAY_REASON_NONE);
}

/* In one byte: 1 and the fate, or for what was lost 1, that and the reason. */

void linked_settle(struct linked *l, enum walk_fate fate, enum assay_reason reason)
{
	l->state = (uint8_t)(1u + fate + (fate == WALK_LOST ? (unsigned)reason : 0));
}

enum walk_fate linked_fate(const struct linked *l)
{
	return l->state > WALK_LOST ? WALK_LOST : (enum walk_fate)(l->state - 1);
}

enum assay_reason linked_reason(const struct linked *l)
{
	return l->state > WALK_LOST ? (enum assay_reason)(l->state - 1u - WALK_LOST)
				    : ASSAY_REASON_NONE;
}
