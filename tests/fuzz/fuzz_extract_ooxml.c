/* fuzz_extract_ooxml.c - documents; parts are stored in the seeds, so that they mutate */
#include "fuzz_container.h"

extern const struct extractor ooxml_extractor;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_container(&ooxml_extractor, data, size, false);
	return 0;
}
