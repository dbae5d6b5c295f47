/* feed.c - an input as a window of UTF-8 text */
#include "feed.h"

#include "fail.h"
#include "fold.h"

#define STEP (64 * KiB)
#define SHORT 16

static bool is_utf16(const struct feed *f)
{
	return f->charset == CHARSET_UTF16LE || f->charset == CHARSET_UTF16BE;
}

enum assay_status feed_init(struct feed *f, struct input *in, size_t window_max,
			    struct assay_error *err)
{
	struct encoding e;
	size_t got;
	enum assay_status st = input_encoding(in, &e, err);

	memset(f, 0, offsetof(struct feed, raw));
	f->in = in;
	f->line = 1;
	f->text = (struct buf)BUF_INIT(2 * window_max + 4 * STEP);
	if (st != ASSAY_OK)
		return st;
	/* Whoever calls a binary text has the word. */
	f->charset = e.charset == CHARSET_BINARY ? CHARSET_ASCII_KIN : e.charset;
	if (in->mem && !feed_is_wide(f)) {
		f->data = (const char *)in->mem + e.bom;
		f->len = (size_t)in->size - e.bom;
		f->ended = true;
		in->next = in->size;
	} else if (e.bom) {
		char skipped[4];

		st = input_read(in, skipped, e.bom, &got, err);
		if (st != ASSAY_OK)
			return st;
	}
	f->off = f->mark_off = e.bom;
	return ASSAY_OK;
}

void feed_done(struct feed *f)
{
	buf_done(&f->text);
}

/* How many source bytes this converted text was. */
static uint64_t wide_bytes(const struct feed *f, const char *data, size_t len)
{
	uint64_t chars = 0, pairs = 0;

	for (size_t i = 0; i < len; i++) {
		chars += ((unsigned char)data[i] & 0xC0) != 0x80;
		pairs += (unsigned char)data[i] >= 0xF0;
	}
	return is_utf16(f) ? 2 * (chars + pairs) : 4 * chars;
}

uint64_t feed_off(struct feed *f, size_t at)
{
	if (!feed_is_wide(f))
		return f->off + at;
	if (at < f->mark) {
		f->mark = 0;
		f->mark_off = f->off;
	}
	f->mark_off += wide_bytes(f, f->data + f->mark, at - f->mark);
	f->mark = at;
	return f->mark_off;
}

/* Most of what is skipped is a word. */
static size_t count_lines(const char *data, size_t len)
{
	size_t n = 0;

	if (len >= SHORT)
		return fold_count_lines(data, len);
	for (size_t i = 0; i < len; i++)
		n += data[i] == '\n';
	return n;
}

void feed_skip(struct feed *f, size_t len)
{
	if (!len)
		return;
	if (!feed_is_wide(f)) {
		f->off += len;
	} else {
		f->off = f->mark_off = feed_off(f, len);
		f->mark = 0;
	}
	if (f->count_lines)
		f->line += count_lines(f->data, len);
	f->data += len;
	f->len -= len;
	f->text_at += len;
}

/* The last character of an input cut in two: a lone surrogate, half a unit. */
static void convert_rest(struct feed *f)
{
	if (f->raw_len)
		buf_add_str(&f->text, "\xEF\xBF\xBD");
	f->raw_len = 0;
	f->ended = true;
}

static void convert(struct feed *f, char *room, size_t cap)
{
	bool big = f->charset == CHARSET_UTF16BE || f->charset == CHARSET_UTF32BE, ascii;
	size_t took, n;

	n = is_utf16(f) ? utf16_to_utf8(f->raw, f->raw_len, big, room, cap, &took, &ascii)
			: utf32_to_utf8(f->raw, f->raw_len, big, room, cap, &took);
	f->text.len += n;
	memmove(f->raw, f->raw + took, f->raw_len - took);
	f->raw_len -= took;
}

static enum assay_status more_wide(struct feed *f, struct assay_error *err)
{
	/* A unit of UTF-16 makes 3 bytes at most. */
	size_t cap = sizeof(f->raw) / 2 * 3, got = 0;
	char *room = buf_reserve(&f->text, cap);
	enum assay_status st = ASSAY_OK;

	if (!room)
		return assay_fail_memory(err, "text window");
	if (!f->raw_ended) {
		size_t want = sizeof(f->raw) - f->raw_len;

		st = input_read(f->in, f->raw + f->raw_len, want, &got, err);
		f->raw_len += got;
		f->raw_ended = got < want;
	}
	convert(f, room, cap);
	if (f->raw_ended && f->raw_len < 4)
		convert_rest(f);
	return st;
}

static enum assay_status more_plain(struct feed *f, size_t want, struct assay_error *err)
{
	size_t step = MAX(STEP, want), got = 0;
	char *room = buf_reserve(&f->text, step);
	enum assay_status st;

	if (!room)
		return assay_fail_memory(err, "text window");
	st = input_read(f->in, room, step, &got, err);
	f->text.len += got;
	f->ended = got < step;
	return st;
}

enum assay_status feed_more(struct feed *f, size_t want, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	struct assay_error why;

	if (f->len >= want || f->ended)
		return ASSAY_OK;
	if (f->text_at) {
		memmove(f->text.data, f->text.data + f->text_at, f->len);
		f->text.len = f->len;
		f->text_at = 0;
	}
	while (f->text.len < want && !f->ended && st == ASSAY_OK)
		st = feed_is_wide(f) ? more_wide(f, &why) : more_plain(f, want - f->text.len, &why);
	f->data = f->text.data;
	f->len = f->text.len;
	if (st == ASSAY_OK)
		return ASSAY_OK;
	if (st == ASSAY_FATAL) {
		if (err)
			*err = why;
		return st;
	}
	f->ended = true;
	f->broke = st;
	f->why = why;
	return ASSAY_OK;
}

enum assay_status feed_end(const struct feed *f, struct assay_error *err)
{
	if (f->broke != ASSAY_OK && err)
		*err = f->why;
	return f->broke;
}

static size_t high_prefix(const char *data, size_t len)
{
	size_t i = 0;

	while (i < len && (data[i] & 0x80))
		i++;
	return i;
}

size_t feed_run(struct feed *f, size_t at, size_t len, struct source *ret_source)
{
	size_t n;

	if (!feed_is_wide(f)) {
		*ret_source = (struct source){ f->off + at, SOURCE_SAME };
		return len;
	}
	n = is_utf16(f) ? fold_ascii_prefix(f->data + at, len) : 0;
	if (n) {
		*ret_source = (struct source){ feed_off(f, at), SOURCE_UTF16 };
		return n;
	}
	*ret_source = (struct source){ 0, SOURCE_DERIVED };
	return is_utf16(f) ? high_prefix(f->data + at, len) : len;
}

enum assay_status feed_send(struct feed *f, size_t len, const struct extract_sink *sink,
			    struct segment *seg, struct assay_error *err)
{
	while (len) {
		struct source source;
		size_t n = feed_run(f, 0, len, &source);
		enum assay_status st;

		seg->loc.line = f->line;
		st = sink_text(sink, seg, f->data, n, source, err);
		if (st != ASSAY_OK)
			return st;
		feed_skip(f, n);
		len -= n;
	}
	return ASSAY_OK;
}
