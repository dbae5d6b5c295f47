/* carrier.c - a file that is read for the metadata it carries, and not for its content */
#include "carrier.h"

#include <libdeflate.h>

#include "fail.h"
#include "salvage.h"
#include "utf8.h"
#include "xmp.h"

#define WINDOW (256 * KiB)
#define BEHIND 64 /* kept of what lies before: a mark is looked at from there */
#define STEP (4 * KiB)
#define SENT_MAX 100000
#define ROOM_LEAST (64 * KiB)

void carrier_init(struct carrier *c, struct input *in, const struct extract_sink *sink)
{
	*c = (struct carrier){ .in = in,
			       .sink = sink,
			       .size = in->size,
			       .window = BUF_INIT(CARRIER_PIECE_MAX + BEHIND + 1),
			       .sent = VEC_INIT(SENT_MAX) };
	textout_init(&c->out, sink);
}

void carrier_done(struct carrier *c)
{
	textout_done(&c->out);
	buf_done(&c->window);
	vec_done(&c->sent);
	libdeflate_free_decompressor(c->inflate);
}

/* --- reading ------------------------------------------------------------------------------ */

size_t carrier_view(struct carrier *c, uint64_t off, size_t want, const uint8_t **ret_data)
{
	size_t got = 0, skip;
	char *room;

	*ret_data = (const uint8_t *)"";
	if (off >= c->size || !want)
		return 0;
	want = (size_t)MIN(MIN(want, CARRIER_PIECE_MAX), c->size - off);
	if (c->in->mem) {
		*ret_data = c->in->mem + off;
		return (size_t)(c->size - off);
	}
	if (off < c->window_at || off - c->window_at > c->window.len ||
	    c->window.len - (size_t)(off - c->window_at) < want) {
		size_t behind = (size_t)MIN(off, BEHIND), ask = behind + MAX(want, WINDOW);

		buf_clear(&c->window);
		room = buf_reserve(&c->window, ask);
		c->no_memory |= !room;
		c->window_at = off - behind;
		/* What came before an error is good, and the error is met again. */
		if (room && input_pread(c->in, c->window_at, room, ask, &got, NULL) != ASSAY_OK)
			c->size = c->window_at + got;
		c->window.len = got;
		if (!room || got < behind)
			return 0;
	}
	skip = (size_t)(off - c->window_at);
	*ret_data = (const uint8_t *)c->window.data + skip;
	return c->window.len - skip;
}

/* Holes of a file are not read. */
static uint64_t hole_at(struct carrier *c, uint64_t off)
{
	uint64_t next = c->in->next, before = c->in->skipped, skipped;

	if (!c->in->sparse)
		return 0;
	c->in->next = off;
	skipped = input_skip_hole(c->in);
	c->in->next = next;
	c->in->skipped = before;
	return skipped;
}

uint64_t carrier_find(struct carrier *c, uint64_t from, const char *mark, size_t len)
{
	for (uint64_t off = from; off < c->size;) {
		const uint8_t *data, *hit;
		size_t got;

		off += hole_at(c, off);
		/* A step at a time: the checks of a sanitizer read all that a search is given. */
		got = MIN(carrier_view(c, off, STEP, &data), STEP);
		if (got < len)
			break;
		hit = memmem(data, got, mark, len);
		if (hit)
			return off + (uint64_t)(hit - data);
		off += got - (len - 1);
	}
	return CARRIER_NOWHERE;
}

static bool allowed(struct carrier *c, size_t bytes)
{
	if (!c->refused)
		c->refused = sink_allow(c->sink, bytes, &c->why) != ASSAY_OK;
	return !c->refused;
}

/* In rooms that grow: the stream does not say how long it is. */
bool carrier_inflate(struct carrier *c, const uint8_t *packed, size_t len, struct buf *out,
		     size_t *ret_used)
{
	size_t cap = MIN(MAX(8 * len, ROOM_LEAST), CARRIER_PIECE_MAX), before = 0, got = 0;
	enum libdeflate_result result = LIBDEFLATE_BAD_DATA;

	if (!c->inflate)
		c->inflate = libdeflate_alloc_decompressor();
	c->no_memory |= !c->inflate;
	buf_clear(out);
	*ret_used = 0;
	while (c->inflate) {
		if (!allowed(c, cap - before) || !buf_reserve(out, cap)) {
			c->no_memory |= !c->refused;
			return false;
		}
		result = libdeflate_zlib_decompress_ex(c->inflate, packed, len, out->data, cap,
						       ret_used, &got);
		if (result != LIBDEFLATE_INSUFFICIENT_SPACE || cap == CARRIER_PIECE_MAX)
			break;
		before = cap;
		cap = MIN(8 * cap, CARRIER_PIECE_MAX);
	}
	c->too_long |= result == LIBDEFLATE_INSUFFICIENT_SPACE;
	if (result != LIBDEFLATE_SUCCESS)
		*ret_used = 0;
	if (c->inflate && result != LIBDEFLATE_SUCCESS)
		got =
		    salvage(c->inflate, libdeflate_zlib_decompress_ex, packed, len, out->data, cap);
	out->len = got;
	return got > 0;
}

