/* stream.c - runs in, windows out */
#include "stream.h"

#include "fail.h"
#include "fold.h"
#include "vec.h"

/** A window is matched early when it is made of more runs than this. */
#define STRETCHES_MAX ((size_t)16384)

/** Longest cell that a `cell` pattern is tried on, bytes. */
#define CELL_MAX ((size_t)512)

/** Room that stream_reserve() promises. */
#define RESERVE_MIN (64 * KiB)

/** A cell that matched before the window it is in. */
struct cell_hit {
	uint64_t base; /**< stream position the hit's indexes count from */
	struct hit hit;
};

struct stream {
	const assay_ruleset *set;
	struct matcher *matcher;
	struct stream_owner owner;
	char *data; /**< STREAM_BYTES + WINDOW_PAD */
	size_t len;
	size_t own;             /**< first byte that no window has owned yet */
	uint64_t base;          /**< stream position of data[0] */
	uint64_t lines_dropped; /**< line feeds before data[0] */
	size_t counted_to;      /**< index up to which counted_lines counts, from data[0] */
	uint64_t counted_lines;
	struct vec(struct piece) pieces;
	struct vec(struct stretch) stretches;
	struct vec(struct cell_hit) cells;
	struct hits hits;
	struct names names;
	struct grid_state grid;
	uint64_t window; /**< running number */
	bool has_sheets;
};

struct stream *stream_new(const assay_ruleset *set, struct matcher *matcher,
			  const struct stream_owner *owner)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->set = set;
	s->matcher = matcher;
	s->owner = *owner;
	s->names.set = set;
	s->pieces.limit = 4 * STREAM_BYTES;
	s->stretches.limit = 4 * STREAM_BYTES;
	s->cells.limit = HITS_PER_WINDOW;
	s->hits.list.limit = HITS_PER_WINDOW;
	s->data = malloc(STREAM_BYTES + WINDOW_PAD);
	if (!s->data) {
		stream_free(s);
		return NULL;
	}
	return s;
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	free(s->data);
	vec_done(&s->pieces);
	vec_done(&s->stretches);
	vec_done(&s->cells);
	vec_done(&s->hits.list);
	names_done(&s->names);
	grid_done(&s->grid);
	free(s);
}

void stream_reset(struct stream *s)
{
	s->len = s->own = s->counted_to = 0;
	s->base = s->lines_dropped = s->counted_lines = 0;
	s->pieces.len = s->stretches.len = s->cells.len = 0;
	s->window = 0;
	s->has_sheets = false;
	names_clear(&s->names);
	grid_done(&s->grid);
}

/** Line feeds in the stream before data[idx]. */
static uint64_t lines_before(struct stream *s, size_t idx)
{
	if (idx < s->counted_to && s->counted_to - idx < idx) {
		s->counted_lines -= fold_count_lines(s->data + idx, s->counted_to - idx);
	} else {
		if (idx < s->counted_to)
			s->counted_to = s->counted_lines = 0;
		s->counted_lines += fold_count_lines(s->data + s->counted_to, idx - s->counted_to);
	}
	s->counted_to = idx;
	return s->lines_dropped + s->counted_lines;
}

uint64_t stream_lines(const struct stream *s)
{
	return s->lines_dropped + fold_count_lines(s->data, s->len);
}

/* Finding one's way back. */

static size_t piece_at(const struct stream *s, size_t idx)
{
	size_t low = 0, high = s->pieces.len;

	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (s->pieces.items[mid].at <= idx)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static struct stretch *stretch_at(const struct stream *s, size_t idx)
{
	size_t low = 0, high = s->stretches.len;

	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (s->stretches.items[mid].at <= idx)
			low = mid;
		else
			high = mid;
	}
	return &s->stretches.items[low];
}

uint64_t stream_source(const struct stream *s, size_t idx)
{
	const struct piece *p = &s->pieces.items[piece_at(s, idx)];

	if (p->source.kind == SOURCE_DERIVED)
		return ASSAY_NO_OFFSET;
	return p->source.off + (uint64_t)(idx - p->at) * p->source.kind;
}

bool stream_shown(const struct stream *s, size_t begin)
{
	return stretch_at(s, begin)->seg.vis == ASSAY_SHOWN;
}

