/**
 * keyed.h - keyed hashes: HMAC-SHA-256 for what is published, SipHash for sets
 */
#ifndef KEYED_H
#define KEYED_H

#include "base.h"

#define KEY_BYTES 32
#define FP_BYTES 16

/** Before other use, in a process that ends soon: libcrypto then leaves its memory to the
 * kernel at exit, which is quicker by half a millisecond. */
void keyed_leave_memory(void);

/** A part of a message; parts are joined as length-prefixed fields. */
struct keyed_part {
	const void *data;
	size_t len;
};

/**
 * First 16 bytes of HMAC-SHA-256 over the parts, each preceded by its length
 * as eight little-endian bytes, so that no two lists of parts look alike.
 */
MUST_USE bool keyed_hmac(const uint8_t key[KEY_BYTES], const struct keyed_part *parts,
			 size_t parts_len, uint8_t ret_fp[FP_BYTES]);

/**
 * The same with the key set up once: that is most of what a short HMAC costs.  Opaque;
 * belongs to one thread; shared by fork.
 */
struct keyed;

struct keyed *keyed_new(const uint8_t key[KEY_BYTES]);
void keyed_free(struct keyed *k);

/** keyed_hmac() with the key of `k`. */
MUST_USE bool keyed_mac(struct keyed *k, const struct keyed_part *parts, size_t parts_len,
			uint8_t ret_fp[FP_BYTES]);

/** HKDF-SHA-256: one key for one purpose out of the master key. */
MUST_USE bool keyed_derive(const uint8_t master[KEY_BYTES], const char *purpose,
			   uint8_t ret_key[KEY_BYTES]);

/** SipHash-2-4 with 128 bits of output (Aumasson, Bernstein: "SipHash", 2012). */
void keyed_sip128(const uint8_t key[16], const void *data, size_t len, uint8_t ret_hash[FP_BYTES]);

#endif
