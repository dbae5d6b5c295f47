/* fuzz_extract_hl7.c - HL7 version 2, with the record sink checking offsets */
#include "fuzz_extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_extract(&hl7_extractor, data, size);
	return 0;
}
