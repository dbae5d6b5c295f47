/* fuzz_extract_rtf.c - Rich Text Format, in memory and as a stream */
#include "fuzz_extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_extract(&rtf_extractor, data, size);
	return 0;
}