/** Bytes of evidence in the source, or its length here if that cannot be told. */
static uint32_t source_length(const struct stream *s, size_t begin, size_t end, uint64_t off)
{
	const struct piece *last = &s->pieces.items[piece_at(s, end - 1)];
	uint64_t last_off = stream_source(s, end - 1);

	if (off == ASSAY_NO_OFFSET || last_off == ASSAY_NO_OFFSET || last_off < off)
		return (uint32_t)(end - begin);
	return (uint32_t)(last_off + last->source.kind - off);
}

static uint32_t column_of(const struct stream *s, size_t idx)
{
	const char *feed = memrchr(s->data, '\n', idx);

	if (feed)
		return (uint32_t)(s->data + idx - feed);
	return s->base == 0 ? (uint32_t)idx + 1 : 0;
}

/** A cell of a sheet, or a value under a key. */
static struct column_key key_of(const struct stretch *st)
{
	if (st->column)
		return (struct column_key){ st->seg.loc.sheet, st->column };
	return (struct column_key){ .of = st->field };
}

/** One number for the row or element a stretch belongs to; 0: only text tells. */
static uint64_t record_of(const struct stretch *st)
{
	uint64_t sheet = (uint64_t)(uintptr_t)st->seg.loc.sheet;
	uint64_t part = (uint64_t)(uintptr_t)st->seg.loc.part;

	if (st->seg.record)
		return st->seg.record;
	/* Names are kept once, and lie at least 16 bytes apart. */
	if (st->seg.loc.row)
		return (sheet << 16) + st->seg.loc.row;
	switch (st->seg.region) {
	case ASSAY_BODY:
	case ASSAY_COMMENT:
	case ASSAY_NOTE:
		return 0;
	default: /* a header or the metadata do not stand beside the text they lead to */
		return (part << 16) + (UINT64_C(1) << 63) + st->seg.region;
	}
}

void stream_find(struct stream *s, size_t begin, struct place *ret)
{
	const struct stretch *st = stretch_at(s, begin);

	*ret = (struct place){
		.seg = &st->seg,
		.cell = st->cell[0] ? st->cell : NULL,
		.field = st->field,
		.column = key_of(st),
		.cell_at = s->base + st->at,
		.record = record_of(st),
		.off = stream_source(s, begin),
	};
}

/** Does a cell begin, or end, where this byte stands beside it? */
static bool is_border(const struct stream *s, char x, bool quoted)
{
	return quoted ? x == '"' : x == '\n' || x == '\r' || (s->grid.on && x == s->grid.delimiter);
}

/** Is data[begin, end) all of its cell, but for space? */
static bool fills_cell(const struct stream *s, size_t begin, size_t end, bool quoted)
{
	const struct stretch *st = stretch_at(s, begin);
	size_t first = st->at, last = s->len;

	if (st < s->stretches.items + s->stretches.len - 1)
		last = st[1].at;
	while (begin > first && s->data[begin - 1] == ' ')
		begin--;
	while (end < last && s->data[end] == ' ')
		end++;
	return (begin == first || is_border(s, s->data[begin - 1], quoted)) &&
	       (end == last || is_border(s, s->data[end], quoted));
}

static void find_in_grid(struct stream *s, size_t begin, size_t end, struct place *ret)
{
	struct grid_place at;

	grid_find(&s->grid, s->data, s->base, begin, &at);
	if (!at.column)
		return;
	if (at.field)
		ret->field = at.field;
	ret->column = (struct column_key){ .number = at.column };
	ret->cell_at = at.row;
	ret->record = at.row + 1;
	ret->spans = !at.quoted && memchr(s->data + begin, s->grid.delimiter, end - begin);
	ret->alone = fills_cell(s, begin, end, at.quoted);
}

void stream_find_cell(struct stream *s, size_t begin, size_t end, struct place *ret)
{
	if (s->grid.on)
		find_in_grid(s, begin, end, ret);
	else
		ret->alone = column_known(ret->column) && fills_cell(s, begin, end, false);
}

/** Cells of a row, or runs of it, that are looked at; and how far either way. */
#define ROW_CELLS_MAX 256
#define ROW_REACH (8 * KiB)

