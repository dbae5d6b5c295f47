/* fuzz_rules_rg.c - any text as a pattern to be said in ripgrep's words */
#include "asrg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(MiB);
	char *pattern = malloc(size + 1);

	if (!pattern)
		return 0;
	if (size)
		memcpy(pattern, data, size);
	pattern[size] = '\0';
	/* One line, whatever was asked. */
	if (pattern_as_rg(pattern, &out) && strchr(out.data, '\n'))
		abort();
	free(pattern);
	return 0;
}
