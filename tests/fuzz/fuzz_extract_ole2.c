/* fuzz_extract_ole2.c - compound files: doc, xls, ppt, msg */
#include "fuzz_container.h"

extern const struct extractor ole2_extractor;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_container(&ole2_extractor, data, size, false);
	return 0;
}
