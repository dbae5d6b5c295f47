/* digest.c - SHA-256 over fields, by libcrypto */
#include "digest.h"

#include <openssl/evp.h>

void digest_begin(struct digest *d)
{
	d->ctx = EVP_MD_CTX_new();
	d->failed = !d->ctx || EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) != 1;
}

void digest_bytes(struct digest *d, const void *data, size_t len)
{
	if (!d->failed)
		d->failed = EVP_DigestUpdate(d->ctx, data, len) != 1;
}

void digest_number(struct digest *d, uint64_t n)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(n >> (8 * i));
	digest_bytes(d, bytes, sizeof(bytes));
}

void digest_text(struct digest *d, const char *text)
{
	digest_number(d, text ? strlen(text) : UINT64_MAX);
	if (text)
		digest_bytes(d, text, strlen(text));
}

void digest_texts(struct digest *d, const char *const *texts, size_t len)
{
	digest_number(d, len);
	for (size_t i = 0; i < len; i++)
		digest_text(d, texts[i]);
}

bool digest_end(struct digest *d, uint8_t ret_hash[DIGEST_BYTES])
{
	if (!d->failed)
		d->failed = EVP_DigestFinal_ex(d->ctx, ret_hash, NULL) != 1;
	EVP_MD_CTX_free(d->ctx);
	d->ctx = NULL;
	return !d->failed;
}
