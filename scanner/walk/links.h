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

/** Bytes of a keyed hash that tell one file from another. */
#define LINK_ID_BYTES 15

/** A file with several names, under one of them. */
struct linked {
	uint8_t id[LINK_ID_BYTES];
	uint8_t state; /**< 0: unused; else fate and reason */
};

struct links {
	struct linked *table; /**< open addressing */
	size_t len, cap;
	uint8_t key[16]; /**< so that nobody can aim for collisions */
};

void links_init(struct links *l);
void links_done(struct links *l);

/** @return  NULL if it has not been met, or was forgotten */
struct linked *links_find(struct links *l, const struct stat *st, const char *name);

/** Remember it, unsettled.  Beyond a million, and without memory, others are forgotten:
 * their next names are read again, slower and not wrong. */
void links_add(struct links *l, const struct stat *st, const char *name);

/** What came of the file.  @param reason  looked at for WALK_LOST alone */
void linked_settle(struct linked *l, enum walk_fate fate, enum assay_reason reason);
enum walk_fate linked_fate(const struct linked *l);
/** Why it was lost, or ASSAY_REASON_NONE. */
enum assay_reason linked_reason(const struct linked *l);

#endif
