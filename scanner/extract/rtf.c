/*
 * rtf.c - Rich Text Format
 *
 * Groups, control words and text, byte by byte: the state of a group is on a stack, so
 * nesting costs memory and no more.  What is no part of the flow (notes, comments, fields'
 * codes) waits for the end of the paragraph, so that it does not tear it apart.
 */
#include <stdio.h>

#include "cfb.h"
#include "fail.h"
#include "hex.h"
#include "olepack.h"
#include "rtf_words.h"
#include "table.h"
#include "textout.h"
#include "utf8.h"

#define BLOCK (64 * KiB)
#define WORD_MAX 32
#define STACK_MAX (1 << 20)
#define RUN_MAX 4096
#define ASIDES_MAX (1 * MiB)
#define BLOB_MAX (64 * MiB)
#define COLOURS_MAX 4096
/* No code page has longer characters: more would only hide what follows. */
#define FALLBACK_MAX 4

/* What a group inherits, and its end restores. */
struct group {
	uint8_t dest;
	uint8_t region;
	uint8_t vis; /* of the destination */
	uint8_t uc;  /* characters that stand for a \u */
	bool hidden, deleted;
	bool white, shade;
	bool named; /* the destination began in this group: its end is the end of it */
};

struct aside {
	struct segment seg; /* has no strings */
	size_t end;         /* in `asides` */
};

struct rtf {
	struct input *in;
	const struct extract_sink *sink;
	struct textout out;

	uint8_t *block; /* owned */
	size_t at, len;
	enum assay_status read; /* how reading ended, if not well */
	struct assay_error why;

	struct group g;
	struct vec(struct group) stack;
	uint64_t depth; /* of groups open; the stack may hold fewer */
	bool star;      /* \* was the last thing in this group */
	bool fresh;     /* nothing but \* was in this group yet */
	bool over;      /* the document has ended, and something follows */
	uint32_t skip;  /* characters that stand for a \u */
	uint32_t high;  /* surrogate that waits */
	bool in_table;

	char run[RUN_MAX];
	size_t run_len;
	struct segment run_seg;
	struct buf asides;
	struct vec(struct aside) waiting;

	char field[64]; /* of a line: the destination's word */
	struct buf line;
	char name[64]; /* of a property, or of a shape's */
	size_t name_len;
	struct buf blob; /* of hex */
	int nibble;      /* first half of a byte, -1: none */
	uint32_t ordinal;

	uint8_t rgb[3];
	bool coloured;
	struct vec(bool) white; /* by number of colour */
};

/* --- bytes ------------------------------------------------------------------------------- */

static int next_byte(struct rtf *r)
{
	if (r->at == r->len) {
		if (r->read != ASSAY_OK)
			return -1;
		r->at = r->len = 0;
		r->read = input_read(r->in, r->block, BLOCK, &r->len, &r->why);
		if (!r->len)
			return -1;
	}
	return r->block[r->at++];
}

/* The last byte is read again. */
static void back(struct rtf *r)
{
	r->at--;
}

/* --- text -------------------------------------------------------------------------------- */

static struct segment segment_of(const struct rtf *r)
{
	const struct group *g = &r->g;
	struct segment seg = { .region = (enum assay_region)g->region,
			       .vis = (enum assay_vis)g->vis };

	if (g->deleted)
		seg.vis = ASSAY_DELETED;
	else if (seg.vis == ASSAY_SHOWN && (g->hidden || r->over))
		seg.vis = ASSAY_HIDDEN_TEXT;
	else if (seg.vis == ASSAY_SHOWN && g->white && !g->shade && !r->in_table)
		seg.vis = ASSAY_WHITE_TEXT;
	return seg;
}

static enum assay_status flush_run(struct rtf *r, struct assay_error *err)
{
	enum assay_status st = textout_put(&r->out, &r->run_seg, r->run, r->run_len, err);

	r->run_len = 0;
	return st;
}

static enum assay_status put_flow(struct rtf *r, const char *utf8, size_t len,
				  struct assay_error *err)
{
	struct segment seg = segment_of(r);
	enum assay_status st = ASSAY_OK;

	if (r->run_len && (seg.region != r->run_seg.region || seg.vis != r->run_seg.vis))
		st = flush_run(r, err);
	if (st == ASSAY_OK && seg.region != r->run_seg.region)
		st = textout_break(&r->out, &r->run_seg, err);
	r->run_seg = seg;
	memcpy(r->run + r->run_len, utf8, len);
	r->run_len += len;
	return st == ASSAY_OK && r->run_len > RUN_MAX - 8 ? flush_run(r, err) : st;
}

