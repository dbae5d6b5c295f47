/* keyed.c - HMAC and HKDF by libcrypto, SipHash by hand */
#include "keyed.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

void keyed_leave_memory(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

struct keyed {
	EVP_MAC_CTX *mac;
};

struct keyed *keyed_new(const uint8_t key[KEY_BYTES])
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	struct keyed *k = calloc(1, sizeof(*k));

	if (k && hmac)
		k->mac = EVP_MAC_CTX_new(hmac);
	EVP_MAC_free(hmac);
	if (k && k->mac && EVP_MAC_init(k->mac, key, KEY_BYTES, params))
		return k;
	keyed_free(k);
	return NULL;
}

void keyed_free(struct keyed *k)
{
	if (k)
		EVP_MAC_CTX_free(k->mac);
	free(k);
}

static bool add_part(EVP_MAC_CTX *mac, const struct keyed_part *part)
{
	uint8_t size[8];

	for (unsigned b = 0; b < sizeof(size); b++)
		size[b] = (uint8_t)((uint64_t)part->len >> (8 * b));
	return EVP_MAC_update(mac, size, sizeof(size)) &&
	       (part->len == 0 || EVP_MAC_update(mac, part->data, part->len));
}

bool keyed_mac(struct keyed *k, const struct keyed_part *parts, size_t parts_len,
	       uint8_t ret_fp[FP_BYTES])
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	size_t len;

	/* No key and no parameters: start again with those there are. */
	if (!EVP_MAC_init(k->mac, NULL, 0, NULL))
		return false;
	for (size_t i = 0; i < parts_len; i++)
		if (!add_part(k->mac, &parts[i]))
			return false;
	if (!EVP_MAC_final(k->mac, mac, &len, sizeof(mac)) || len < FP_BYTES)
		return false;
	memcpy(ret_fp, mac, FP_BYTES);
	return true;
}

bool keyed_hmac(const uint8_t key[KEY_BYTES], const struct keyed_part *parts, size_t parts_len,
		uint8_t ret_fp[FP_BYTES])
{
	struct keyed *k = keyed_new(key);
	bool ok = k && keyed_mac(k, parts, parts_len, ret_fp);

	keyed_free(k);
	return ok;
}

bool keyed_derive(const uint8_t master[KEY_BYTES], const char *purpose, uint8_t ret_key[KEY_BYTES])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
	size_t len = KEY_BYTES;
	bool ok = ctx && EVP_PKEY_derive_init(ctx) > 0 &&
		  EVP_PKEY_CTX_set_hkdf_md(ctx, EVP_sha256()) > 0 &&
		  EVP_PKEY_CTX_set1_hkdf_key(ctx, master, KEY_BYTES) > 0 &&
		  EVP_PKEY_CTX_add1_hkdf_info(ctx, (const unsigned char *)purpose,
					      (int)strlen(purpose)) > 0 &&
		  EVP_PKEY_derive(ctx, ret_key, &len) > 0;

	EVP_PKEY_CTX_free(ctx);
	return ok;
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
