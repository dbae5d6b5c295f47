/**
 * checksum.h - SHA-256 over fields
 *
 * Fields are hashed with their lengths, so that no two lists of fields look alike.
 *
 *   checksum_begin(&d);
 *   checksum_text(&d, rule->id);
 *   checksum_end(&d, hash);
 */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <nettle/sha2.h>

#include "base.h"

#define CHECKSUM_BYTES ((size_t)32)

struct checksum {
	struct sha256_ctx sha;
};

void checksum_begin(struct checksum *d);
/** Without a length: for the last field, and those of fixed size. */
void checksum_bytes(struct checksum *d, const void *data, size_t len);
void checksum_number(struct checksum *d, uint64_t n);
/** An absent text differs from an empty one. */
void checksum_text(struct checksum *d, const char *text);
void checksum_texts(struct checksum *d, const char *const *texts, size_t len);
void checksum_end(struct checksum *d, uint8_t ret_hash[CHECKSUM_BYTES]);

#endif
