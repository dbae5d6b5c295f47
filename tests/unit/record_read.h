/** record_read.h - a whole object read into a record, for tests of what is well formed */
#ifndef RECORD_READ_H
#define RECORD_READ_H

#include "unit.h"

#include "record_sink.h"

/** Read bytes that nothing is wrong with. */
static inline void record_read(struct record *r, const struct extractor *x, const void *data,
			       size_t len)
{
	struct assay_error err;
	struct input in;

	record_init(r, data, len);
	input_from_mem(&in, data, len);
	ck_assert_int_eq(x->run(&in, &r->sink, &err), ASSAY_OK);
	input_done(&in);
	ck_assert_uint_eq(r->bad_offsets, 0);
	ck_assert_uint_eq(r->gaps.len, 0);
}

#endif
