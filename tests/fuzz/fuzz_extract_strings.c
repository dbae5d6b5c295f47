/* fuzz_extract_strings.c - runs among any bytes, the same however they come */
#include "fuzz_extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_extract(&strings_extractor, data, size);
	return 0;
}