/* --- sending ------------------------------------------------------------------------------ */

void carrier_sent(struct carrier *c, uint64_t off, uint64_t len)
{
	struct strings_sent *s = len ? vec_push(&c->sent) : NULL;

	/* Without room for it, its strings are sent once more. */
	if (s)
		*s = (struct strings_sent){ off, len };
}

static enum assay_status put_line(struct carrier *c, const struct segment *seg, const char *text,
				  size_t len, struct assay_error *err)
{
	enum assay_status st;

	while (len && is_space(text[len - 1]))
		len--;
	if (!len)
		return ASSAY_OK;
	st = utf8_valid(text, len) ? textout_put(&c->out, seg, text, len, err)
				   : textout_cp1252(&c->out, seg, (const uint8_t *)text, len, err);
	return st == ASSAY_OK ? textout_put(&c->out, seg, "\n", 1, err) : st;
}

enum assay_status carrier_text(struct carrier *c, const struct segment *seg, const void *text,
			       size_t len, struct assay_error *err)
{
	const char *at = text, *end;
	enum assay_status st = ASSAY_OK;

	/* NULL while it is empty: no arithmetic on that. */
	if (!len)
		return ASSAY_OK;
	end = at + len;
	while (at < end && st == ASSAY_OK) {
		size_t line = strnlen(at, (size_t)(end - at));

		st = put_line(c, seg, at, line, err);
		at += MIN(line + 1, (size_t)(end - at));
	}
	return st;
}

enum assay_status carrier_xmp(struct carrier *c, enum assay_vis vis, const uint8_t *data,
			      size_t len, struct assay_error *err)
{
	struct segment seg = { .region = ASSAY_METADATA, .vis = vis, .loc.part = "XMP" };

	return xmp_read(&c->out, &seg, data, len, err);
}

/* --- the rest ----------------------------------------------------------------------------- */

static int by_offset(const void *a, const void *b)
{
	uint64_t x = ((const struct strings_sent *)a)->off,
		 y = ((const struct strings_sent *)b)->off;

	return x < y ? -1 : x > y;
}

static void sort_sent(struct carrier *c)
{
	if (c->sent.len > 1)
		qsort(c->sent.items, c->sent.len, sizeof(*c->sent.items), by_offset);
}

/* Packets that no structure led to: of files that are damaged, of forms not known here. */
static enum assay_status find_packets(struct carrier *c, struct assay_error *err)
{
	static const char begin[] = "<?xpacket begin", end[] = "<?xpacket end";
	size_t known = c->sent.len, at = 0;
	uint64_t from = 0, close = 0;
	enum assay_status st = ASSAY_OK;

	while (st == ASSAY_OK && close != CARRIER_NOWHERE) {
		const uint8_t *data;
		size_t got;

		from = carrier_find(c, from, begin, sizeof(begin) - 1);
		if (from == CARRIER_NOWHERE)
			break;
		while (at < known && c->sent.items[at].off + c->sent.items[at].len <= from)
			at++;
		if (at < known && c->sent.items[at].off <= from) {
			from = c->sent.items[at].off + c->sent.items[at].len;
			continue;
		}
		if (close <= from)
			close = carrier_find(c, from, end, sizeof(end) - 1);
		if (close == CARRIER_NOWHERE || close - from > CARRIER_PIECE_MAX) {
			c->too_long |= close != CARRIER_NOWHERE;
			from += sizeof(begin);
			continue;
		}
		got = carrier_view(c, from, (size_t)(close - from), &data);
		got = (size_t)MIN(got, close - from);
		st = carrier_xmp(c, ASSAY_SHOWN, data, got, err);
		carrier_sent(c, from, got);
		from = close;
	}
	return st;
}

enum assay_status carrier_finish(struct carrier *c, struct assay_error *err)
{
	static const struct segment seg = { .region = ASSAY_BODY };
	enum assay_status st;

	sort_sent(c);
	st = find_packets(c, err);
	sort_sent(c);
	/* A paragraph of their own. */
	if (st == ASSAY_OK)
		st = textout_break(&c->out, &seg, err);
	if (st == ASSAY_OK && c->out.any)
		st = textout_put(&c->out, &seg, "\n", 1, err);
	if (st == ASSAY_OK)
		st = textout_flush(&c->out, err);
	if (st == ASSAY_OK && c->refused)
		st = sink_gap(c->sink, c->why.reason, c->why.detail, err);
	if (st == ASSAY_OK && c->no_memory)
		st = sink_gap(c->sink, ASSAY_LIMIT_MEMORY, "out of memory: metadata", err);
	if (st == ASSAY_OK && c->too_long)
		st = sink_gap(c->sink, ASSAY_LIMIT_SIZE, "metadata longer than is read", err);
	return st == ASSAY_OK ? strings_between(c->in, c->sink, c->sent.items, c->sent.len, err)
			      : st;
}
