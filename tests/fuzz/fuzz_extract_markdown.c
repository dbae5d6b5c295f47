/* fuzz_extract_markdown.c - the extractor, with the record sink checking offsets */
#include "fuzz_extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_extract(&markdown_extractor, data, size);
	return 0;
}
