/* fuzz_extract_pdf.c - PDF: objects, streams of them, strings, packets of XMP */
#include "fuzz_container.h"
#include "table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_container(&pdf_extractor, data, size, false);
	return 0;
}
