/* fuzz_detect_marking.c - any text around a hit, any place, and any value */
#include <stdlib.h>

#include "marking.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** First byte: region and flags; second: scheme; the rest is text, hit at every capital. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const schemes[] = { "gscp", "gpms", "tlp",    "nato",  "eu",
					       "us",   "au",   "police", "label", "foi" };
	struct markings *m;
	const struct marking_found *found;
	struct assay_marking marking;
	struct marking_value value;
	char *text;
	size_t len, found_len;

	if (size < 3 || size > 4096)
		return 0;
	len = size - 2;
	text = malloc(len); /* exactly as long: nothing may be read past it */
	m = markings_new(NULL, 0);
	if (!text || !m)
		abort();
	memcpy(text, data + 2, len);
	for (size_t i = 0; i < len; i++) {
		struct marking_hit h = {
			.scheme = schemes[data[1] % ARRAY_SIZE(schemes)],
			.text = text,
			.len = len,
			.begin = i,
			.region = (enum assay_region)(data[0] % ASSAY_REGIONS),
			.near_start = data[0] & 0x20,
			.code = data[0] & 0x40,
			.field = data[0] & 0x80 ? "classification" : NULL,
			.line = i / 20,
		};

		if (!is_letter(text[i]) && text[i] != '(' && text[i] != '[' && text[i] != '/')
			continue;
		for (h.end = i + 1; h.end < len && is_letter(text[h.end]); h.end++)
			;
		h.occurrence.off = data[1] & 0x80 ? i : ASSAY_NO_OFFSET;
		h.occurrence.mask = "m";
		markings_add(m, &h);
	}
	markings_conclude(m, len / 20, &marking, &found, &found_len);
	if (found_len > MARKINGS_MAX || (marking.label && marking.tier >= ASSAY_TIERS))
		abort();
	markings_free(m);
	(void)marking_parse(text, len, data[0] & 1, &value);
	free(text);
	return 0;
}
