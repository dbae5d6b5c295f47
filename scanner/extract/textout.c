/* textout.c - derived text on its way to the sink, joined while its segment stays */
#include "textout.h"

#include "decode.h"
#include "fail.h"
#include "table.h"
#include "utf8.h"

#define TEXT_MAX (64 * KiB)

void textout_init(struct textout *o, const struct extract_sink *sink)
{
	memset(o, 0, sizeof(*o));
	o->sink = sink;
	o->text.limit = TEXT_MAX + 1;
}

void textout_done(struct textout *o)
{
	buf_done(&o->text);
}

enum assay_status textout_flush(struct textout *o, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (o->text.len)
		st = sink_text(o->sink, &o->seg, o->text.data, o->text.len, (struct source){ 0 },
			       err);
	buf_clear(&o->text);
	return st;
}

static bool same(const char *kept, const char *text)
{
	return kept == text || (kept && text && !strcmp(kept, text));
}

static bool same_segment(const struct segment *a, const struct segment *b)
{
	return a->region == b->region && a->vis == b->vis && a->loc.row == b->loc.row &&
	       a->loc.slide == b->loc.slide && a->loc.page == b->loc.page &&
	       a->loc.line == b->loc.line && a->record == b->record && same(a->field, b->field) &&
	       same(a->loc.sheet, b->loc.sheet) && same(a->loc.cell, b->loc.cell) &&
	       same(a->loc.part, b->loc.part) && same(a->loc.header, b->loc.header);
}

/* What does not fit is cut at a whole character. */
static const char *keep(char *room, size_t cap, const char *text)
{
	size_t len;

	if (!text)
		return NULL;
	len = strlen(text);
	if (len >= cap) {
		len = cap - 1;
		while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--;
	}
	memmove(room, text, len);
	room[len] = '\0';
	return room;
}

static void keep_segment(struct textout *o, const struct segment *seg)
{
	o->seg = *seg;
	o->seg.field = keep(o->field, sizeof(o->field), seg->field);
	o->seg.loc.sheet = keep(o->sheet, sizeof(o->sheet), seg->loc.sheet);
	o->seg.loc.cell = keep(o->cell, sizeof(o->cell), seg->loc.cell);
	o->seg.loc.part = keep(o->part, sizeof(o->part), seg->loc.part);
	o->seg.loc.header = keep(o->header, sizeof(o->header), seg->loc.header);
}

enum assay_status textout_put(struct textout *o, const struct segment *seg, const char *text,
			      size_t len, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	bool changed = !same_segment(&o->seg, seg);

	if (!len)
		return ASSAY_OK;
	if (len > TEXT_MAX - o->text.len || (o->text.len && changed))
		st = textout_flush(o, err);
	if (st != ASSAY_OK)
		return st;
	if (changed || !o->any)
		keep_segment(o, seg);
	o->any = true;
	o->last = text[len - 1];
	if (len > TEXT_MAX)
		return sink_text(o->sink, &o->seg, text, len, (struct source){ 0 }, err);
	return buf_add(&o->text, text, len) ? ASSAY_OK : assay_fail_memory(err, "document text");
}

enum assay_status textout_line(struct textout *o, const struct segment *seg, const char *text,
			       size_t len, struct assay_error *err)
{
	enum assay_status st = textout_put(o, seg, text, len, err);

	return st == ASSAY_OK && len ? textout_put(o, seg, "\n", 1, err) : st;
}

enum assay_status textout_break(struct textout *o, const struct segment *seg,
				struct assay_error *err)
{
	return !o->any || o->last == '\n' ? ASSAY_OK : textout_put(o, seg, "\n", 1, err);
}

size_t cp1252_to_utf8(uint8_t c, char ret[4])
{
	static const uint16_t high[32] = { 0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020,
					   0x2021, 0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,
					   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D,
					   0x2022, 0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A,
					   0x153,  0x9D,   0x17E,  0x178 };

	return utf8_encode(c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c, ret);
}

enum assay_status textout_cp1252(struct textout *o, const struct segment *seg, const uint8_t *text,
				 size_t len, struct assay_error *err)
{
	char room[1024];
	size_t n = 0;
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < len && st == ASSAY_OK; i++) {
		if (text[i])
			n += cp1252_to_utf8(text[i], room + n);
		if (n > sizeof(room) - 4 || i + 1 == len) {
			st = textout_put(o, seg, room, n, err);
			n = 0;
		}
	}
	return st;
}

enum assay_status textout_utf16(struct textout *o, const struct segment *seg, const uint8_t *text,
				size_t len, struct assay_error *err)
{
	char room[3072];
	size_t took, n, kept;
	bool ascii;
	enum assay_status st = ASSAY_OK;

	len &= ~(size_t)1;
	while (len && st == ASSAY_OK) {
		n = utf16_to_utf8(text, len, false, room, sizeof(room), &took, &ascii);
		if (!took)
			break;
		for (size_t i = kept = 0; i < n; i++)
			if (room[i])
				room[kept++] = room[i];
		st = textout_put(o, seg, room, kept, err);
		text += took;
		len -= took;
	}
	return st;
}

/* --- strings: that extractor's text as ours ---------------------------------------------- */

struct borrowed {
	struct textout *out;
	const struct segment *seg;
};

static enum assay_status borrowed_text(void *ctx, const struct segment *seg, const char *text,
				       size_t len, struct source source, struct assay_error *err)
{
	struct borrowed *b = ctx;

	(void)seg, (void)source;
	return textout_put(b->out, b->seg, text, len, err);
}

static enum assay_status borrowed_member(void *ctx, const struct member *m, struct input *in,
					 struct assay_error *err)
{
	struct borrowed *b = ctx;
	enum assay_status st = textout_flush(b->out, err);

	return st == ASSAY_OK ? sink_member(b->out->sink, m, in, err) : st;
}

enum assay_status textout_strings(struct textout *o, const struct segment *seg, struct input *in,
				  struct assay_error *err)
{
	/* All that strings.c calls. */
	static const struct sink_ops ops = { .text = borrowed_text, .member = borrowed_member };
	struct borrowed b = { o, seg };
	struct extract_sink sink = { &ops, &b, o->sink->limits };

	return strings_extractor.run(in, &sink, err);
}