static enum assay_status send_asides(struct rtf *r, struct assay_error *err)
{
	size_t from = 0;
	enum assay_status st = flush_run(r, err);

	for (size_t i = 0; i < r->waiting.len && st == ASSAY_OK; i++) {
		const struct aside *a = &r->waiting.items[i];

		st = textout_break(&r->out, &a->seg, err);
		if (st == ASSAY_OK)
			st = textout_put(&r->out, &a->seg, r->asides.data + from, a->end - from,
					 err);
		from = a->end;
	}
	if (st == ASSAY_OK && r->waiting.len)
		st = textout_break(&r->out, &r->run_seg, err);
	r->waiting.len = 0;
	buf_clear(&r->asides);
	return st;
}

static enum assay_status put_aside(struct rtf *r, const char *utf8, size_t len,
				   struct assay_error *err)
{
	struct segment seg = segment_of(r);
	struct aside *last = r->waiting.len ? &r->waiting.items[r->waiting.len - 1] : NULL;
	enum assay_status st = ASSAY_OK;

	if (r->asides.len + len > ASIDES_MAX) {
		st = send_asides(r, err);
		last = NULL;
	}
	if (!last || last->seg.region != seg.region || last->seg.vis != seg.vis) {
		last = vec_push(&r->waiting);
		if (!last)
			return assay_fail_memory(err, "document text");
		*last = (struct aside){ seg, r->asides.len };
	}
	if (!buf_add(&r->asides, utf8, len))
		return assay_fail_memory(err, "document text");
	last->end = r->asides.len;
	return st;
}

static void end_colour(struct rtf *r)
{
	bool *white = r->white.len < COLOURS_MAX ? vec_push(&r->white) : NULL;

	if (white)
		*white = r->coloured && r->rgb[0] == 255 && r->rgb[1] == 255 && r->rgb[2] == 255;
	r->coloured = false;
	memset(r->rgb, 0, sizeof(r->rgb));
}

static enum assay_status put(struct rtf *r, const char *utf8, size_t len, struct assay_error *err)
{
	switch (r->g.dest) {
	case DEST_FLOW:
		return put_flow(r, utf8, len, err);
	case DEST_ASIDE:
		return put_aside(r, utf8, len, err);
	case DEST_LINE:
	case DEST_VALUE:
	case DEST_SHAPE_VALUE:
		buf_add(&r->line, utf8, len);
		return ASSAY_OK;
	case DEST_NAME:
	case DEST_SHAPE_NAME:
		if (r->name_len + len < sizeof(r->name)) {
			memcpy(r->name + r->name_len, utf8, len);
			r->name_len += len;
		}
		r->name[r->name_len] = '\0';
		return ASSAY_OK;
	case DEST_COLOURS:
		if (*utf8 == ';')
			end_colour(r);
		return ASSAY_OK;
	default:
		return ASSAY_OK;
	}
}

static enum assay_status put_char(struct rtf *r, uint32_t c, struct assay_error *err)
{
	char u[4];

	if (c >= 0xD800 && c < 0xDC00) {
		r->high = c;
		return ASSAY_OK;
	}
	if (c >= 0xDC00 && c < 0xE000) {
		if (!r->high)
			return ASSAY_OK;
		c = 0x10000 + ((r->high - 0xD800) << 10) + (c - 0xDC00);
	}
	r->high = 0;
	return c ? put(r, u, utf8_encode(c, u), err) : ASSAY_OK;
}

static void put_hex(struct rtf *r, int c)
{
	int v = hex_value((char)c);

	if (v < 0)
		return;
	if (r->nibble < 0) {
		r->nibble = v;
		return;
	}
	buf_add_byte(&r->blob, (char)(r->nibble << 4 | v));
	r->nibble = -1;
}

static bool is_blob(const struct rtf *r)
{
	return r->g.dest == DEST_PICTURE || r->g.dest == DEST_OBJECT;
}

/* One byte of text. */
static enum assay_status put_byte(struct rtf *r, int c, struct assay_error *err)
{
	char utf8[4];

	if (is_blob(r)) {
		put_hex(r, c);
		return ASSAY_OK;
	}
	if (r->skip) {
		r->skip--;
		return ASSAY_OK;
	}
	if (!c)
		return ASSAY_OK;
	return put(r, utf8, cp1252_to_utf8((uint8_t)c, utf8), err);
}

/* --- destinations ------------------------------------------------------------------------ */

