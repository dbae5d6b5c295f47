/*
 * doc.c - Word 6 to 2003
 *
 * The text lies in pieces in the stream WordDocument; a table of them, in the stream 0Table
 * or 1Table (in Word 6 and 95, in WordDocument itself), puts them in order.  Positions in
 * that order tell body, notes, headers, comments and boxes apart; runs of formatting, by
 * offset, tell what is deleted or hidden.
 */
#include "ole2.h"

#include "fail.h"
#include "utf8.h"

/* Offsets in the file information block. */
enum {
	FIB_MIN = 0x20,
	FIB97_MIN = 0x1AA,
	FIB_VERSION = 0x02,
	FIB_FLAGS = 0x0A,
	FIB_TEXT_FROM = 0x18,
	FIB_TEXT_TO = 0x1C,
	FIB6_LENGTHS = 0x34,
	FIB6_PIECES = 0x160,
	FIB97_LENGTHS = 0x4C,
	FIB97_HEADERS = 0xF2,
	FIB97_CHARS = 0xFA,
	FIB97_PIECES = 0x1A2,
	FIB97_DRAWINGS = 0x22A,
};

enum { FLAG_COMPLEX = 0x0004, FLAG_ENCRYPTED = 0x0100, FLAG_TABLE1 = 0x0200 };
#define VERSION_97 0xC1
#define PAGE 512
#define STORIES 8
#define OUT_BYTES 4096

struct run {
	uint32_t from, to; /* offsets in the stream */
	uint8_t vis;
};

struct range {
	uint32_t from, to;
};

struct doc {
	struct ole2 *o;
	struct segment seg;
	struct buf main, table; /* `table` empty: there is none */
	bool is_97;

	uint32_t ends[STORIES]; /* positions where they end: see `regions` */
	const uint8_t *headers; /* positions in the headers' story */
	size_t headers_len;
	struct vec(struct run) runs;
	size_t run; /* where the last offset was found */
	struct vec(struct range) used;

	char text[OUT_BYTES];
	size_t len;
	bool cell_before; /* the last character ended a cell */
	uint32_t high;    /* surrogate that waits */
};

static const enum assay_region regions[STORIES] = {
	ASSAY_BODY,    ASSAY_NOTE, ASSAY_HEADER, ASSAY_BODY,
	ASSAY_COMMENT, ASSAY_NOTE, ASSAY_BODY,   ASSAY_HEADER,
};

/* A table in `b` that the block points to: offset and length at `at`.  NULL: none. */
static const uint8_t *part_of(const struct doc *d, const struct buf *b, size_t at, size_t *ret_len)
{
	uint32_t from, len;

	*ret_len = 0;
	if (at + 8 > d->main.len)
		return NULL;
	from = le32_at(d->main.data + at);
	len = le32_at(d->main.data + at + 4);
	if (!len || from >= b->len)
		return NULL;
	*ret_len = MIN(len, b->len - from);
	return (const uint8_t *)b->data + from;
}

/* --- what hides text --------------------------------------------------------------------- */

static size_t operand_bytes(const uint8_t *p, size_t left, unsigned op)
{
	static const uint8_t sizes[8] = { 1, 1, 2, 4, 2, 2, 0, 3 };

	if (op >> 13 != 6)
		return sizes[op >> 13];
	if (op == 0xD608 || op == 0xD606)
		return left >= 2 ? le16_at(p) + (size_t)1 : left;
	return left ? p[0] + (size_t)1 : 0;
}

static enum assay_vis vis_of(const uint8_t *p, size_t len)
{
	enum assay_vis vis = ASSAY_SHOWN;

	while (len >= 3) {
		unsigned op = le16_at(p);
		size_t operand = operand_bytes(p + 2, len - 2, op);

		if (op == 0x0800)
			vis = p[2] ? ASSAY_DELETED : ASSAY_SHOWN;
		else if (op == 0x083C && (p[2] & 1) && vis == ASSAY_SHOWN)
			vis = ASSAY_HIDDEN_TEXT;
		if (operand + 2 > len)
			break;
		p += 2 + operand;
		len -= 2 + operand;
	}
	return vis;
}

