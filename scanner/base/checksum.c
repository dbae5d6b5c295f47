/* checksum.c - SHA-256 over fields, by Nettle */
#include "checksum.h"

#include "le.h"

void checksum_begin(struct checksum *d)
{
	sha256_init(&d->sha);
}

void checksum_bytes(struct checksum *d, const void *data, size_t len)
{
	if (len)
		sha256_update(&d->sha, len, data);
}

void checksum_number(struct checksum *d, uint64_t n)
{
	uint8_t bytes[8];

	put_le64(bytes, n);
	checksum_bytes(d, bytes, sizeof(bytes));
}

void checksum_text(struct checksum *d, const char *text)
{
	checksum_number(d, text ? strlen(text) : UINT64_MAX);
	if (text)
		checksum_bytes(d, text, strlen(text));
}

void checksum_texts(struct checksum *d, const char *const *texts, size_t len)
{
	checksum_number(d, len);
	for (size_t i = 0; i < len; i++)
		checksum_text(d, texts[i]);
}

void checksum_end(struct checksum *d, uint8_t ret_hash[CHECKSUM_BYTES])
{
	sha256_digest(&d->sha, CHECKSUM_BYTES, ret_hash);
}
