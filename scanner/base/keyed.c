/* keyed.c - HMAC and HKDF by Nettle, SipHash by hand */
#include "keyed.h"

#include <nettle/hkdf.h>

#include "le.h"

void keyed_init(struct keyed *k, const uint8_t key[KEY_BYTES])
{
	hmac_sha256_set_key(&k->hmac, KEY_BYTES, key);
}

static void add_part(struct keyed *k, const struct keyed_part *part)
{
	uint8_t size[8];

	put_le64(size, part->len);
	hmac_sha256_update(&k->hmac, sizeof(size), size);
	if (part->len)
		hmac_sha256_update(&k->hmac, part->len, part->data);
}

void keyed_mac(struct keyed *k, const struct keyed_part *parts, size_t parts_len,
	       uint8_t ret_fp[FP_BYTES])
{
	for (size_t i = 0; i < parts_len; i++)
		add_part(k, &parts[i]);
	/* It also makes ready for the next. */
	hmac_sha256_digest(&k->hmac, FP_BYTES, ret_fp);
}

void keyed_hmac(const uint8_t key[KEY_BYTES], const struct keyed_part *parts, size_t parts_len,
		uint8_t ret_fp[FP_BYTES])
{
	struct keyed k;

	keyed_init(&k, key);
	keyed_mac(&k, parts, parts_len, ret_fp);
	explicit_bzero(&k, sizeof(k));
}

static void derive_update(void *hmac, size_t len, const uint8_t *data)
{
	hmac_sha256_update(hmac, len, data);
}

static void derive_digest(void *hmac, size_t len, uint8_t *ret)
{
	hmac_sha256_digest(hmac, len, ret);
}

void keyed_derive(const uint8_t master[KEY_BYTES], const char *purpose, uint8_t ret_key[KEY_BYTES])
{
	struct hmac_sha256_ctx hmac;
	uint8_t prk[SHA256_DIGEST_SIZE];

	hmac_sha256_set_key(&hmac, 0, master); /* no salt */
	hkdf_extract(&hmac, derive_update, derive_digest, sizeof(prk), KEY_BYTES, master, prk);
	hmac_sha256_set_key(&hmac, sizeof(prk), prk);
	hkdf_expand(&hmac, derive_update, derive_digest, sizeof(prk), strlen(purpose),
		    (const uint8_t *)purpose, KEY_BYTES, ret_key);
	explicit_bzero(&hmac, sizeof(hmac));
	explicit_bzero(prk, sizeof(prk));
}

static uint64_t load64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t rotl(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

static void sip_rounds(uint64_t v[4], unsigned rounds)
{
	while (rounds--) {
		v[0] += v[1];
		v[1] = rotl(v[1], 13) ^ v[0];
		v[0] = rotl(v[0], 32);
		v[2] += v[3];
		v[3] = rotl(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotl(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotl(v[1], 17) ^ v[2];
		v[2] = rotl(v[2], 32);
	}
}

void keyed_sip128(const uint8_t key[16], const void *data, size_t len, uint8_t ret_hash[FP_BYTES])
{
	const uint64_t k0 = load64(key), k1 = load64(key + 8);
	uint64_t v[4] = {
		k0 ^ UINT64_C(0x736f6d6570736575),
		k1 ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
		k0 ^ UINT64_C(0x6c7967656e657261),
		k1 ^ UINT64_C(0x7465646279746573),
	};
	const uint8_t *p = data;
	uint64_t last = (uint64_t)len << 56, half;

	for (; len >= 8; p += 8, len -= 8) {
		uint64_t m = load64(p);

		v[3] ^= m;
		sip_rounds(v, 2);
		v[0] ^= m;
	}
	for (size_t i = 0; i < len; i++)
		last |= (uint64_t)p[i] << (8 * i);
	v[3] ^= last;
	sip_rounds(v, 2);
	v[0] ^= last;
	v[2] ^= 0xee;
	sip_rounds(v, 4);
	half = v[0] ^ v[1] ^ v[2] ^ v[3];
	memcpy(ret_hash, &half, 8);
	v[1] ^= 0xdd;
	sip_rounds(v, 4);
	half = v[0] ^ v[1] ^ v[2] ^ v[3];
	memcpy(ret_hash + 8, &half, 8);
}
