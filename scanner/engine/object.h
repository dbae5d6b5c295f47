/**
 * object.h - one object being scanned: its stream, and what was found in it
 *
 * Judges the stream's hits (context, field, test values, score), settles overlaps,
 * keeps the tally and the markings, and turns them into a struct assay_object.
 */
#ifndef OBJECT_H
#define OBJECT_H

#include <limits.h>

#include <assay/scan.h>

#include "columns.h"
#include "engine.h"
#include "context.h"
#include "keyed.h"
#include "label.h"
#include "marking.h"
#include "records.h"
#include "numbers.h"
#include "settle.h"
#include "stream.h"
#include "tally.h"

/** What all objects of a scanner share. */
struct judge {
	const assay_ruleset *set;
	struct assay_scan_options options;
	struct matcher *matcher;
	struct context *context;
	struct context_steps *steps; /**< of the window at hand; grows */
	size_t steps_cap;
	struct keyed mac;       /**< of fingerprints */
	struct buf value, mask; /**< scratch */
	struct roles roles;
	unsigned label_rule;    /**< that reports labels of metadata; NO_RULE: none does */
	engine_judged_fn *told; /**< of every candidate; or NULL */
	void *told_ctx;
};

#define NO_RULE UINT_MAX

/** Make j->value the bytes of a value that are hashed and compared. */
MUST_USE bool judge_normalise(struct judge *j, const struct rule *rule, const char *value,
			      size_t len);

/**
 * Everything a reader may be shown of a hit, its confidence left to be set.
 * j->value holds its normalised value.
 *
 * @return  one block, the caller's to free; NULL without memory
 */
MUST_USE struct assay_occurrence *judge_list(struct judge *j, const struct rule *rule,
					     const char *value, size_t len, const struct place *p);

#define OBJECT_GAPS_MAX 16

/** The last person that a number or a date of birth told from all others. */
struct subject {
	uint64_t end;     /**< of that evidence */
	uint8_t hash[16]; /**< of its value */
	uint16_t rule;
	bool is_known;
	bool at_work; /**< he is named above the address of an organisation */
	/** Where another one was told so: for how long that counts must not depend on what lies
	 * far before, which the worker of a range has not seen. */
	uint64_t other;
};

struct object {
	struct judge *judge; /**< borrowed */
	struct stream *stream;
	struct tally *tally;
	struct markings *markings;
	struct candidates pending; /**< those after the last sealed record */
	struct columns *columns;
	struct numbers numbers;
	struct record record; /**< the one at hand, if a window cut it */
	struct records_around around;
	struct subject subject;
	struct subject addressee; /**< the same, by a name above an address */
	struct subject named;     /**< by a line that is a label and a name */
	uint64_t records;         /**< with two kinds of personal data */
	uint64_t seen_to;         /**< cells before this position were counted */
	bool is_range;            /**< only evidence in [owned_from, owned_to) counts... */
	bool is_last_range;
	uint64_t owned_from, owned_to; /**< ...by its offset in the source */
	uint64_t first_line;           /**< stream's line feeds before the content (the name) */
	bool table;                    /**< a text table */
	bool code;                     /**< source code, a log, data: markings are words there */
	struct assay_gap gaps[OBJECT_GAPS_MAX];
	char gap_details[OBJECT_GAPS_MAX][256];
	size_t gaps_len;
	uint64_t hits_dropped, gave_up;
	size_t markings_judged;              /**< candidates looked at closely */
	uint64_t marking_line;               /**< line feeds before the last one... */
	size_t marking_line_hits;            /**< ...and how many stood on its line */
	struct assay_marking member_marking; /**< highest of the members' */
	char member_label[64], member_scheme[16];
};

MUST_USE struct object *object_new(struct judge *judge);
void object_free(struct object *o);
void object_reset(struct object *o);

/** The object is a range of a split file: evidence beyond it is seen, not counted. */
void object_own_range(struct object *o, uint64_t from, uint64_t to, bool is_last);

/** Note what was not read; the same reason is noted once. */
void object_gap(struct object *o, enum assay_reason reason, bool blocking, const char *detail);

/** Metadata: a label may be in it. */
void object_metadata(struct object *o, const struct segment *seg, const char *text, size_t len);

/** A member bears a marking: its container does, too. */
void object_member_marking(struct object *o, const struct assay_marking *m);

/** End of text: settle and conclude. */
MUST_USE enum assay_status object_finish(struct object *o, struct assay_error *err);

/** Fill in marking, findings and gaps; valid until the object is reset. */
void object_results(struct object *o, struct assay_object *ret);

#endif
