/* xls_text.c - strings in the records of a workbook, and in those that go on */
#include "decode.h"
#include "xls_parts.h"

struct xls_reader xls_reader_at(struct book *b, size_t skip)
{
	return (struct xls_reader){ b, b->p + MIN(skip, b->len), b->p + b->len, b->next };
}

bool xls_more(struct xls_reader *r)
{
	const struct buf *main = &r->b->main;

	r->stepped = false;
	while (r->at == r->end) {
		const uint8_t *p = (const uint8_t *)main->data + r->next;

		if (r->next + 4 > main->len || le16_at(p) != REC_CONTINUE)
			return false;
		r->at = p + 4;
		r->end = r->at + MIN(le16_at(p + 2), main->len - r->next - 4);
		r->next += 4 + (size_t)(r->end - r->at);
		r->stepped = true;
	}
	return true;
}

static uint32_t take(struct xls_reader *r, unsigned bytes)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < bytes && xls_more(r); i++)
		n |= (uint32_t)*r->at++ << 8 * i;
	return n;
}

static void skip(struct xls_reader *r, uint64_t bytes)
{
	while (bytes && xls_more(r)) {
		size_t n = (size_t)MIN(bytes, (size_t)(r->end - r->at));

		r->at += n;
		bytes -= n;
	}
}

void xls_add_wide(struct buf *out, const uint8_t *p, size_t units)
{
	size_t took, n;
	bool ascii;
	char *room;

	while (units) {
		size_t some = MIN(units, 4096);

		room = buf_reserve(out, some * 3 + 4);
		if (!room)
			return;
		n = utf16_to_utf8(p, some * 2, false, room, some * 3, &took, &ascii);
		out->len += n;
		if (!took)
			return;
		p += took;
		units -= took / 2;
	}
}

void xls_add_narrow(const struct book *b, struct buf *out, const uint8_t *p, size_t len)
{
	char utf8[4];

	for (size_t i = 0; i < len; i++) {
		if (b->utf8)
			buf_add_byte(out, (char)p[i]);
		else
			buf_add(out, utf8, cp1252_to_utf8(p[i], utf8));
	}
}

void xls_take_chars(struct xls_reader *r, uint32_t count, bool wide, struct buf *out)
{
	while (count && xls_more(r)) {
		size_t left, n;

		if (r->stepped && r->b->biff8) {
			wide = *r->at++ & 1;
			continue;
		}
		left = (size_t)(r->end - r->at) / (wide ? 2 : 1);
		n = MIN(count, left);
		if (!n) {
			r->at = r->end; /* half a character */
			continue;
		}
		if (wide)
			xls_add_wide(out, r->at, n);
		else
			xls_add_narrow(r->b, out, r->at, n);
		r->at += n * (wide ? 2 : 1);
		count -= (uint32_t)n;
	}
	r->broke |= count > 0;
}

void xls_take_string(struct xls_reader *r, unsigned bytes, struct buf *out)
{
	uint32_t count = take(r, bytes), flags = r->b->biff8 ? take(r, 1) : 0;
	uint64_t after = 0;

	if (flags & 8)
		after += 4 * (uint64_t)take(r, 2);
	if (flags & 4)
		after += take(r, 4);
	xls_take_chars(r, count, flags & 1, out);
	skip(r, after);
}

const struct buf *xls_string_at(struct book *b, size_t skipped, unsigned bytes)
{
	struct xls_reader r = xls_reader_at(b, skipped);

	buf_clear(&b->value);
	if (skipped + bytes <= b->len)
		xls_take_string(&r, bytes, &b->value);
	return &b->value;
}
