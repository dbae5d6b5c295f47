/* fuzz_detect_label.c - any properties of any names and values */
#include <stdlib.h>

#include "label.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct labels *l)
{
	size_t len;
	const struct label *found = labels_conclude(l, &len);

	if (len > LABELS_MAX)
		abort();
	for (size_t i = 0; i < len; i++)
		if (strlen(found[i].value) >= LABEL_NAME_MAX ||
		    (found[i].is_known && found[i].says.tier >= ASSAY_TIERS))
			abort();
}

/** Lines of `name=value`; a line that begins with a tab goes on with the value before. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct assay_label_name names[] = {
		{ "2096f6a2-d2f7-48be-b329-b73aaa526e5d", "SECRET" },
		{ "id_x", "OFFICIAL" },
	};
	struct labels *l = labels_new(names, ARRAY_SIZE(names));
	const char *at = (const char *)data, *end = at + size;
	char field[256] = "";

	if (!l)
		abort();
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at)), *equals;
		struct label_place place = { .field = field };

		stop = stop ? stop : end;
		equals = memchr(at, '=', (size_t)(stop - at));
		if (*at != '\t' && equals) {
			size_t name = MIN((size_t)(equals - at), sizeof(field) - 1);

			memcpy(field, at, name);
			field[name] = '\0';
			at = equals + 1;
		}
		place.part =
		    field[0] == 'i' || field[0] == 'e' ? "docMetadata/LabelInfo.xml" : NULL;
		labels_text(l, &place, at, (size_t)(stop - at));
		at = stop + 1;
	}
	check(l);
	labels_clear(l);
	check(l);
	labels_free(l);
	return 0;
}
