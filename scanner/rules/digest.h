/**
 * digest.h - SHA-256 over fields
 *
 * Fields are hashed with their lengths, so that no two lists of fields look alike.
 *
 *   digest_begin(&d);
 *   digest_text(&d, rule->id);
 *   ok = digest_end(&d, hash);
 */
#ifndef DIGEST_H
#define DIGEST_H

#include "base.h"

#define DIGEST_BYTES ((size_t)32)

struct digest {
	void *ctx;
	bool failed;
};

/** Without memory the digest fails, and digest_end() says so. */
void digest_begin(struct digest *d);
/** Without a length: for the last field, and those of fixed size. */
void digest_bytes(struct digest *d, const void *data, size_t len);
void digest_number(struct digest *d, uint64_t n);
/** An absent text differs from an empty one. */
void digest_text(struct digest *d, const char *text);
void digest_texts(struct digest *d, const char *const *texts, size_t len);
/** Always ends the digest.  @return  false if anything failed on the way */
MUST_USE bool digest_end(struct digest *d, uint8_t ret_hash[DIGEST_BYTES]);

#endif
