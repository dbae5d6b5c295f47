/* fuzz_extract_zip.c - the zip reader: every member, every range */
#include "fuzz_container.h"

extern const struct extractor zip_extractor;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_container(&zip_extractor, data, size, false);
	return 0;
}
