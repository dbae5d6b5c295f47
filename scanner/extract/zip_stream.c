/*
 * zip_stream.c - members of a zip front to back, in bounded memory
 *
 * For what is too large for the heap, is not what it declares, or is packed by a
 * rare method.  libarchive unpacks: deflate dressed as gzip, so that a broken stream
 * still gives what comes before the break; the rest as a zip of one member.
 */
#include <errno.h>

#include "dict.h"
#include "fail.h"
#include "lib.h"
#include "zip.h"

#define BLOCK (64 * KiB)
#define VIEW (1 * MiB)
#define GZIP_HEAD 10
#define GZIP_TAIL 8
#define RETRIES 16

struct zip_stream {
	struct zip *z;
	uint64_t data; /* the packed bytes in the file */
	uint64_t packed;
	uint64_t next; /* of the packed bytes */
	bool stored;
	bool deflated;
	bool tail_sent;
	bool ended;
	struct archive *a;
	struct assay_error io; /* what reading the file itself gave */
	size_t head_len;       /* 0: sent */
	uint8_t head[32];
	struct buf block;
	const char *piece; /* unpacked, not handed on yet */
	size_t piece_len;
};

static const uint8_t zeros[GZIP_TAIL];

static la_ssize_t feed(struct archive *a, void *ctx, const void **ret_data)
{
	struct zip_stream *s = ctx;
	size_t left = (size_t)MIN(s->packed - s->next, s->z->mem ? VIEW : BLOCK), got;
	const uint8_t *p;

	if (s->head_len) {
		*ret_data = s->head;
		got = s->head_len;
		s->head_len = 0;
		return (la_ssize_t)got;
	}
	if (!left) {
		*ret_data = zeros;
		got = s->deflated && !s->tail_sent ? GZIP_TAIL : 0;
		s->tail_sent = true;
		return (la_ssize_t)got;
	}
	if (zip_look(s->z, s->data + s->next, left, &s->block, &p, &got, &s->io) != ASSAY_OK) {
		la.archive_set_error(a, EIO, "read");
		return -1;
	}
	*ret_data = p;
	s->next += got;
	return (la_ssize_t)got;
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v & 0xffff);
	put16(p + 2, v >> 16);
}

/* What must stand before the packed bytes for libarchive to know them. */
static bool dress(struct zip_stream *s, const struct zip_member *m)
{
	static const uint8_t gzip[GZIP_HEAD] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff };

	if (s->deflated) {
		memcpy(s->head, gzip, GZIP_HEAD);
		s->head_len = GZIP_HEAD;
		return la.archive_read_append_filter(s->a, ARCHIVE_FILTER_GZIP) == ARCHIVE_OK &&
		       la.archive_read_support_format_raw(s->a) == ARCHIVE_OK;
	}
	if (m->packed >= UINT32_MAX || m->size >= UINT32_MAX)
		return false;
	memcpy(s->head, "PK\3\4", 4);
	put16(s->head + 4, 63);
	put16(s->head + 6, m->flags & 0x0006u); /* bits of the method's own */
	put16(s->head + 8, m->method);
	put32(s->head + 18, (uint32_t)m->packed);
	put32(s->head + 22, (uint32_t)m->size);
	put16(s->head + 26, 1);
	s->head[30] = 'm';
	s->head_len = 31;
	return la.archive_read_support_format_zip_streamable(s->a) == ARCHIVE_OK;
}

/* Would unpacking take more memory than we have? */
static bool wants_too_much(struct zip_stream *s, uint16_t method)
{
	static const struct {
		uint16_t method;
		uint64_t (*dict)(const uint8_t *head, size_t len);
	} rows[] = {
		{ 14, dict_of_zip_lzma },
		{ 95, dict_of_xz },
		{ 98, dict_of_zip_ppmd },
	};
	size_t got = 0;
	const uint8_t *p;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].method == method && zip_look(s->z, s->data, (size_t)MIN(64, s->packed),
							 &s->block, &p, &got, NULL) == ASSAY_OK)
			return rows[i].dict(p, got) > DICT_MAX;
	return false;
}

