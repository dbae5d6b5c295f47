/* fuzz_extract_sql.c - the extractor, with the record sink checking offsets */
#include "fuzz_extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_extract(&sql_extractor, data, size);
	return 0;
}
