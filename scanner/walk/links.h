/**
 * links.h - files that have several names, and what came of them
 *
 * A file is known by device, inode, size, time of change and the last part of its
 * name: the name is evidence too, so a file under another name is another case.
 */
#ifndef LINKS_H
#define LINKS_H

#include <sys/stat.h>

#include "keyed.h"
#include "walk.h"

/** A file with several names, under one of them. */
struct linked {
	uint8_t id[FP_BYTES];
	uint64_t serial; /**< of the entry it was first met as */
	uint8_t fate, reason;
	bool used;
};

struct links {
	struct linked *table; /**< open addressing */
	size_t len, cap;
	uint8_t key[16]; /**< so that nobody can aim for collisions */
};

void links_init(struct links *l);
void links_done(struct links *l);

/** @return  NULL if it has not been met */
struct linked *links_find(struct links *l, const struct stat *st, const char *name);

/** Remember it.  Without memory it is forgotten: read again, slower and not wrong. */
void links_add(struct links *l, const struct stat *st, const char *name, uint64_t serial);

#endif
