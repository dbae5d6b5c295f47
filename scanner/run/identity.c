/* identity.c - the parts of an identity, in their order */
#include "identity.h"

/** Deepest nesting a limit may allow, and more. */
#define INNER_MAX 40

void identity_hash(struct keyed *key, const char *rule, const char *root, const char *path,
		   const struct assay_object *object, uint8_t ret_id[FP_BYTES])
{
	struct keyed_part parts[3 + 2 * INNER_MAX];
	uint8_t ordinals[INNER_MAX][4];
	size_t len = 0;

	if (rule)
		parts[len++] = (struct keyed_part){ rule, strlen(rule) };
	parts[len++] = (struct keyed_part){ root, strlen(root) };
	parts[len++] = (struct keyed_part){ path, strlen(path) };
	for (size_t i = 0; i < object->inner_len && i < INNER_MAX; i++) {
		const struct assay_inner *inner = &object->inner[i];

		for (unsigned b = 0; b < 4; b++)
			ordinals[i][b] = (uint8_t)(inner->ordinal >> (8 * b));
		parts[len++] = (struct keyed_part){ inner->name, inner->len };
		parts[len++] = (struct keyed_part){ ordinals[i], 4 };
	}
	keyed_mac(key, parts, len, ret_id);
}