/* A page of runs: where they begin, where their properties are, how many. */
static bool read_page(struct doc *d, const uint8_t *page)
{
	size_t count = page[PAGE - 1];

	if (4 * (count + 1) + count >= PAGE)
		return true;
	for (size_t i = 0; i < count; i++) {
		size_t at = (size_t)page[4 * (count + 1) + i] * 2;
		struct run run = { le32_at(page + 4 * i), le32_at(page + 4 * i + 4), 0 };
		struct run *slot;

		if (!at || at >= PAGE - 1 || run.from >= run.to)
			continue;
		run.vis = (uint8_t)vis_of(page + at + 1, MIN(page[at], PAGE - 1 - (at + 1)));
		if (run.vis == ASSAY_SHOWN)
			continue;
		slot = vec_push(&d->runs);
		if (!slot)
			return false;
		*slot = run;
	}
	return true;
}

static int by_from(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static enum assay_status read_runs(struct doc *d, struct assay_error *err)
{
	size_t len, total, count;
	const uint8_t *p = part_of(d, &d->table, FIB97_CHARS, &len);

	if (!p || !d->is_97)
		return ASSAY_OK;
	/* Every page once: more are a lie. */
	total = (len - MIN(len, 4)) / 8;
	count = MIN(total, d->main.len / PAGE + 1);
	for (size_t i = 0; i < count; i++) {
		size_t at = (size_t)(le32_at(p + 4 * (total + 1) + 4 * i) & 0x3FFFFF) * PAGE;

		if (at + PAGE <= d->main.len && !read_page(d, (const uint8_t *)d->main.data + at))
			return assay_fail_memory(err, "document");
	}
	if (d->runs.len)
		qsort(d->runs.items, d->runs.len, sizeof(*d->runs.items), by_from);
	return ASSAY_OK;
}

/* Visibility at an offset, and where it may change. */
static enum assay_vis vis_at(struct doc *d, uint32_t off, uint32_t *ret_until)
{
	const struct run *runs = d->runs.items;
	size_t from = 0, to = d->runs.len;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (runs[mid].from <= off)
			from = mid + 1;
		else
			to = mid;
	}
	*ret_until = from < d->runs.len ? runs[from].from : UINT32_MAX;
	if (!from || runs[from - 1].to <= off)
		return ASSAY_SHOWN;
	*ret_until = MIN(*ret_until, runs[from - 1].to);
	return (enum assay_vis)runs[from - 1].vis;
}

/* --- regions ----------------------------------------------------------------------------- */

/* Even, odd, even, odd, first, first: of each section, after six separators of notes. */
static enum assay_region header_at(const struct doc *d, uint32_t pos, uint32_t *ret_until)
{
	size_t from = 0, to = d->headers_len / 4;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (le32_at(d->headers + 4 * mid) <= pos)
			from = mid + 1;
		else
			to = mid;
	}
	if (from < d->headers_len / 4)
		*ret_until = le32_at(d->headers + 4 * from);
	if (from < 1 + 6)
		return from ? ASSAY_NOTE : ASSAY_HEADER;
	from = (from - 1 - 6) % 6;
	return from == 2 || from == 3 || from == 5 ? ASSAY_FOOTER : ASSAY_HEADER;
}

/* The region of a position, and where another may begin. */
static enum assay_region region_at(const struct doc *d, uint32_t pos, uint32_t *ret_until)
{
	size_t i = 0;
	uint32_t begin, until = UINT32_MAX;
	enum assay_region region;

	while (i < STORIES && pos >= d->ends[i])
		i++;
	*ret_until = i < STORIES ? d->ends[i] : UINT32_MAX;
	if (i == STORIES)
		return ASSAY_BODY;
	if (regions[i] != ASSAY_HEADER || i != 2 || !d->headers_len)
		return regions[i];
	begin = d->ends[1];
	region = header_at(d, pos - begin, &until);
	if (until < *ret_until - begin)
		*ret_until = begin + MAX(until, pos - begin + 1);
	return region;
}

