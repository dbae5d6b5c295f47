/* version.c - a hash of everything that decides a match: has a rule changed? */
#include "packset.h"

#include <openssl/evp.h>

#define SHA256_BYTES 32

/** Fields are hashed with their lengths, so that no two lists of fields look alike. */
struct digest {
	EVP_MD_CTX *ctx;
	bool failed;
};

static void digest_begin(struct digest *d)
{
	d->ctx = EVP_MD_CTX_new();
	d->failed = !d->ctx || EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) != 1;
}

static void add_bytes(struct digest *d, const void *data, size_t len)
{
	if (!d->failed)
		d->failed = EVP_DigestUpdate(d->ctx, data, len) != 1;
}

static void add_number(struct digest *d, uint64_t n)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(n >> (8 * i));
	add_bytes(d, bytes, sizeof(bytes));
}

/** An absent text differs from an empty one. */
static void add_text(struct digest *d, const char *text)
{
	add_number(d, text ? strlen(text) : UINT64_MAX);
	if (text)
		add_bytes(d, text, strlen(text));
}

static void add_texts(struct digest *d, const char *const *texts, size_t len)
{
	add_number(d, len);
	for (size_t i = 0; i < len; i++)
		add_text(d, texts[i]);
}

static void add_words(struct digest *d, const struct context_words *groups, size_t len)
{
	add_number(d, len);
	for (size_t i = 0; i < len; i++) {
		add_number(d, groups[i].within);
		add_texts(d, groups[i].words, groups[i].words_len);
	}
}

/** @return  false if anything failed on the way */
static bool digest_end(struct digest *d, char *ret_hex, size_t hex_digits)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[SHA256_BYTES];

	if (!d->failed)
		d->failed = EVP_DigestFinal_ex(d->ctx, hash, NULL) != 1;
	EVP_MD_CTX_free(d->ctx);
	if (d->failed)
		return false;
	for (size_t i = 0; i < hex_digits; i++)
		ret_hex[i] = digits[hash[i / 2] >> (i % 2 ? 0 : 4) & 15];
	ret_hex[hex_digits] = '\0';
	return true;
}

bool rule_version(const struct rule *rule, char ret[RULE_VERSION_BYTES])
{
	struct digest d;

	digest_begin(&d);
	add_text(&d, rule->id);
	add_text(&d, rule->pattern);
	add_text(&d, rule->prefilter);
	add_text(&d, rule->cell);
	add_text(&d, shape_name(rule->shape));
	add_text(&d, rule->validator ? rule->validator->name : NULL);
	add_text(&d, rule->detector);
	add_text(&d, assay_confidence_name(rule->confidence));
	add_words(&d, rule->raise, rule->raise_len);
	add_words(&d, rule->lower, rule->lower_len);
	add_texts(&d, rule->fields, rule->fields_len);
	add_texts(&d, rule->test_values, rule->test_values_len);
	/* These two decide what a log keeps of a match. */
	add_text(&d, normalise_name(rule->normalise));
	add_number(&d, (uint64_t)rule->reveal << 32 | rule->reveal_len);
	return digest_end(&d, ret, RULE_VERSION_BYTES - 1);
}

bool list_version(const struct rule_list *list, char ret[LIST_VERSION_BYTES])
{
	struct digest d;

	digest_begin(&d);
	add_number(&d, list->len);
	for (size_t i = 0; i < list->len; i++) {
		add_text(&d, list->rules[i]->id);
		add_text(&d, list->rules[i]->version);
	}
	for (size_t i = 0; i < list->labels_len; i++) {
		add_text(&d, list->labels[i].id);
		add_text(&d, list->labels[i].marking);
	}
	return digest_end(&d, ret, LIST_VERSION_BYTES - 1);
}
