/**
 * logparts.h - the run log among its own files: log.c, which opens, counts and ends it,
 * logbegin.c and logobject.c
 */
#ifndef LOGPARTS_H
#define LOGPARTS_H

#include "identity.h"
#include "log.h"
#include "logline.h"
#include "logout.h"
#include "ruleset.h"

/*
 * Ceilings of the escaped text in a line, in bytes; those of one file alone stand there.  Their sum
 * stays well under LOG_LINE_MAX.
 */
#define ROOT_MAX ((size_t)1024)
#define PATH_MAX_TEXT (10 * KiB)
#define WORD_MAX ((size_t)256)
#define TEXT_MAX ((size_t)1024)

struct log {
	struct log_options options;
	struct keyed identity; /**< the key of identity.h */
	struct logout out;
	struct buf line;
	const assay_ruleset *rules; /* borrowed */
	char **roots;
	size_t roots_len;
	char run[27];
	uint64_t seq;
	uint64_t notices;
	struct log_counters count;
	struct {
		uint64_t seq, ns;
	} checkpoint;
	struct {
		time_t second;
		struct buf text; /* `ts` of that second, to the dot */
	} stamp;
	struct assay_error broken; /* the first fatal error; it stays */
};

/** Clear the log's line and begin an event in it.  @return  the line, which is the log's own */
struct buf *log_event_begin(struct log *log, const char *type);
/** Send the line on.  What failed once stays failed: a log with a hole is worse than none. */
MUST_USE enum assay_status log_event_end(struct log *log, struct assay_error *err);

/* logobject.c: the events of one object; ASSAY_FATAL if the log cannot take one */

/** One object on its way into the log. */
struct log_entry {
	const struct log_file *file; /**< borrowed, as is all here */
	const struct assay_object *object;
	const char *root;
	uint8_t obj[FP_BYTES];
};

MUST_USE enum assay_status log_write_object(struct log *log, const struct log_entry *e,
					    struct assay_error *err);
/** In as many lines as its occurrences take. */
MUST_USE enum assay_status log_write_finding(struct log *log, const struct log_entry *e,
					     const struct assay_finding *f,
					     struct assay_error *err);
MUST_USE enum assay_status log_write_gap(struct log *log, const struct log_entry *e,
					 const struct assay_gap *g, struct assay_error *err);

/** Has it anything of the least confidence that is asked for? */
bool log_is_reported(const struct log *log, const struct assay_finding *f);

#endif
