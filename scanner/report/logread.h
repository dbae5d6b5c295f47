/**
 * logread.h - reading a run log back, line by line
 *
 * Knows the log's own fixed form of JSON, trusts none of it: any line may be cut,
 * edited or hostile.
 */
#ifndef LOGREAD_H
#define LOGREAD_H

#include "base.h"
#include "buf.h"

/** A parsed line: a flat list of JSON values with their paths.  Opaque. */
struct event;

/** Opaque. */
struct logread;

/** @param fd  borrowed; may be a pipe */
MUST_USE enum assay_status logread_new(int fd, struct logread **ret_reader,
				       struct assay_error *err);
void logread_free(struct logread *r);

/**
 * The next event.
 *
 * @param ret_event  valid until the next call; NULL at the end
 * @return           ASSAY_FAILED for a line that is no event ("line 17: ...")
 */
MUST_USE enum assay_status logread_next(struct logread *r, const struct event **ret_event,
					struct assay_error *err);

/** Number of the line that was read last, from 1. */
uint64_t logread_line(const struct logread *r);

/** The line as it stands, without its line feed. */
const char *event_line(const struct event *e, size_t *ret_len);

/** Values by path: "type", "counts.high", "inner.0", "occurrences.2.loc.line".
 * Absent, null or of another type: NULL, 0, false. */
const char *event_str(const struct event *e, const char *path);
uint64_t event_int(const struct event *e, const char *path);
bool event_bool(const struct event *e, const char *path);
bool event_has(const struct event *e, const char *path);
/** Items of an array or object at `path`. */
size_t event_count(const struct event *e, const char *path);

#endif
