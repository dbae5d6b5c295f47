/**
 * keyed.h - keyed hashes: HMAC-SHA-256 for what is published, SipHash for sets
 */
#ifndef KEYED_H
#define KEYED_H

#include <nettle/hmac.h>

#include "base.h"

#define KEY_BYTES 32
#define FP_BYTES 16

/** A part of a message; parts are joined as length-prefixed fields. */
struct keyed_part {
	const void *data;
	size_t len;
};

/** HMAC-SHA-256 with a key set up once: that is most of what a short one costs.  Of one
 * thread; copied by fork. */
struct keyed {
	struct hmac_sha256_ctx hmac;
};

void keyed_init(struct keyed *k, const uint8_t key[KEY_BYTES]);

/**
 * First 16 bytes of HMAC-SHA-256 over the parts, each preceded by its length
 * as eight little-endian bytes, so that no two lists of parts look alike.
 */
void keyed_mac(struct keyed *k, const struct keyed_part *parts, size_t parts_len,
	       uint8_t ret_fp[FP_BYTES]);

/** keyed_mac() with a key of one use. */
void keyed_hmac(const uint8_t key[KEY_BYTES], const struct keyed_part *parts, size_t parts_len,
		uint8_t ret_fp[FP_BYTES]);

/** HKDF-SHA-256 (RFC 5869) without salt: one key for one purpose out of the master key. */
void keyed_derive(const uint8_t master[KEY_BYTES], const char *purpose, uint8_t ret_key[KEY_BYTES]);

/** SipHash-2-4 with 128 bits of output (Aumasson, Bernstein: "SipHash", 2012). */
void keyed_sip128(const uint8_t key[16], const void *data, size_t len, uint8_t ret_hash[FP_BYTES]);

#endif
