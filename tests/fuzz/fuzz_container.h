/** fuzz_container.h - one container through its extractor; members are read, not opened */
#ifndef FUZZ_CONTAINER_H
#define FUZZ_CONTAINER_H

#include <stdio.h>

#include "../unit/record_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct container_stream {
	const uint8_t *data;
	size_t len, at;
};

static inline enum assay_status container_read(void *ctx, void *data, size_t cap, size_t *ret_got,
					       struct assay_error *err)
{
	struct container_stream *s = ctx;
	size_t n = MIN(MIN(cap, 4093), s->len - s->at);

	(void)err;
	if (n)
		memcpy(data, s->data + s->at, n);
	s->at += n;
	*ret_got = n;
	return ASSAY_OK;
}

/* Ends, tells no lies about places, and is silent only of what it has read. */
static inline void fuzz_container(const struct extractor *x, const uint8_t *data, size_t size,
				  bool as_stream)
{
	static struct record r;
	struct container_stream s = { data, size, 0 };
	struct assay_error err;
	struct input in;

	record_init(&r, data, size);
	r.limits.members = 200;
	r.limits.member_bytes = 1 * MiB;
	r.limits.ratio_after = 1 * MiB;
	r.allow_max = 8 * MiB;
	if (as_stream)
		input_from_stream(&in, container_read, &s, INPUT_SIZE_UNKNOWN);
	else
		input_from_mem(&in, data, size);
	(void)x->run(&in, &r.sink, &err);
	if (r.bad_offsets)
		abort();
	input_done(&in);
	record_done(&r);
}

#endif
