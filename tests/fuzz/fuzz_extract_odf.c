/* fuzz_extract_odf.c - OpenDocument; parts are stored in the seeds, so that they mutate */
#include "fuzz_container.h"

extern const struct extractor odf_extractor;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_container(&odf_extractor, data, size, false);
	return 0;
}