static void read_stories(struct doc *d)
{
	size_t at = d->is_97 ? FIB97_LENGTHS : FIB6_LENGTHS;
	uint64_t end = 0;

	for (size_t i = 0; i < STORIES; i++) {
		end += at + 4 * i + 4 <= d->main.len ? le32_at(d->main.data + at + 4 * i) : 0;
		d->ends[i] = (uint32_t)MIN(end, UINT32_MAX);
	}
	if (d->is_97)
		d->headers = part_of(d, &d->table, FIB97_HEADERS, &d->headers_len);
}

/* --- characters -------------------------------------------------------------------------- */

static enum assay_status flush(struct doc *d, struct assay_error *err)
{
	enum assay_status st = textout_put(&d->o->out, &d->seg, d->text, d->len, err);

	d->len = 0;
	return st;
}

static void add(struct doc *d, uint32_t c)
{
	d->len += utf8_encode(c, d->text + d->len);
}

/* Cells, rows, breaks, fields; what stands for a picture or a note is left out. */
static void add_control(struct doc *d, uint32_t c)
{
	bool cell_before = d->cell_before;

	d->cell_before = false;
	switch (c) {
	case 0x07: /* of a cell; a row ends with one more */
		add(d, cell_before ? '\n' : '\t');
		d->cell_before = !cell_before;
		break;
	case 0x09:
		add(d, '\t');
		break;
	case 0x0A:
	case 0x0B:
	case 0x0C:
	case 0x0D:
	case 0x0E:
		add(d, '\n');
		break;
	case 0x13: /* a field's code, then its result */
	case 0x14:
	case 0x15:
		add(d, ' ');
		break;
	case 0x1E:
		add(d, '-');
		break;
	default:
		break;
	}
}

static void add_unit(struct doc *d, uint32_t c)
{
	if (c < 0x20) {
		add_control(d, c);
		return;
	}
	d->cell_before = false;
	if (c >= 0xD800 && c < 0xDC00) {
		d->high = c;
		return;
	}
	if (c >= 0xDC00 && c < 0xE000) {
		if (d->high)
			add(d, 0x10000 + ((d->high - 0xD800) << 10) + (c - 0xDC00));
	} else {
		add(d, c);
	}
	d->high = 0;
}

static enum assay_status send_narrow(struct doc *d, const uint8_t *p, size_t len,
				     struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < len && st == ASSAY_OK; i++) {
		if (p[i] < 0x20) {
			add_control(d, p[i]);
		} else {
			d->cell_before = false;
			d->len += cp1252_to_utf8(p[i], d->text + d->len);
		}
		if (d->len > OUT_BYTES - 8)
			st = flush(d, err);
	}
	return st == ASSAY_OK ? flush(d, err) : st;
}

static enum assay_status send_wide(struct doc *d, const uint8_t *p, size_t units,
				   struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < units && st == ASSAY_OK; i++) {
		add_unit(d, le16_at(p + 2 * i));
		if (d->len > OUT_BYTES - 8)
			st = flush(d, err);
	}
	return st == ASSAY_OK ? flush(d, err) : st;
}

/* --- pieces ------------------------------------------------------------------------------ */

/* Characters `pos` to `end`, which lie at `off`: cut where region or visibility change. */
static enum assay_status send_piece(struct doc *d, uint32_t pos, uint32_t end, uint32_t off,
				    bool wide, struct assay_error *err)
{
	unsigned width = wide ? 2 : 1;
	struct range *used;
	enum assay_status st = ASSAY_OK;

	if (off >= d->main.len)
		return ASSAY_OK;
	end = (uint32_t)MIN(end, pos + (d->main.len - off) / width);
	used = vec_push(&d->used);
	if (used)
		*used = (struct range){ off, off + (end - pos) * width };
	while (pos < end && st == ASSAY_OK) {
		uint32_t until, vis_until, n;
		enum assay_region region = region_at(d, pos, &until);
		enum assay_vis vis = vis_at(d, off, &vis_until);

		n = MIN(end, until) - pos;
		n = MAX(MIN(n, (vis_until - off) / width), 1);
		if (region != d->seg.region)
			st = textout_break(&d->o->out, &d->seg, err);
		d->seg.region = region;
		d->seg.vis = vis;
		if (st == ASSAY_OK)
			st = wide ? send_wide(d, (const uint8_t *)d->main.data + off, n, err)
				  : send_narrow(d, (const uint8_t *)d->main.data + off, n, err);
		pos += n;
		off += n * width;
	}
	return st;
}

