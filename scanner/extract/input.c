/* input.c - descriptors, memory and streams behind one face */
#include "input.h"

#include <errno.h>

#include "fail.h"

#define SLURP_STEP (256 * KiB)

/** Holes shorter than this are read: looking for them costs as much. */
#define HOLE_LEAST (256 * KiB)

void input_from_fd(struct input *ret_in, int fd, uint64_t size)
{
	*ret_in = (struct input){ .fd = fd, .size = size, .head = BUF_INIT(INPUT_HEAD_BYTES) };
}

void input_from_mem(struct input *ret_in, const void *data, size_t len)
{
	/* An empty memory has no address of its own, but must not look like a descriptor. */
	*ret_in = (struct input){ .fd = -1, .mem = data ? data : "", .size = len };
}

void input_from_stream(struct input *ret_in, input_read_fn *read, void *ctx, uint64_t size)
{
	*ret_in = (struct input){
		.fd = -1, .read = read, .ctx = ctx, .size = size, .head = BUF_INIT(INPUT_HEAD_BYTES)
	};
}

void input_done(struct input *in)
{
	buf_done(&in->head);
}

static enum assay_status read_fd(const struct input *in, uint64_t off, void *data, size_t cap,
				 size_t *ret_got, struct assay_error *err)
{
	size_t got = 0;

	while (got < cap && off + got <= INT64_MAX) {
		ssize_t n = pread(in->fd, (char *)data + got, cap - got, (off_t)(off + got));

		if (n > 0) {
			got += (size_t)n;
			/* Less than was asked for, where its size said: it need not be asked
			 * again.  Anywhere else a file system may have been cut short. */
			if (off + got == in->size)
				break;
		} else if (n == 0) {
			break;
		} else if (errno != EINTR) {
			int sys = errno;

			*ret_got = got;
			return assay_fail_sys(err, off + got ? ASSAY_PARTIAL : ASSAY_FAILED,
					      reason_of_errno(sys), sys, "read");
		}
	}
	*ret_got = got;
	return ASSAY_OK;
}

static enum assay_status read_stream(struct input *in, void *data, size_t cap, size_t *ret_got,
				     struct assay_error *err)
{
	size_t got = 0;

	while (got < cap && !in->ended) {
		size_t n = 0;

		in->broke = in->read(in->ctx, (char *)data + got, cap - got, &n, &in->why);
		got += MIN(n, cap - got);
		in->ended = !n || in->broke != ASSAY_OK;
	}
	*ret_got = got;
	if (got < cap && in->broke != ASSAY_OK) {
		if (err)
			*err = in->why;
		return in->broke;
	}
	return ASSAY_OK;
}

enum assay_status input_pread(struct input *in, uint64_t off, void *data, size_t cap,
			      size_t *ret_got, struct assay_error *err)
{
	if (in->read)
		return assay_fail(err, ASSAY_FAILED, ASSAY_INTERNAL, "a stream cannot seek");
	if (in->mem) {
		size_t got = off >= in->size ? 0 : (size_t)MIN(cap, in->size - off);

		if (got)
			memcpy(data, in->mem + off, got);
		*ret_got = got;
		return ASSAY_OK;
	}
	return read_fd(in, off, data, cap, ret_got, err);
}

/* Make the head `want` bytes long, or as long as the input is. */
static enum assay_status grow_head(struct input *in, size_t want, struct assay_error *err)
{
	size_t have = in->head.len, got = 0;
	char *data = realloc(in->head.data, want);
	enum assay_status st;

	if (!data)
		return assay_fail_memory(err, "head of an input");
	in->head.data = data;
	in->head.cap = want;
	st = in->read ? read_stream(in, data + have, want - have, &got, err)
		      : read_fd(in, have, data + have, want - have, &got, err);
	in->head.len = have + got;
	return st;
}

