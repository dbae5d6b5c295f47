/**
 * logout.h - where the lines of a run log go: buffer, hash, descriptor
 */
#ifndef LOGOUT_H
#define LOGOUT_H

#include "buf.h"
#include "checksum.h"

struct logout {
	int fd; /**< borrowed */
	struct buf pending;
	size_t hashed;  /**< bytes of `pending` that the hash has seen */
	uint64_t bytes; /**< of all lines so far */
	struct checksum sha;
};

void logout_init(struct logout *o, int fd);
void logout_done(struct logout *o);

/** Add one line; a line feed follows it. */
MUST_USE enum assay_status logout_line(struct logout *o, const struct buf *line,
				       struct assay_error *err);

/** SHA-256 of everything added so far. */
void logout_hash(struct logout *o, uint8_t ret_sha[CHECKSUM_BYTES]);

/** Write out what is pending. */
MUST_USE enum assay_status logout_flush(struct logout *o, struct assay_error *err);

#endif
