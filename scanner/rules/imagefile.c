/*
 * imagefile.c - a compiled image as bytes, for the cache
 *
 * A header, then the image's parts one after the other, as they lie in memory: the key
 * holds the build, so the reader's structs are the writer's.
 */
#include "imagefile.h"

/** What a part may be of: bytes, or an array of structs. */
enum part {
	PART_FACTS,
	PART_USES,
	PART_PATTERNS,
	PART_LITERALS,
	PART_BESIDES,
	PART_OTHERS,
	PART_TEXT,
	PARTS
};

/* A member that is not written would be rules that are not found, from the second start on. */
_Static_assert(sizeof(struct ruleset_image) == 5 * sizeof(struct image_bytes) + 5 * sizeof(size_t),
	       "every member of an image is a part: add the new one to both tables below");

_Static_assert(PARTS == IMAGE_PARTS, "the header has a length for each part");

struct parts {
	struct image_bytes of[PARTS];
};

static struct parts parts_of(const struct ruleset_image *image)
{
	return (struct parts){ {
	    [PART_FACTS] = { image->facts, image->facts_len * sizeof(*image->facts) },
	    [PART_USES] = { image->uses, image->uses_len * sizeof(*image->uses) },
	    [PART_PATTERNS] = image->patterns,
	    [PART_LITERALS] = image->literals,
	    [PART_BESIDES] = image->besides,
	    [PART_OTHERS] = image->others,
	    [PART_TEXT] = image->word_text,
	} };
}

static void hash_of(const struct image_header *h, const void *body, size_t len,
		    uint8_t ret[CHECKSUM_BYTES])
{
	struct checksum d;

	checksum_begin(&d);
	checksum_number(&d, h->words_len);
	for (size_t i = 0; i < PARTS; i++)
		checksum_number(&d, h->bytes[i]);
	checksum_bytes(&d, body, len);
	checksum_end(&d, ret);
}

bool image_pack(const struct ruleset_image *image, const uint8_t key[CHECKSUM_BYTES],
		struct buf *out)
{
	struct parts parts = parts_of(image);
	struct image_header h = { .words_len = image->words_len };
	size_t at = out->len;

	memcpy(h.magic, IMAGE_MAGIC, sizeof(h.magic));
	memcpy(h.key, key, CHECKSUM_BYTES);
	for (size_t i = 0; i < PARTS; i++)
		h.bytes[i] = parts.of[i].data ? parts.of[i].len : 0;
	buf_add(out, &h, sizeof(h));
	for (size_t i = 0; i < PARTS; i++)
		buf_add(out, parts.of[i].data, (size_t)h.bytes[i]);
	if (out->failed)
		return false;
	hash_of(&h, out->data + at + sizeof(h), out->len - at - sizeof(h), h.body);
	memcpy(out->data + at, &h, sizeof(h));
	return true;
}

/** Do the parts, none of them too long, fill the file? */
static bool fits(const struct image_header *h, size_t body)
{
	for (size_t i = 0; i < PARTS; i++) {
		if (h->bytes[i] > body)
			return false;
		body -= (size_t)h->bytes[i];
	}
	return body == 0 && h->bytes[PART_FACTS] % sizeof(struct rule_facts) == 0 &&
	       h->bytes[PART_USES] % sizeof(struct word_use) == 0;
}

static bool facts_hold(const struct ruleset_image *image)
{
	/* A prefilter's `back` has some bytes in front, see PREFIX_MAX. */
	const uint32_t most = 2 * RULE_REACH_MAX;

	if (image->facts_len > RULES_MAX)
		return false;
	for (size_t i = 0; i < image->facts_len; i++)
		if (image->facts[i].reach > RULE_REACH_MAX || image->facts[i].back > most ||
		    image->facts[i].digits > RULE_REACH_MAX)
			return false;
	return true;
}

static bool use_holds(const struct ruleset_image *image, const struct word_use *use)
{
	return use->rule < image->facts_len && use->within <= RULE_WITHIN_MAX &&
	       (use->step == 1 || use->step == -1);
}

/** As many words as ends of uses, and each table ends with an end. */
static bool words_hold(const struct ruleset_image *image)
{
	const char *text = image->word_text.data;
	size_t ends = 0, words = 0;

	for (size_t i = 0; i < image->uses_len; i++)
		if (image->uses[i].rule == UINT16_MAX)
			ends++;
		else if (!use_holds(image, &image->uses[i]))
			return false;
	for (size_t i = 0; i < image->word_text.len; i++)
		words += !text[i];
	if (ends != image->words_len || words != image->words_len)
		return false;
	if (words == 0)
		return image->word_text.len == 0 && image->uses_len == 0;
	return !text[image->word_text.len - 1] &&
	       image->uses[image->uses_len - 1].rule == UINT16_MAX;
}

/** A copy, aligned for anything; databases and structs ask for that.  @return  false without
 * memory */
static bool copy_part(const char **from, uint64_t bytes, struct image_bytes *ret)
{
	void *copy = NULL;

	if (bytes) {
		copy = malloc((size_t)bytes);
		if (!copy)
			return false;
		memcpy(copy, *from, (size_t)bytes);
	}
	*ret = (struct image_bytes){ copy, (size_t)bytes };
	*from += bytes;
	return true;
}

static bool copy_parts(const struct image_header *h, const char *body, struct ruleset_image *image)
{
	struct image_bytes of[PARTS] = { 0 };
	bool ok = true;

	for (size_t i = 0; i < PARTS && ok; i++)
		ok = copy_part(&body, h->bytes[i], &of[i]);
	*image = (struct ruleset_image){
		.facts = of[PART_FACTS].data,
		.facts_len = of[PART_FACTS].len / sizeof(struct rule_facts),
		.patterns = of[PART_PATTERNS],
		.literals = of[PART_LITERALS],
		.besides = of[PART_BESIDES],
		.others = of[PART_OTHERS],
		.word_text = of[PART_TEXT],
		.words_len = (size_t)h->words_len,
		.uses = of[PART_USES].data,
		.uses_len = of[PART_USES].len / sizeof(struct word_use),
	};
	return ok;
}

bool image_unpack(const void *data, size_t len, const uint8_t key[CHECKSUM_BYTES],
		  struct ruleset_image *ret_image)
{
	CLEANUP(ruleset_image_done) struct ruleset_image image = { 0 };
	const char *body = (const char *)data + sizeof(struct image_header);
	uint8_t hash[CHECKSUM_BYTES];
	struct image_header h;

	if (len < sizeof(h) || len > IMAGE_FILE_MAX)
		return false;
	memcpy(&h, data, sizeof(h));
	if (memcmp(h.magic, IMAGE_MAGIC, sizeof(h.magic)) != 0 ||
	    memcmp(h.key, key, CHECKSUM_BYTES) != 0 || !fits(&h, len - sizeof(h)))
		return false;
	hash_of(&h, body, len - sizeof(h), hash);
	if (memcmp(h.body, hash, CHECKSUM_BYTES) != 0 || !copy_parts(&h, body, &image) ||
	    !facts_hold(&image) || !words_hold(&image))
		return false;
	*ret_image = image;
	image = (struct ruleset_image){ 0 };
	return true;
}