enum assay_status input_head(struct input *in, const uint8_t **ret_data, size_t *ret_len,
			     struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	size_t want;

	if (in->mem) {
		*ret_data = in->mem;
		*ret_len = (size_t)MIN(in->size, INPUT_HEAD_BYTES);
		return ASSAY_OK;
	}
	if (!in->head_read) {
		/* Most files are small.  The size may be a lie (0 in /proc) or grow, so one
		 * byte more is tried for, and then all. */
		want = (size_t)MIN(in->size, INPUT_HEAD_BYTES - 1) + 1;
		st = grow_head(in, want, err);
		if (st == ASSAY_OK && in->head.len == want && want < INPUT_HEAD_BYTES)
			st = grow_head(in, want = INPUT_HEAD_BYTES, err);
		in->head_read = st != ASSAY_FATAL;
		in->head_is_all = st == ASSAY_OK && in->head.len < want;
	}
	/* Of an input that broke early, what came is looked at; who reads on meets the error. */
	*ret_data = (const uint8_t *)in->head.data;
	*ret_len = in->head.len;
	return in->head.len ? ASSAY_OK : st;
}

enum assay_status input_encoding(struct input *in, struct encoding *ret_encoding,
				 struct assay_error *err)
{
	const uint8_t *head;
	size_t len;
	enum assay_status st = input_head(in, &head, &len, err);

	if (st != ASSAY_OK)
		return st;
	if (!in->has_encoding)
		in->encoding = encoding_of(head, len);
	in->has_encoding = true;
	*ret_encoding = in->encoding;
	return ASSAY_OK;
}

enum assay_status input_read(struct input *in, void *data, size_t cap, size_t *ret_got,
			     struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	size_t from_head = 0, got = 0;

	if (in->head_read && in->next < in->head.len) {
		from_head = MIN(cap, in->head.len - (size_t)in->next);
		memcpy(data, in->head.data + in->next, from_head);
	}
	if (from_head < cap && !in->head_is_all) {
		char *rest = (char *)data + from_head;

		st = in->read
			 ? read_stream(in, rest, cap - from_head, &got, err)
			 : input_pread(in, in->next + from_head, rest, cap - from_head, &got, err);
	}
	in->next += from_head + got;
	*ret_got = from_head + got;
	return st;
}

uint64_t input_skip_hole(struct input *in)
{
	off_t data;
	uint64_t to, skipped;

	if (!in->sparse || in->next < in->head.len || in->next > INT64_MAX)
		return 0;
	/* Nobody reads by the descriptor's own offset, so it may be moved. */
	data = lseek(in->fd, (off_t)in->next, SEEK_DATA);
	if (data < 0 && errno != ENXIO)
		return 0;
	to = data < 0 ? in->size : (uint64_t)data;
	if (to < in->next || to - in->next < HOLE_LEAST)
		return 0;
	skipped = to - 1 - in->next;
	in->next += skipped;
	in->skipped += skipped;
	return skipped;
}

enum assay_status input_slurp(struct input *in, struct buf *out, struct assay_error *err)
{
	for (;;) {
		size_t room = out->limit - out->len, got = 0;
		size_t step = MIN(MAX(SLURP_STEP, out->len), room);
		enum assay_status st;
		char *at, extra;

		if (!room) {
			st = input_read(in, &extra, 1, &got, err);
			if (st != ASSAY_OK || !got)
				return st;
			return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_SIZE,
					  "larger than %zu bytes", out->limit);
		}
		if (in->size != INPUT_SIZE_UNKNOWN && in->size > in->next)
			step = (size_t)MIN(in->size - in->next + 1, (uint64_t)room);
		at = buf_reserve(out, step);
		if (!at)
			return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_MEMORY,
					  "no memory for %zu bytes", out->len + step);
		st = input_read(in, at, step, &got, err);
		out->len += got;
		out->data[out->len] = '\0';
		if (st != ASSAY_OK || got < step)
			return st;
	}
}