/* Skips what comes before the table of pieces.  @return  false: there is none */
static bool find_pieces(const uint8_t **at, size_t *len)
{
	while (*len >= 3 && (*at)[0] == 1) {
		size_t skip = 3 + (size_t)le16_at(*at + 1);

		if (skip > *len)
			return false;
		*at += skip;
		*len -= skip;
	}
	if (*len < 5 || (*at)[0] != 2)
		return false;
	*len = MIN(*len - 5, le32_at(*at + 1));
	*at += 5;
	return *len >= 16;
}

static enum assay_status send_pieces(struct doc *d, const uint8_t *p, size_t len,
				     struct assay_error *err)
{
	size_t count = (len - 4) / 12;
	uint64_t sent = 0;
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < count && st == ASSAY_OK; i++) {
		uint32_t from = le32_at(p + 4 * i), to = le32_at(p + 4 * i + 4);
		uint32_t off = le32_at(p + 4 * (count + 1) + 8 * i + 2);
		bool wide = d->is_97 && !(off & 0x40000000);

		if (d->is_97 && !wide)
			off = (off & 0x3FFFFFFF) / 2;
		if (from >= to)
			continue;
		/* Pieces that overlap are nothing Word writes. */
		sent += MIN(to - from, d->main.len);
		if (sent > 2 * (uint64_t)d->main.len + 4096)
			return sink_gap(d->o->sink, ASSAY_LIMIT_OVERLAP,
					"pieces of text share the same bytes", err);
		st = send_piece(d, from, to, off & 0x3FFFFFFF, wide, err);
	}
	return st;
}

