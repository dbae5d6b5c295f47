/* fuzz_extract_contact.c - vCard and iCalendar, then LDIF, with the record sink checking offsets */
#include "fuzz_extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_extract(&card_extractor, data, size);
	fuzz_extract(&ldif_extractor, data, size);
	return 0;
}
