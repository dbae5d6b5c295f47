/* fuzz_extract_sqlite.c - SQLite databases */
#include "fuzz_container.h"

extern const struct extractor sqlite_extractor;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_container(&sqlite_extractor, data, size, false);
	return 0;
}