static size_t stretch_len(const struct stream *s, const struct stretch *st)
{
	bool is_last = st == &s->stretches.items[s->stretches.len - 1];

	return (is_last ? s->len : st[1].at) - st->at;
}

/** A tab or a line feed between cells, which is in none. */
static bool is_separator(const struct stream *s, const struct stretch *st)
{
	return !st->field && stretch_len(s, st) <= 2;
}

/** The stretches from `st` on, in one direction, that are of its record. */
static bool tell_stretches(const struct stream *s, const struct stretch *st, ptrdiff_t step,
			   stream_row_fn *cell, void *ctx)
{
	const struct stretch *first = s->stretches.items, *end = first + s->stretches.len, *at = st;
	uint64_t record = record_of(st);

	for (unsigned n = 0; n < ROW_CELLS_MAX; n++) {
		if (step < 0 ? at == first : at + 1 == end)
			return true;
		at += step;
		if (record_of(at) != record && !is_separator(s, at))
			return true;
		if (at->at + ROW_REACH < st->at || at->at > st->at + ROW_REACH)
			return false;
		if (at->field && at->field != st->field)
			cell(ctx, at->field, stretch_len(s, at));
	}
	return false;
}

/** The last row of the text may end without a line feed. */
static bool tell_grid(const struct stream *s, size_t begin, const struct place *p,
		      stream_row_fn *cell, void *ctx)
{
	size_t end = MIN(s->len, begin + ROW_REACH);

	if (p->cell_at < s->base || s->base + begin > p->cell_at + ROW_REACH)
		return false;
	return grid_row(&s->grid, s->data, (size_t)(p->cell_at - s->base), end, cell, ctx) ||
	       end < begin + ROW_REACH;
}

bool stream_row(const struct stream *s, size_t begin, const struct place *p, stream_row_fn *cell,
		void *ctx)
{
	const struct stretch *st = stretch_at(s, begin);

	if (s->grid.on)
		return tell_grid(s, begin, p, cell, ctx);
	return tell_stretches(s, st, -1, cell, ctx) && tell_stretches(s, st, 1, cell, ctx);
}

void stream_locate(struct stream *s, size_t begin, size_t end, struct place *ret)
{
	struct stretch *st = stretch_at(s, begin);

	ret->stream_line = lines_before(s, begin);
	ret->source_len = source_length(s, begin, end, ret->off);
	if (st->seg.loc.line) {
		if (st->lines_at == UINT64_MAX)
			st->lines_at = s->lines_dropped + fold_count_lines(s->data, st->at);
		ret->line = st->seg.loc.line + ret->stream_line - st->lines_at;
		ret->col = column_of(s, begin);
	}
}

void stream_cells(const struct stream *s, size_t from, size_t to, stream_cell_fn *cell, void *ctx)
{
	if (!s->has_sheets)
		return;
	for (size_t i = 0; i < s->stretches.len; i++) {
		const struct stretch *st = &s->stretches.items[i];

		if (st->column && st->at >= from && st->at < to)
			cell(ctx, key_of(st));
	}
}

uint32_t stream_values(const struct stream *s, struct column_key key)
{
	const struct field *f = key.of;

	return !key.number && f && f->window == s->window ? f->cells : 0;
}

const struct grid_state *stream_in_grid(const struct stream *s)
{
	return s->grid.on ? &s->grid : NULL;
}

const char *stream_text_at_hand(const struct stream *s, size_t *ret_len, uint64_t *ret_base)
{
	*ret_len = s->len;
	*ret_base = s->base;
	return s->data;
}

/* Windows. */