static enum assay_status give(struct rtf *r, const char *name, const char *mime, const void *data,
			      size_t len, struct assay_error *err)
{
	CLEANUP(input_done) struct input in;
	struct assay_error refused = { 0 };
	struct member m = { .name = name,
			    .name_len = strnlen(name, 512),
			    .ordinal = r->ordinal++,
			    .size = len,
			    .mime = mime };
	enum assay_status st = send_asides(r, err);

	input_from_mem(&in, data, len);
	if (st == ASSAY_OK)
		st = textout_flush(&r->out, err);
	if (st != ASSAY_OK || !len)
		return st;
	if (sink_allow(r->sink, len, &refused) != ASSAY_OK) {
		m.lost = refused.reason;
		m.lost_detail = "an object within the document";
		return sink_member(r->sink, &m, NULL, err);
	}
	return sink_member(r->sink, &m, &in, err);
}

/* What an object's own header is around: a compound file, a file, or we do not know. */
static enum assay_status give_object(struct rtf *r, struct assay_error *err)
{
	const uint8_t *data = (const uint8_t *)r->blob.data, *inner;
	size_t len = r->blob.len, at = 8;
	struct olepack pack;

	inner = memmem(data, len, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
	if (inner)
		return give(r, "object", NULL, inner, len - (size_t)(inner - data), err);
	/* Version, kind; class, topic and item; then a length. */
	for (unsigned i = 0; i < 3 && at + 4 <= len; i++)
		at += MIN((uint64_t)le32_at(data + at) + 4, len);
	if (at + 4 < len && olepack_parse(data + at + 4, len - at - 4, &pack))
		return give(r, pack.name, NULL, pack.data, pack.len, err);
	return give(r, "object", NULL, data, len, err);
}

static enum assay_status send_property(struct rtf *r, const char *field, struct assay_error *err)
{
	struct segment seg = { .region = (enum assay_region)r->g.region, .field = field };
	enum assay_status st = flush_run(r, err);

	if (st == ASSAY_OK && r->line.len)
		st = textout_break(&r->out, &seg, err);
	return st == ASSAY_OK ? textout_line(&r->out, &seg, r->line.data, r->line.len, err) : st;
}

/* Words of art and what is said of a picture; the rest are numbers. */
static enum assay_status send_shape(struct rtf *r, struct assay_error *err)
{
	bool art = !strncmp(r->name, "gtextUNICODE", 12);

	if (!art && strcmp(r->name, "wzDescription") != 0)
		return ASSAY_OK;
	r->g.region = art ? ASSAY_WATERMARK : ASSAY_BODY;
	return send_property(r, NULL, err);
}

static enum assay_status end_dest(struct rtf *r, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	switch (r->g.dest) {
	case DEST_ASIDE:
		return put_aside(r, "\n", 1, err);
	case DEST_LINE:
		st = send_property(r, r->field, err);
		break;
	case DEST_VALUE:
		st = send_property(r, r->name, err);
		break;
	case DEST_SHAPE_VALUE:
		st = send_shape(r, err);
		break;
	case DEST_PICTURE:
		/* Metafiles have no magic that is known. */
		st = give(r, "picture", "image/x-metafile", r->blob.data, r->blob.len, err);
		break;
	case DEST_OBJECT:
		st = r->blob.len ? give_object(r, err) : ASSAY_OK;
		break;
	default:
		return ASSAY_OK;
	}
	if (st == ASSAY_OK && (r->line.failed || r->blob.failed))
		st = sink_gap(r->sink, ASSAY_LIMIT_MEMORY, "an object or property", err);
	buf_clear(&r->line);
	buf_clear(&r->blob);
	return st;
}

static void begin_dest(struct rtf *r, const struct rtf_word *w, const char *name)
{
	/* Within what is passed over only a Unicode twin is looked at. */
	if (r->g.dest == DEST_NOTHING && w && w->dest == DEST_ASIDE && strcmp(w->name, "ud") != 0 &&
	    w->region == ASSAY_METADATA)
		return;
	r->g.dest = w ? w->dest : DEST_ASIDE;
	r->g.vis = w ? w->vis : ASSAY_HIDDEN_TEXT;
	r->g.named = true;
	if (r->g.dest == DEST_FLOW) {
		/* A box or a picture in a header is in the header. */
		if (w->region != ASSAY_BODY)
			r->g.region = w->region;
		return;
	}
	if (!w || w->dest != DEST_ASIDE || w->region != ASSAY_BODY)
		r->g.region = w ? w->region : ASSAY_BODY;
	if (r->g.dest == DEST_LINE) {
		buf_clear(&r->line);
		snprintf(r->field, sizeof(r->field), "%s", name);
	} else if (r->g.dest == DEST_VALUE || r->g.dest == DEST_SHAPE_VALUE) {
		buf_clear(&r->line);
	} else if (r->g.dest == DEST_NAME || r->g.dest == DEST_SHAPE_NAME) {
		r->name_len = 0;
		r->name[0] = '\0';
	} else if (is_blob(r)) {
		buf_clear(&r->blob);
		r->nibble = -1;
	}
}

/* --- groups and words -------------------------------------------------------------------- */

static void open_group(struct rtf *r)
{
	struct group *slot = r->depth == r->stack.len ? vec_push(&r->stack) : NULL;

	/* Deeper than the stack the state stays as it is. */
	if (slot)
		*slot = r->g;
	r->depth++;
	r->g.named = false;
	r->skip = 0;
	r->star = false;
	r->fresh = true;
}

static enum assay_status close_group(struct rtf *r, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	r->skip = 0;
	r->star = r->fresh = false;
	if (!r->depth)
		return ASSAY_OK; /* one too many */
	if (r->g.named)
		st = end_dest(r, err);
	else if (r->g.dest == DEST_LINE && r->line.len)
		buf_add_byte(&r->line, '\t'); /* one of a list */
	r->depth--;
	if (r->depth < r->stack.len)
		r->g = r->stack.items[--r->stack.len];
	if (st == ASSAY_OK && !r->depth) {
		st = send_asides(r, err);
		r->in_table = false;
	}
	return st;
}

static enum assay_status take_binary(struct rtf *r, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		int c = next_byte(r);

		if (c < 0)
			break;
		if (is_blob(r))
			buf_add_byte(&r->blob, (char)c);
	}
	return ASSAY_OK;
}

