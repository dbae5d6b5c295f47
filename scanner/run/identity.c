/* identity.c - keyed_hmac() with its key kept ready */
#include "identity.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

bool identity_init(struct identity *id, const uint8_t key[KEY_BYTES])
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	id->mac = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
	EVP_MAC_free(hmac);
	return id->mac && EVP_MAC_init(id->mac, key, KEY_BYTES, params);
}

void identity_done(struct identity *id)
{
	EVP_MAC_CTX_free(id->mac);
	id->mac = NULL;
}

static bool add_part(struct identity *id, const void *data, size_t len)
{
	uint8_t size[8];

	for (unsigned b = 0; b < sizeof(size); b++)
		size[b] = (uint8_t)((uint64_t)len >> (8 * b));
	return EVP_MAC_update(id->mac, size, sizeof(size)) && EVP_MAC_update(id->mac, data, len);
}

static bool add_inner(struct identity *id, const struct assay_inner *inner)
{
	uint8_t ordinal[4];

	for (unsigned b = 0; b < sizeof(ordinal); b++)
		ordinal[b] = (uint8_t)(inner->ordinal >> (8 * b));
	return add_part(id, inner->name, inner->len) && add_part(id, ordinal, sizeof(ordinal));
}

bool identity_hash(struct identity *id, const char *rule, const char *root, const char *path,
		   const struct assay_object *object, uint8_t ret_id[FP_BYTES])
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	size_t len;

	/* No key and no parameters: start again with those there are. */
	if (!EVP_MAC_init(id->mac, NULL, 0, NULL) || (rule && !add_part(id, rule, strlen(rule))) ||
	    !add_part(id, root, strlen(root)) || !add_part(id, path, strlen(path)))
		return false;
	for (size_t i = 0; i < object->inner_len; i++)
		if (!add_inner(id, &object->inner[i]))
			return false;
	if (!EVP_MAC_final(id->mac, mac, &len, sizeof(mac)) || len < FP_BYTES)
		return false;
	memcpy(ret_id, mac, FP_BYTES);
	return true;
}
