/* fuzz_extract_cms.c - signed messages: the security label among their attributes */
#include "fuzz_container.h"
#include "table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_container(&cms_extractor, data, size, false);
	return 0;
}
