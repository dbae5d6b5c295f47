/** fuzz_container.h - one container through its extractor; members are read, not opened */
#ifndef FUZZ_CONTAINER_H
#define FUZZ_CONTAINER_H

#include <stdio.h>

#include "fuzz_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends, tells no lies about places, and is silent only of what it has read. */
static inline void fuzz_container(const struct extractor *x, const uint8_t *data, size_t size,
				  bool as_stream)
{
	static struct record r;
	struct fuzz_stream s = { data, size, 4093, 0 };
	struct assay_error err;
	struct input in;

	record_init(&r, data, size);
	r.limits.members = 200;
	r.limits.member_bytes = 1 * MiB;
	r.limits.ratio_after = 1 * MiB;
	r.allow_max = 8 * MiB;
	if (as_stream)
		input_from_stream(&in, fuzz_read, &s, INPUT_SIZE_UNKNOWN);
	else
		input_from_mem(&in, data, size);
	(void)x->run(&in, &r.sink, &err);
	if (r.bad_offsets)
		abort();
	input_done(&in);
	record_done(&r);
}

#endif
