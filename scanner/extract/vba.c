/*
 * vba.c - the source of macros, out of the compressed form in which it is kept
 *
 * A module's stream holds compiled code, then the source in chunks of 4 KiB, each of which
 * is literal bytes and copies of what came before in it.
 */
#include "fail.h"
#include "ole2.h"

#define MODULE_MAX (16 * MiB)
#define SOURCE_MAX (32 * MiB)
#define CHUNK 4096

/* One chunk of `in`; copies refer to `out` from `from` on. */
static void expand_chunk(const uint8_t *in, size_t len, struct buf *out)
{
	size_t from = out->len, at = 0;

	while (at < len) {
		uint8_t flags = in[at++];

		for (unsigned bit = 0; bit < 8 && at < len; bit++) {
			size_t here = out->len - from, copy, back;
			unsigned bits = 4, token;

			if (!(flags >> bit & 1)) {
				buf_add_byte(out, (char)in[at++]);
				continue;
			}
			if (at + 2 > len)
				return;
			while (bits < 12 && ((size_t)1 << bits) < here)
				bits++;
			token = le16_at(in + at);
			at += 2;
			copy = (token & (0xFFFFu >> bits)) + 3;
			back = (token >> (16 - bits)) + 1;
			if (back > here || here + copy > CHUNK)
				return;
			/* It may run into what it writes. */
			while (copy-- && buf_add_byte(out, out->data[out->len - back]))
				;
		}
	}
}

static void expand(const uint8_t *in, size_t len, struct buf *out)
{
	size_t at = 1;

	if (!len || in[0] != 1)
		return;
	while (at + 2 <= len && !out->failed) {
		unsigned head = le16_at(in + at);
		size_t size = (head & 0xFFF) + 1;

		if ((head >> 12 & 7) != 3)
			return;
		at += 2;
		size = MIN(size, len - at);
		if (head >> 15)
			expand_chunk(in + at, size, out);
		else
			buf_add(out, in + at, size);
		at += size;
	}
}

/* Where the source begins: it is `Attribute VB_...`, in the clear but for a flag byte. */
static size_t find_source(const uint8_t *data, size_t len)
{
	static const char start[] = "\0Attribut\0e ";
	size_t at = 0;

	while (at < len) {
		const uint8_t *hit = memmem(data + at, len - at, start, sizeof(start) - 1);

		if (!hit)
			return SIZE_MAX;
		at = (size_t)(hit - data);
		if (at >= 3 && data[at - 3] == 1)
			return at - 3;
		at++;
	}
	return SIZE_MAX;
}

enum assay_status vba_read(struct ole2 *o, uint32_t stream, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf raw = BUF_INIT(MODULE_MAX), source = BUF_INIT(SOURCE_MAX);
	char path[CFB_PATH_MAX];
	struct segment seg = ole2_segment(o, stream, ASSAY_BODY, path);
	enum assay_status st = cfb_load(&o->cfb, stream, &raw, err);
	size_t at;

	if (st != ASSAY_OK || !raw.len)
		return st;
	seg.vis = ASSAY_HIDDEN_TEXT;
	at = find_source((const uint8_t *)raw.data, raw.len);
	/* The list of modules is packed from its start, and is not text. */
	if (at == SIZE_MAX) {
		expand((const uint8_t *)raw.data, raw.len, &source);
		return source.len ? ole2_loose(o, &seg, source.data, source.len, err)
				  : ole2_loose(o, &seg, raw.data, raw.len, err);
	}
	expand((const uint8_t *)raw.data + at, raw.len - at, &source);
	st = textout_break(&o->out, &seg, err);
	if (st == ASSAY_OK)
		st = textout_cp1252(&o->out, &seg, (const uint8_t *)source.data, source.len, err);
	if (st == ASSAY_OK && source.failed)
		st = sink_gap(o->sink, ASSAY_LIMIT_MEMORY, "a macro", err);
	return st == ASSAY_OK ? textout_break(&o->out, &seg, err) : st;
}
