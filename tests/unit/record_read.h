/** record_read.h - a whole object in memory read into a record */
#ifndef RECORD_READ_H
#define RECORD_READ_H

#include <stdio.h>

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

/** So many bytes of the same over and over; free() them. */
static inline char *flood_of(const char *unit, size_t len)
{
	size_t unit_len = strlen(unit);
	char *data = malloc(len);

	ck_assert_ptr_nonnull(data);
	for (size_t i = 0; i < len; i++)
		data[i] = unit[i % unit_len];
	return data;
}

/** Read bytes that nothing is wrong with. */
static inline void record_read(struct record *r, const struct extractor *x, const void *data,
			       size_t len)
{
	ck_assert_int_eq(record_try(r, x, data, len), ASSAY_OK);
	ck_assert_uint_eq(r->gaps.len, 0);
}

/** A descriptor gives what memory does, whatever is wrong with the bytes. */
static inline void record_same_from_descriptor(const struct extractor *x, const void *data,
					       size_t len)
{
	FILE *f = tmpfile();
	struct record mem, fd;
	struct input in;

	record_init(&mem, data, len);
	input_from_mem(&in, data, len);
	ck_assert_int_eq(x->run(&in, &mem.sink, NULL), ASSAY_OK);
	input_done(&in);
	fwrite(data, 1, len, f);
	fflush(f);
	record_init(&fd, data, len);
	input_from_fd(&in, fileno(f), len);
	ck_assert_int_eq(x->run(&in, &fd.sink, NULL), ASSAY_OK);
	input_done(&in);
	fclose(f);
	ck_assert_uint_eq(fd.bad_offsets, 0);
	ck_assert_str_eq(fd.text.data, mem.text.data);
	record_done(&mem);
	record_done(&fd);
}

#endif
