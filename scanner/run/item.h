/**
 * item.h - a file between the walk and the log
 *
 * Whole files go to one worker; a large plain text comes back with the wish to be
 * split, and its ranges' results are put together here.
 */
#ifndef ITEM_H
#define ITEM_H

#include "marking.h"
#include "tally.h"
#include "walk.h"
#include "work.h"

#define ITEM_GAPS_MAX 16

struct item {
	struct item *next;       /**< in a queue */
	struct walk_entry entry; /**< owned: path and fd */
	bool is_retry;           /**< changed while it was read; this is the second try */
	bool changed;            /**< found so when its first object came; or it cannot be told */
	bool no_answer;          /**< its storage did not say */
	bool checked;
	bool read_again; /**< changed, and to be read a second time: its objects are dropped */
	bool notable;    /**< there is something to report of it or of a member */

	/* Of a split file: */
	size_t ranges, ranges_sent, ranges_done;
	uint8_t *blob;
	size_t blob_len;
	uint64_t *range_lines; /**< line feeds in each range; LINES_UNKNOWN until it is done */
	struct tally *tally;
	struct assay_gap gaps[ITEM_GAPS_MAX];
	char gap_details[ITEM_GAPS_MAX][128];
	size_t gaps_len;
	struct assay_marking marking;
	char label[64], scheme[16], where[32], handling[128], descriptors[128];
	char places[256], conflicts[128];
	char mime[64], mime_by[16];
	bool ext_mismatch;
	bool any_read;
	uint64_t bytes;
	uint64_t records;
};

/** Takes the entry over. */
MUST_USE struct item *item_new(const struct walk_entry *entry_take);
/** Its descriptor is the walk's to close: that may hang. */
void item_free(struct item *item, struct walk *walk);

/** Note whether it differs from what it was when it was opened. */
void item_check(struct item *item, struct walk *walk);
/** The gap of one that is `changed`. */
struct assay_gap item_change_gap(const struct item *item);

/** The whole file as a unit. */
struct work_unit item_unit(struct item *item);

/** Prepare for ranges.  @return  false without memory */
MUST_USE bool item_split(struct item *item, const uint8_t *blob, size_t blob_len, size_t rules,
			 size_t max_occurrences);
/** The next range as a unit; ranges_sent < ranges. */
struct work_unit item_next_range(struct item *item);
/** A range is done, and how many line feeds are in it is known. */
void item_range_done(struct item *item, uint64_t begin, uint64_t lines);
/** Take in what a range found. */
MUST_USE bool item_absorb(struct item *item, const struct assay_object *object,
			  const struct work_hashes *hashes);
void item_gap(struct item *item, enum assay_reason reason, const char *detail);
/** All ranges are done: one object.  Valid until the item is freed.
 * @return  false without memory */
MUST_USE bool item_object(struct item *item, struct assay_object *ret);

#endif
