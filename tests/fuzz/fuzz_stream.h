/** fuzz_stream.h - bytes that come in small pieces */
#ifndef FUZZ_STREAM_H
#define FUZZ_STREAM_H

#include "../unit/record_sink.h"

struct fuzz_stream {
	const uint8_t *data;
	size_t len;
	size_t piece; /* bytes of one at most */
	size_t at;
};

/** An input_read_fn. */
static inline enum assay_status fuzz_read(void *ctx, void *data, size_t cap, size_t *ret_got,
					  struct assay_error *err)
{
	struct fuzz_stream *s = ctx;
	size_t n = MIN(MIN(cap, s->piece), s->len - s->at);

	(void)err;
	if (n)
		memcpy(data, s->data + s->at, n);
	s->at += n;
	*ret_got = n;
	return ASSAY_OK;
}

#endif