enum assay_status zip_stream_open(struct zip *z, size_t index, struct zip_stream **ret_stream,
				  struct assay_error *err)
{
	const struct zip_member *m = &z->members.items[index];
	CLEANUP(zip_stream_freep) struct zip_stream *s = calloc(1, sizeof(*s));
	struct archive_entry *entry;

	if (!s)
		return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_MEMORY, "zip member");
	s->z = z;
	s->data = m->data;
	s->packed = m->packed;
	s->stored = m->method == 0;
	s->deflated = m->method == 8;
	s->block = (struct buf)BUF_INIT(VIEW);
	if (!s->stored) {
		if (library_need(&libarchive, ASSAY_FAILED, ASSAY_UNSUPPORTED_TYPE, err) < 0)
			return ASSAY_FAILED;
		s->a = la.archive_read_new();
		if (!s->a)
			return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_MEMORY, "zip member");
		if (wants_too_much(s, m->method))
			return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_MEMORY,
					  "dictionary of a zip member");
		if (!dress(s, m))
			return assay_fail(err, ASSAY_FAILED, ASSAY_UNSUPPORTED_TYPE,
					  "zip compression method");
		if (la.archive_read_open(s->a, s, NULL, feed, NULL) != ARCHIVE_OK ||
		    la.archive_read_next_header(s->a, &entry) != ARCHIVE_OK)
			return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED, "zip member");
	}
	*ret_stream = steal(&s);
	return ASSAY_OK;
}

const char *zip_stream_detail(const struct assay_error *lost, const char *otherwise)
{
	return library_open(&libarchive) ? otherwise : lost->detail;
}

void zip_stream_freep(struct zip_stream **holder)
{
	struct zip_stream *s = *holder;

	if (!s)
		return;
	if (s->a)
		la.archive_read_free(s->a);
	buf_done(&s->block);
	free(s);
	*holder = NULL;
}

/* At the end of deflate: what it did not use may be members. */
static enum assay_status settle(struct zip_stream *s, struct assay_error *err)
{
	la_int64_t used;

	if (s->ended)
		return ASSAY_OK;
	s->ended = true;
	if (!s->deflated)
		return ASSAY_OK;
	used = la.archive_filter_bytes(s->a, -1) - GZIP_HEAD - GZIP_TAIL;
	if (used < 0 || (uint64_t)used >= s->packed)
		return ASSAY_OK;
	return zip_leftover(s->z, s->data + (uint64_t)used, s->data + s->packed, err);
}

enum assay_status zip_stream_read(void *stream, void *data, size_t cap, size_t *ret_got,
				  struct assay_error *err)
{
	struct zip_stream *s = stream;
	const uint8_t *p;
	size_t got;

	*ret_got = 0;
	if (s->stored) {
		size_t want = (size_t)MIN(MIN(cap, s->packed - s->next), VIEW / 2);
		enum assay_status st =
		    zip_look(s->z, s->data + s->next, want, &s->block, &p, &got, err);

		if (st != ASSAY_OK)
			return st;
		if (got)
			memcpy(data, p, got);
		s->next += got;
		*ret_got = got;
		return ASSAY_OK;
	}
	/* Not archive_read_data(): at an error that forgets what it has copied. */
	for (unsigned tries = 0; !s->piece_len && tries < RETRIES; tries++) {
		const void *piece;
		la_int64_t at;
		int r = la.archive_read_data_block(s->a, &piece, &got, &at);

		if (r == ARCHIVE_EOF)
			return settle(s, err);
		if (r == ARCHIVE_FATAL || r == ARCHIVE_FAILED)
			break;
		if (r != ARCHIVE_RETRY && got) {
			s->piece = piece;
			s->piece_len = got;
		}
	}
	if (!s->piece_len) {
		if (s->io.reason)
			return assay_fail(err, ASSAY_PARTIAL, s->io.reason, "zip member");
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_MALFORMED, "zip member is damaged");
	}
	got = MIN(cap, s->piece_len);
	memcpy(data, s->piece, got);
	s->piece += got;
	s->piece_len -= got;
	*ret_got = got;
	return ASSAY_OK;
}