static bool is_white(const struct rtf *r, int64_t number)
{
	return number > 0 && (uint64_t)number < r->white.len && r->white.items[number];
}

static enum assay_status act(struct rtf *r, const struct rtf_word *w, bool has, int64_t n,
			     struct assay_error *err)
{
	bool on = !has || n;
	enum assay_status st;

	switch (w->action) {
	case ACT_DEST:
		begin_dest(r, w, w->name);
		return ASSAY_OK;
	case ACT_CHAR:
	case ACT_BREAK:
		st = put_char(r, w->value, err);
		/* What waits belongs behind the flow's paragraph, not a note's own. */
		if (st == ASSAY_OK && w->action == ACT_BREAK && r->g.dest == DEST_FLOW)
			st = r->waiting.len ? send_asides(r, err) : ASSAY_OK;
		return st;
	case ACT_UNICODE:
		r->skip = r->g.uc;
		return put_char(r, (uint32_t)(n < 0 ? n + 0x10000 : n) & 0x1FFFFF, err);
	case ACT_FALLBACK:
		r->g.uc = (uint8_t)(n < 0 ? 0 : MIN(n, FALLBACK_MAX));
		return ASSAY_OK;
	case ACT_BINARY:
		return take_binary(r, n);
	case ACT_HIDDEN:
		r->g.hidden = on;
		return ASSAY_OK;
	case ACT_DELETED:
		r->g.deleted = on;
		return ASSAY_OK;
	case ACT_PLAIN:
		r->g.hidden = r->g.deleted = r->g.white = r->g.shade = false;
		return ASSAY_OK;
	case ACT_COLOUR:
		r->g.white = is_white(r, n);
		return ASSAY_OK;
	case ACT_SHADE:
		r->g.shade = n && !is_white(r, n);
		return ASSAY_OK;
	case ACT_TABLE:
		r->in_table = true;
		return ASSAY_OK;
	case ACT_PARAGRAPH:
		r->in_table = false;
		return ASSAY_OK;
	case ACT_RED:
	case ACT_GREEN:
	case ACT_BLUE:
		r->rgb[w->action - ACT_RED] = (uint8_t)n;
		r->coloured = true;
		return ASSAY_OK;
	default:
		return ASSAY_OK;
	}
}

/* A word and its number; the space behind it is part of it. */
static enum assay_status read_word(struct rtf *r, int c, struct assay_error *err)
{
	char name[WORD_MAX + 1];
	size_t len = 0;
	bool has = false, minus = false, star = r->star;
	int64_t n = 0;
	const struct rtf_word *w;

	for (; c >= 0 && is_letter((char)c); c = next_byte(r))
		if (len < WORD_MAX)
			name[len++] = (char)c;
	name[len] = '\0';
	if (c == '-') {
		minus = true;
		c = next_byte(r);
	}
	for (; c >= 0 && is_digit((char)c); c = next_byte(r)) {
		has = true;
		if (n < INT32_MAX)
			n = n * 10 + (c - '0');
	}
	if (c >= 0 && c != ' ')
		back(r);
	n = minus ? -n : n;
	r->star = r->fresh = false;
	w = rtf_word_find(name);
	if (r->skip && (!w || w->action != ACT_BINARY)) {
		r->skip--;
		return ASSAY_OK;
	}
	if (w)
		return act(r, w, has, n, err);
	/* A destination that we do not know: it may hold text that is not shown. */
	if (star && r->g.dest != DEST_NOTHING && !is_blob(r))
		begin_dest(r, NULL, name);
	return ASSAY_OK;
}

