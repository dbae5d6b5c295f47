/* fuzz_rules_image.c - any bytes as a cached image: refused, or within every bound */
#include "imagefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** The header holds a hash of the rest; without the right one nothing past it is reached. */
static void make_right(char *copy, size_t size)
{
	struct image_header h;
	struct checksum d;

	if (size < sizeof(h))
		return;
	memcpy(&h, copy, sizeof(h));
	memcpy(h.magic, IMAGE_MAGIC, sizeof(h.magic));
	checksum_begin(&d);
	checksum_number(&d, h.words_len);
	for (size_t i = 0; i < IMAGE_PARTS; i++)
		checksum_number(&d, h.bytes[i]);
	checksum_bytes(&d, copy + sizeof(h), size - sizeof(h));
	checksum_end(&d, h.body);
	memcpy(copy, &h, sizeof(h));
}

static void walk(const struct ruleset_image *image)
{
	const char *word = image->word_text.data;
	const struct word_use *use = image->uses;

	for (size_t i = 0; i < image->words_len; i++) {
		word += strlen(word) + 1;
		while (use->rule != UINT16_MAX)
			if (use++->rule >= image->facts_len)
				abort();
		use++;
	}
	if ((size_t)(word - (const char *)image->word_text.data) != image->word_text.len ||
	    (size_t)(use - image->uses) != image->uses_len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset_image image = { 0 };
	uint8_t key[CHECKSUM_BYTES] = { 0 };
	char *copy = malloc(size + 1);

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	make_right(copy, size);
	if (size >= 8 + CHECKSUM_BYTES)
		memcpy(key, copy + 8, CHECKSUM_BYTES);
	if (image_unpack(copy, size, key, &image)) {
		walk(&image);
		ruleset_image_done(&image);
	}
	free(copy);
	return 0;
}
