/* fuzz_extract_markup.c - XML and HTML, with the record sink checking offsets */
#include "fuzz_extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_extract(&xml_extractor, data, size);
	fuzz_extract(&html_extractor, data, size);
	return 0;
}