static int by_begin(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Text that no piece shows: what a fast save left behind. */
static enum assay_status send_unused(struct doc *d, struct assay_error *err)
{
	uint32_t at = le32_at(d->main.data + FIB_TEXT_FROM),
		 end = le32_at(d->main.data + FIB_TEXT_TO);
	enum assay_status st = ASSAY_OK;

	d->seg.region = ASSAY_BODY;
	d->seg.vis = ASSAY_PREVIOUS_REVISION;
	end = (uint32_t)MIN(end, d->main.len);
	if (d->used.len)
		qsort(d->used.items, d->used.len, sizeof(*d->used.items), by_begin);
	for (size_t i = 0; i <= d->used.len && at < end && st == ASSAY_OK; i++) {
		struct range used = i < d->used.len ? d->used.items[i] : (struct range){ end, end };

		if (used.from > at) {
			struct input in;

			input_from_mem(&in, d->main.data + at, MIN(used.from, end) - at);
			st = textout_strings(&d->o->out, &d->seg, &in, err);
			input_done(&in);
		}
		at = MAX(at, used.to);
	}
	return st;
}

static enum assay_status send_text(struct doc *d, unsigned flags, struct assay_error *err)
{
	uint32_t from = le32_at(d->main.data + FIB_TEXT_FROM),
		 to = le32_at(d->main.data + FIB_TEXT_TO);
	size_t len;
	const uint8_t *p = d->is_97 ? part_of(d, &d->table, FIB97_PIECES, &len)
				    : part_of(d, &d->main, FIB6_PIECES, &len);
	enum assay_status st;

	if ((d->is_97 || (flags & FLAG_COMPLEX)) && p && find_pieces(&p, &len)) {
		st = send_pieces(d, p, len, err);
	} else {
		st = d->is_97 ? sink_gap(d->o->sink, ASSAY_MALFORMED,
					 "the document's table of pieces is missing", err)
			      : ASSAY_OK;
		if (st == ASSAY_OK && from < to)
			st = send_piece(d, 0, to - from, from, false, err);
	}
	if (st == ASSAY_OK)
		st = textout_break(&d->o->out, &d->seg, err);
	return st == ASSAY_OK && (flags & FLAG_COMPLEX) ? send_unused(d, err) : st;
}

/* Drawings: records within records; those we want are known by their head. */
static enum assay_status send_shapes(struct doc *d, struct assay_error *err)
{
	size_t len;
	const uint8_t *p = part_of(d, &d->table, FIB97_DRAWINGS, &len), *end = p ? p + len : NULL;
	enum assay_status st = ASSAY_OK;

	d->seg.region = ASSAY_BODY;
	d->seg.vis = ASSAY_SHOWN;
	while (p && end - p >= 8 && st == ASSAY_OK) {
		uint32_t size;

		p = memmem(p + 2, (size_t)(end - p) - 2, "\x0B\xF0", 2);
		if (!p || end - p < 6)
			break;
		p -= 2;
		size = le32_at(p + 4);
		if ((p[0] & 15) != 3 || size > (size_t)(end - p) - 8) {
			p++;
			continue;
		}
		st = ole2_shape(d->o, &d->seg, p + 8, size, le16_at(p) >> 4, ASSAY_WATERMARK, err);
		p += 8 + size;
	}
	return st;
}

/* --- the whole -------------------------------------------------------------------------- */

static void mark_done(struct ole2 *o, uint32_t entry)
{
	if (entry != CFB_NONE)
		o->cfb.entries.items[entry].done = true;
}

static enum assay_status read_doc(struct doc *d, uint32_t storage, struct assay_error *err)
{
	struct ole2 *o = d->o;
	unsigned flags;
	uint32_t table;
	enum assay_status st;

	if (d->main.len < FIB_MIN)
		return sink_gap(o->sink, ASSAY_MALFORMED, "a document without its head", err);
	flags = le16_at(d->main.data + FIB_FLAGS);
	if (flags & FLAG_ENCRYPTED) {
		mark_done(o, cfb_find(&o->cfb, storage, "0Table"));
		mark_done(o, cfb_find(&o->cfb, storage, "1Table"));
		mark_done(o, cfb_find(&o->cfb, storage, "Data"));
		return sink_gap(o->sink, ASSAY_PASSWORD_PROTECTED, "the document is encrypted",
				err);
	}
	d->is_97 = le16_at(d->main.data + FIB_VERSION) >= VERSION_97 && d->main.len >= FIB97_MIN;
	table = cfb_find(&o->cfb, storage, flags & FLAG_TABLE1 ? "1Table" : "0Table");
	if (d->is_97 && table != CFB_NONE) {
		st = cfb_load(&o->cfb, table, &d->table, err);
		/* Names of authors, of files, of bookmarks: their strings later. */
		o->cfb.entries.items[table].done = false;
		if (st != ASSAY_OK)
			return st;
	}
	read_stories(d);
	st = read_runs(d, err);
	if (st == ASSAY_OK)
		st = send_text(d, flags, err);
	return st == ASSAY_OK && d->is_97 ? send_shapes(d, err) : st;
}

enum assay_status doc_read(struct ole2 *o, uint32_t storage, uint32_t stream,
			   struct assay_error *err)
{
	char path[CFB_PATH_MAX];
	struct doc *d = calloc(1, sizeof(*d));
	enum assay_status st;

	if (!d)
		return assay_fail_memory(err, "document");
	*d = (struct doc){ .o = o,
			   .seg = ole2_segment(o, storage, ASSAY_BODY, path),
			   .main = BUF_INIT(OLE2_STREAM_MAX),
			   .table = BUF_INIT(OLE2_STREAM_MAX),
			   .runs = VEC_INIT(4 << 20),
			   .used = VEC_INIT(4 << 20) };
	st = cfb_load(&o->cfb, stream, &d->main, err);
	if (st == ASSAY_OK)
		st = read_doc(d, storage, err);
	buf_done(&d->main);
	buf_done(&d->table);
	vec_done(&d->runs);
	vec_done(&d->used);
	free(d);
	return st;
}
