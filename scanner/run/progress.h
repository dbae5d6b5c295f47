/**
 * progress.h - one line on a terminal, four times a second
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdio.h>

#include "eta.h"
#include "log.h"
#include "walk.h"

struct progress {
	FILE *out;             /**< NULL: silent */
	uint64_t begun, shown; /**< ns */
	uint64_t found, done, bytes;
	double weight;        /**< of all that is done; 1 at the end */
	uint64_t bytes_found; /**< sizes of the files the walk has met */
	struct eta eta;
	char place[96]; /**< directory being walked, escaped */
};

/** @param out  borrowed; NULL: count, and show nothing */
void progress_start(struct progress *p, FILE *out);
void progress_found(struct progress *p, const struct walk_entry *e);
void progress_read(struct progress *p, uint64_t bytes);
/** @param weight  of the whole walk */
void progress_done(struct progress *p, double weight);
/** @param credit  weight of what is done and was never an entry */
void progress_show(struct progress *p, const struct log_counters *c, double credit);
/** Take the line away. */
void progress_end(struct progress *p);

#endif
