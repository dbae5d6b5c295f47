/** record_read.h - a whole object in memory read into a record */
#ifndef RECORD_READ_H
#define RECORD_READ_H

#include "unit.h"

#include "record_sink.h"

/** Read bytes, whatever comes of them; places that are told must be true. */
static inline enum assay_status record_try(struct record *r, const struct extractor *x,
					   const void *data, size_t len)
{
	struct assay_error err = { 0 };
	struct input in;
	enum assay_status st;

	record_init(r, data, len);
	input_from_mem(&in, data, len);
	st = x->run(&in, &r->sink, &err);
	input_done(&in);
	ck_assert_uint_eq(r->bad_offsets, 0);
	return st;
}

/** Read bytes that nothing is wrong with. */
static inline void record_read(struct record *r, const struct extractor *x, const void *data,
			       size_t len)
{
	ck_assert_int_eq(record_try(r, x, data, len), ASSAY_OK);
	ck_assert_uint_eq(r->gaps.len, 0);
}

#endif
