/* fuzz_identify.c - types by content, without libmagic */
#include <stdint.h>
#include <stdlib.h>

#include "identify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy as long as the input shows reads beyond it. */
	uint8_t *head = malloc(size ? size : 1);
	struct identity is;

	if (size)
		memcpy(head, data, size);
	identify(NULL, head, size, true, "a.csv", 5, &is);
	if (!is.mime || !is.by)
		abort();
	identify(NULL, head, size, false, (const char *)head, size < 40 ? size : 40, &is);
	free(head);
	return 0;
}
