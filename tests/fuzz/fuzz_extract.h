/** fuzz_extract.h - one input through one extractor, in memory and as a stream */
#ifndef FUZZ_EXTRACT_H
#define FUZZ_EXTRACT_H

#include <stdio.h>

#include "fuzz_stream.h"
#include "table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends well, tells no lies about places, and says the same of a stream. */
static inline void fuzz_extract(const struct extractor *x, const uint8_t *data, size_t size)
{
	static struct record mem, stream;
	struct fuzz_stream s = { data, size, 61, 0 };
	struct assay_error err;
	struct input in;

	record_init(&mem, data, size);
	input_from_mem(&in, data, size);
	if (x->run(&in, &mem.sink, &err) != ASSAY_OK || mem.bad_offsets)
		abort();
	input_done(&in);
	record_init(&stream, data, size);
	input_from_stream(&in, fuzz_read, &s, INPUT_SIZE_UNKNOWN);
	if (x->run(&in, &stream.sink, &err) != ASSAY_OK || stream.bad_offsets)
		abort();
	input_done(&in);
	if (mem.text.len != stream.text.len ||
	    memcmp(mem.text.data, stream.text.data, mem.text.len) != 0)
		abort();
	record_done(&mem);
	record_done(&stream);
}

#endif
