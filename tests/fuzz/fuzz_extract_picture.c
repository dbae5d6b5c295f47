/* fuzz_extract_picture.c - pictures: segments, chunks, directories, packets of XMP */
#include "fuzz_container.h"
#include "table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_container(&picture_extractor, data, size, false);
	return 0;
}