static enum assay_status read_escape(struct rtf *r, struct assay_error *err)
{
	int c = next_byte(r), high, low;

	if (c < 0)
		return ASSAY_OK;
	if (is_letter((char)c))
		return read_word(r, c, err);
	if (c == '*') {
		r->star = true;
		return ASSAY_OK;
	}
	r->star = r->fresh = false;
	switch (c) {
	case '\'':
		high = next_byte(r);
		low = next_byte(r);
		/* The end of input is 0xFF as a character, and no digit. */
		high = hex_value((char)high);
		low = hex_value((char)low);
		if (high < 0 || low < 0 || is_blob(r))
			return ASSAY_OK;
		return put_byte(r, high << 4 | low, err);
	case '\n':
	case '\r':
		return r->skip ? (r->skip--, ASSAY_OK) : put_char(r, '\n', err);
	case '\t':
		return put_byte(r, '\t', err);
	case '~':
		return put_byte(r, 0xA0, err);
	case '_':
		return put_byte(r, '-', err);
	case '{':
	case '}':
	case '\\':
		return put_byte(r, c, err);
	default: /* an optional hyphen, an index's mark */
		return ASSAY_OK;
	}
}

static enum assay_status read_all(struct rtf *r, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	bool begun = false;
	int c;

	while (st == ASSAY_OK && (c = next_byte(r)) >= 0) {
		if (begun && !r->depth && !r->over && c && !is_space((char)c)) {
			r->over = true;
			st = sink_gap(r->sink, ASSAY_CONTAINER_SLACK, "bytes after the end", err);
			if (st == ASSAY_OK)
				st = put_char(r, '\n', err);
			if (st != ASSAY_OK)
				break;
		}
		switch (c) {
		case '{':
			open_group(r);
			begun = true;
			break;
		case '}':
			st = close_group(r, err);
			break;
		case '\\':
			st = read_escape(r, err);
			break;
		case '\r':
		case '\n':
			break;
		default:
			st = put_byte(r, c, err);
			break;
		}
	}
	if (st == ASSAY_OK && r->depth && r->read == ASSAY_OK)
		st = sink_gap(r->sink, ASSAY_MALFORMED, "the document breaks off", err);
	/* What is open has an end all the same. */
	while (st == ASSAY_OK && r->stack.len) {
		r->depth = r->stack.len;
		st = close_group(r, err);
	}
	if (st == ASSAY_OK)
		st = send_asides(r, err);
	if (st == ASSAY_OK)
		st = textout_break(&r->out, &r->run_seg, err);
	return st == ASSAY_OK ? textout_flush(&r->out, err) : st;
}

static enum assay_status rtf_run(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err)
{
	struct rtf *r = calloc(1, sizeof(*r));
	enum assay_status st;

	if (!r)
		return assay_fail_memory(err, "document");
	*r = (struct rtf){ .in = in,
			   .sink = sink,
			   .g = { .uc = 1 },
			   .stack = VEC_INIT(STACK_MAX),
			   .asides = BUF_INIT(ASIDES_MAX + 1),
			   .waiting = VEC_INIT(ASIDES_MAX),
			   .line = BUF_INIT(ASIDES_MAX),
			   .blob = BUF_INIT(MIN(BLOB_MAX, sink->limits->member_bytes)),
			   .nibble = -1,
			   .white = VEC_INIT(COLOURS_MAX) };
	textout_init(&r->out, sink);
	r->block = malloc(BLOCK);
	st = r->block ? read_all(r, err) : assay_fail_memory(err, "document");
	if (st == ASSAY_OK && r->read != ASSAY_OK) {
		if (err)
			*err = r->why;
		st = r->read;
	}
	free(r->block);
	textout_done(&r->out);
	vec_done(&r->stack);
	vec_done(&r->waiting);
	vec_done(&r->white);
	buf_done(&r->asides);
	buf_done(&r->line);
	buf_done(&r->blob);
	free(r);
	return st;
}

static const char *const types[] = { "application/rtf", "text/rtf", NULL };

const struct extractor rtf_extractor = {
	.name = "rtf",
	.types = types,
	.run = rtf_run,
};