static int by_start(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

/** The row of headings is one of the table's: `Forenames` is no name. */
static bool is_heading(const struct field *f, const char *cell, size_t len)
{
	return strncmp(f->name, cell, len) == 0 && !f->name[len];
}

/** Try the cell patterns of a field on data[begin, end). */
static void try_cell(struct stream *s, const struct field *f, size_t begin, size_t end)
{
	while (begin < end && (is_space(s->data[begin]) || s->data[begin] == '"'))
		begin++;
	while (begin < end && (is_space(s->data[end - 1]) || s->data[end - 1] == '"'))
		end--;
	if (begin == end || end - begin > CELL_MAX || is_heading(f, s->data + begin, end - begin))
		return;
	for (size_t i = 0; i < f->cell_rules_len; i++) {
		struct hit hit;
		struct cell_hit *c;

		if (!match_cell(s->matcher, f->cell_rules[i], s->data + begin, end - begin, &hit))
			continue;
		c = vec_push(&s->cells);
		if (c)
			*c = (struct cell_hit){ .base = s->base + begin, .hit = hit };
		else
			s->hits.dropped++;
	}
}

static void on_grid_cell(void *ctx, const struct field *f, size_t begin, size_t end)
{
	try_cell(ctx, f, begin, end);
}

/** Add the cells' hits to the window's.  The same value found without the heading is
 * in the list too; settling keeps one of them. */
static void merge_cells(struct stream *s)
{
	for (size_t i = 0; i < s->cells.len; i++) {
		const struct cell_hit *c = &s->cells.items[i];
		uint32_t by = (uint32_t)(c->base - s->base);
		struct hit *hit;

		if (c->base < s->base)
			continue; /* its bytes are gone: only a cell cut by a window can do that */
		hit = vec_push(&s->hits.list);
		if (!hit) {
			s->hits.dropped++;
			continue;
		}
		*hit = c->hit;
		hit->start += by;
		hit->begin += by;
		hit->end += by;
		hit->by_cell = true;
	}
	qsort(s->hits.list.items, s->hits.list.len, sizeof(struct hit), by_start);
	s->cells.len = 0;
}

/** Forget the first `drop` bytes. */
static void shift(struct stream *s, size_t drop)
{
	size_t piece, first;
	struct stretch *st;

	if (drop == 0)
		return;
	if (s->grid.on)
		grid_drop(&s->grid, s->data, s->base, drop);
	st = stretch_at(s, drop);
	if (st->seg.loc.line && st->lines_at == UINT64_MAX)
		st->lines_at = s->lines_dropped + fold_count_lines(s->data, st->at);
	s->lines_dropped = lines_before(s, drop);
	s->counted_to = s->counted_lines = 0;
	piece = piece_at(s, drop);
	first = (size_t)(st - s->stretches.items);
	memmove(s->pieces.items, s->pieces.items + piece,
		(s->pieces.len - piece) * sizeof(struct piece));
	s->pieces.len -= piece;
	memmove(s->stretches.items, st, (s->stretches.len - first) * sizeof(struct stretch));
	s->stretches.len -= first;
	for (size_t i = 0; i < s->pieces.len; i++) {
		struct piece *p = &s->pieces.items[i];

		if (p->at < drop) {
			p->source.off += (uint64_t)(drop - p->at) * p->source.kind;
			p->at = drop;
		}
		p->at -= drop;
	}
	for (size_t i = 0; i < s->stretches.len; i++) {
		size_t at = s->stretches.items[i].at;

		s->stretches.items[i].at = at < drop ? 0 : at - drop;
	}
	s->len -= drop;
	s->own -= drop;
	s->base += drop;
	memmove(s->data, s->data + drop, s->len);
}

/** Match the bytes up to data[own_end]. */
static enum assay_status match_to(struct stream *s, size_t own_end, struct assay_error *err)
{
	size_t skip = s->own > WINDOW_BEHIND ? s->own - WINDOW_BEHIND : 0;
	struct window win = {
		.data = s->data + skip,
		.len = s->len - skip,
		.own_begin = s->own - skip,
		.own_end = own_end - skip,
	};
	enum assay_status st;

	if (own_end <= s->own)
		return ASSAY_OK;
	s->hits.list.len = 0;
	memset(s->data + s->len, 0, WINDOW_PAD);
	match_window(s->matcher, &win, &s->hits);
	for (size_t i = 0; i < s->hits.list.len; i++) {
		struct hit *h = &s->hits.list.items[i];

		h->start += (uint32_t)skip;
		h->begin += (uint32_t)skip;
		h->end += (uint32_t)skip;
	}
	if (s->grid.on && s->grid.has_cell_rules)
		grid_cells(&s->grid, s->data, s->base, own_end, on_grid_cell, s);
	if (s->cells.len)
		merge_cells(s);
	win = (struct window){ s->data, s->len, s->own, own_end };
	match_beside(s->matcher, &win, s->owner.leads, &s->hits);
	st = s->owner.hits(s->owner.ctx, s, s->data, s->len, s->base, &s->hits, own_end, err);
	s->hits.dropped = s->hits.gave_up = 0;
	s->window++;
	s->own = own_end;
	shift(s, s->own > STREAM_BEHIND ? s->own - STREAM_BEHIND : 0);
	return st;
}

static enum assay_status make_room(struct stream *s, size_t want, struct assay_error *err)
{
	bool crowded = s->stretches.len > STRETCHES_MAX || s->pieces.len > STRETCHES_MAX;

	if (STREAM_BYTES - s->len >= want && !crowded)
		return ASSAY_OK;
	if (s->len < STREAM_AHEAD)
		return ASSAY_OK;
	return match_to(s, s->len - STREAM_AHEAD, err);
}

/* Runs. */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_segment(const struct stretch *st, const struct segment *seg)
{
	const struct segment *a = &st->seg;

	return a->region == seg->region && a->vis == seg->vis && a->record == seg->record &&
	       a->loc.page == seg->loc.page && a->loc.slide == seg->loc.slide &&
	       a->loc.row == seg->loc.row &&
	       same_text(st->field ? st->field->name : NULL, seg->field) &&
	       same_text(a->loc.sheet, seg->loc.sheet) &&
	       same_text(st->cell, seg->loc.cell ? seg->loc.cell : "") &&
	       same_text(a->loc.part, seg->loc.part) && same_text(a->loc.header, seg->loc.header);
}

/** `B7`, or `B`, to 2; 0: no such thing. */
static uint32_t column_number(const char *cell)
{
	uint32_t n = 0;

	for (; is_letter(*cell) && n < UINT32_MAX / 32; cell++)
		n = n * 26 + (uint32_t)(to_upper(*cell) - 'A' + 1);
	return n;
}

static const char *keep(struct stream *s, const char *text)
{
	struct field *f = text ? names_keep(&s->names, text, strlen(text)) : NULL;

	return f ? f->name : NULL;
}

/** A value under a key begins. */
static void count_value(const struct stream *s, struct field *f)
{
	if (f->window != s->window)
		f->cells = 0;
	f->window = s->window;
	f->cells++;
}

/** A stretch ends: if it is a cell of a named column, try its patterns. */
static void end_stretch(struct stream *s)
{
	const struct stretch *st;

	if (s->stretches.len == 0)
		return;
	st = &s->stretches.items[s->stretches.len - 1];
	if (!st->field)
		return;
	if (st->field->cells > 0 && s->len - st->at == 4 &&
	    memcmp(s->data + st->at, "null", 4) == 0)
		st->field->cells--;
	if (st->field->cell_rules_len > 0)
		try_cell(s, st->field, st->at, s->len);
}

static bool begin_stretch(struct stream *s, const struct segment *seg)
{
	struct stretch *st = s->stretches.len ? &s->stretches.items[s->stretches.len - 1] : NULL;

	/* A run whose line number goes on from the last one's needs no new stretch;
	 * where lines cannot be told apart cheaply, it gets one. */
	if (st && same_segment(st, seg) && st->seg.loc.line == seg->loc.line)
		return true;
	end_stretch(s);
	st = vec_push(&s->stretches);
	if (!st)
		return false;
	*st = (struct stretch){ .at = s->len, .seg = *seg, .lines_at = UINT64_MAX };
	st->field = seg->field ? names_field(&s->names, seg->field, strlen(seg->field)) : NULL;
	st->seg.field = st->field ? st->field->name : NULL;
	st->seg.loc.sheet = keep(s, seg->loc.sheet);
	st->seg.loc.part = keep(s, seg->loc.part);
	st->seg.loc.header = keep(s, seg->loc.header);
	st->seg.loc.cell = NULL;
	if (seg->loc.cell) {
		strncpy(st->cell, seg->loc.cell, sizeof(st->cell) - 1);
		st->column = column_number(st->cell);
		s->has_sheets = true;
	} else if (st->field) {
		count_value(s, st->field);
	}
	return true;
}

static bool add_piece(struct stream *s, size_t at, struct source source)
{
	struct piece *last = s->pieces.len ? &s->pieces.items[s->pieces.len - 1] : NULL;

	if (last && last->source.kind == source.kind &&
	    (source.kind == SOURCE_DERIVED ||
	     last->source.off + (uint64_t)(at - last->at) * source.kind == source.off))
		return true;
	if (last && last->at == at) {
		last->source = source;
		return true;
	}
	last = vec_push(&s->pieces);
	if (last)
		*last = (struct piece){ .at = at, .source = source };
	return last;
}

struct folding {
	struct stream *s;
	struct source source;
	size_t at;      /**< index of the first folded byte */
	size_t skipped; /**< bytes of the run before it */
	bool failed;
};

static void on_shift(void *ctx, size_t folded_at, size_t source_at)
{
	struct folding *f = ctx;
	struct source source = f->source;

	source.off += (uint64_t)(f->skipped + source_at) * source.kind;
	if (!add_piece(f->s, f->at + folded_at, source))
		f->failed = true;
}

/** `len` bytes lie at data + s->len: fold them and make them part of the stream. */
static enum assay_status take(struct stream *s, const struct segment *seg, size_t len,
			      struct source source, struct assay_error *err)
{
	char *at = s->data + s->len;
	size_t ascii = fold_ascii_prefix(at, len);
	bool ok = begin_stretch(s, seg) && add_piece(s, s->len, source);

	if (ascii < len) {
		struct folding f = {
			.s = s,
			.source = source,
			.at = s->len + ascii,
			.skipped = ascii,
		};

		len = ascii + fold(at + ascii, len - ascii, on_shift, &f);
		ok = ok && !f.failed;
	}
	s->len += len;
	return ok ? ASSAY_OK : assay_fail_memory(err, "the text's map");
}

/** As much of `len` as fits and ends with a whole character. */
static size_t whole_characters(const char *text, size_t len, size_t cap)
{
	size_t n = len;

	if (len <= cap)
		return len;
	n = cap;
	for (size_t back = 0; back < 3 && n > 1 && ((unsigned char)text[n] & 0xC0) == 0x80; back++)
		n--;
	return n;
}

enum assay_status stream_text(struct stream *s, const struct segment *seg, const char *text,
			      size_t len, struct source source, struct assay_error *err)
{
	while (len > 0) {
		enum assay_status st = make_room(s, MIN(len, WINDOW_BYTES), err);
		size_t n;

		if (st < 0)
			return st;
		n = whole_characters(text, len, STREAM_BYTES - s->len);
		memcpy(s->data + s->len, text, n);
		st = take(s, seg, n, source, err);
		if (st < 0)
			return st;
		text += n;
		len -= n;
		source.off += (uint64_t)n * source.kind;
	}
	return ASSAY_OK;
}

char *stream_reserve(struct stream *s, size_t *ret_cap, struct assay_error *err)
{
	if (make_room(s, RESERVE_MIN, err) < 0)
		return NULL;
	*ret_cap = STREAM_BYTES - s->len;
	return s->data + s->len;
}

enum assay_status stream_commit(struct stream *s, const struct segment *seg, size_t len,
				struct source source, struct assay_error *err)
{
	struct segment plain = *seg;

	if (len == 0)
		return ASSAY_OK;
	/* Read in order from one source: the first run's line number serves them all. */
	if (s->stretches.len && same_segment(&s->stretches.items[s->stretches.len - 1], seg))
		plain.loc.line = s->stretches.items[s->stretches.len - 1].seg.loc.line;
	return take(s, &plain, len, source, err);
}

enum assay_status stream_grid(struct stream *s, const struct grid *grid, bool at_line_start,
			      struct assay_error *err)
{
	if (!grid_start(&s->grid, grid, &s->names, s->base + s->len, at_line_start))
		return assay_fail_memory(err, "a table's headings");
	return ASSAY_OK;
}

enum assay_status stream_finish(struct stream *s, struct assay_error *err)
{
	end_stretch(s);
	if (s->grid.on && s->grid.has_cell_rules) {
		grid_cells(&s->grid, s->data, s->base, s->len, on_grid_cell, s);
		grid_last_cell(&s->grid, s->base, s->len, on_grid_cell, s);
	}
	return match_to(s, s->len, err);
}
