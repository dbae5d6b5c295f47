/* grid.c - counting delimiters */
#include "grid.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

bool grid_start(struct grid_state *g, const struct grid *grid, struct names *names,
		uint64_t position, bool at_line_start)
{
	grid_done(g);
	g->fields = calloc(grid->fields_len + 1, sizeof(*g->fields));
	if (!g->fields)
		return false;
	for (size_t i = 0; i < grid->fields_len; i++) {
		const char *name = grid->fields[i];

		g->fields[i] = *name ? names_field(names, name, strlen(name)) : NULL;
		if (!g->fields[i])
			continue;
		g->has_cell_rules |= g->fields[i]->cell_rules_len > 0;
		for (size_t w = 0; w < ARRAY_SIZE(g->rules.word); w++)
			g->rules.word[w] |= g->fields[i]->rules.word[w];
	}
	g->fields_len = grid->fields_len;
	g->delimiter = grid->delimiter;
	g->starts_headed = at_line_start && grid->fields_len > 0;
	g->begin = position;
	g->hits = (struct grid_cursor){
		.position = position,
		.row = position,
		.known = at_line_start,
	};
	g->cells = g->floor = g->hits;
	g->cell_begin = position;
	g->on = true;
	return true;
}

void grid_done(struct grid_state *g)
{
	free(g->fields);
	*g = (struct grid_state){ 0 };
}

static const struct field *field_of(const struct grid_state *g, uint32_t column)
{
	return column < g->fields_len ? g->fields[column] : NULL;
}

static void step(struct grid_cursor *c, char x, char delimiter)
{
	if (x == '"')
		c->quoted = !c->quoted;
	else if (x == delimiter && !c->quoted)
		c->column++;
}

/** Count the delimiters in data[from, to), a part of a row. */
static void count(struct grid_cursor *c, const char *data, size_t from, size_t to, char delimiter)
{
	size_t i = from;

#ifdef __x86_64__
	const __m128i quote = _mm_set1_epi8('"'), mark = _mm_set1_epi8(delimiter);

	for (; i < to; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
		unsigned in = to - i < 16 ? (1u << (to - i)) - 1 : 0xFFFF;
		unsigned quotes = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, quote)) & in;
		unsigned marks = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, mark)) & in;

		if (quotes)
			for (size_t k = i; k < MIN(i + 16, to); k++)
				step(c, data[k], delimiter);
		else if (!c->quoted)
			for (; marks; marks &= marks - 1)
				c->column++;
	}
#else
	for (; i < to; i++)
		step(c, data[i], delimiter);
#endif
}

/** Move a cursor on to data[idx], from the start of its row if that is nearer. */
static void follow(const struct grid_state *g, struct grid_cursor *c, const char *data,
		   uint64_t base, size_t idx)
{
	size_t i = (size_t)(c->position - base);
	const char *feed = memrchr(data + i, '\n', idx - i);

	if (feed) {
		i = (size_t)(feed - data) + 1;
		*c = (struct grid_cursor){ .row = base + i, .known = true };
	}
	count(c, data, i, idx, g->delimiter);
	c->position = base + idx;
}

void grid_find(struct grid_state *g, const char *data, uint64_t base, size_t idx,
	       struct grid_place *ret)
{
	*ret = (struct grid_place){ 0 };
	if (base + idx < g->floor.position)
		return; /* before the table */
	if (base + idx < g->hits.position)
		g->hits = g->floor;
	follow(g, &g->hits, data, base, idx);
	if (!g->hits.known)
		return;
	*ret = (struct grid_place){
		.field = field_of(g, g->hits.column),
		.column = g->hits.column + 1,
		.row = g->hits.row,
		.quoted = g->hits.quoted,
	};
}

void grid_drop(struct grid_state *g, const char *data, uint64_t base, size_t drop)
{
	if (g->floor.position >= base + drop)
		return;
	follow(g, &g->floor, data, base, drop);
	if (g->hits.position < g->floor.position)
		g->hits = g->floor;
}

bool grid_row(const struct grid_state *g, const char *data, size_t begin, size_t end,
	      grid_row_fn *cell, void *ctx)
{
	struct grid_cursor c = { 0 };
	size_t from = begin;

	for (size_t i = 0; i < g->fields_len; i++)
		if (g->fields[i])
			cell(ctx, g->fields[i], 0);
	for (size_t i = begin; i < end; i++) {
		uint32_t column = c.column;
		bool ends = data[i] == '\n';

		step(&c, data[i], g->delimiter);
		if (!ends && c.column == column)
			continue;
		cell(ctx, field_of(g, column), i - from);
		if (ends)
			return true;
		from = i + 1;
	}
	return false;
}

/** Index where the first row begins at or after data[from]. */
static size_t first_row(const struct grid_state *g, const char *data, uint64_t base, size_t from,
			size_t end)
{
	const char *feed;

	if (base + from <= g->begin) {
		from = (size_t)(g->begin - base);
		if (g->floor.known && !g->starts_headed)
			return from;
	} else if (from > 0) {
		from--;
	}
	feed = from < end ? memchr(data + from, '\n', end - from) : NULL;
	return feed ? (size_t)(feed - data) + 1 : end;
}

/** What the bytes of a block are, a bit for each. */
struct marks {
	unsigned quotes, feeds, delimiters;
	unsigned texts; /**< none of these, and no space */
};

#define MARKS_BLOCK ((size_t)16)

/** @param data  MARKS_BLOCK bytes can be read; the first `len` of them count */
static struct marks marks_of(const char *data, size_t len, char delimiter)
{
	unsigned in = len < MARKS_BLOCK ? (1u << len) - 1 : 0xFFFF;
	struct marks m = { 0 };

#ifdef __x86_64__
	const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)data);
	/* Tab to carriage return: v - 9 is at most 4, unsigned. */
	const __m128i four = _mm_set1_epi8(4), low = _mm_sub_epi8(v, _mm_set1_epi8('\t'));
	const __m128i space = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')),
					   _mm_cmpeq_epi8(_mm_min_epu8(low, four), low));

	m.quotes = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
	m.feeds = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
	m.delimiters = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(delimiter)));
	m.texts = ~(unsigned)_mm_movemask_epi8(space);
#else
	for (size_t i = 0; i < MIN(len, MARKS_BLOCK); i++) {
		m.quotes |= (unsigned)(data[i] == '"') << i;
		m.feeds |= (unsigned)(data[i] == '\n') << i;
		m.delimiters |= (unsigned)(data[i] == delimiter) << i;
		m.texts |= (unsigned)!is_space(data[i]) << i;
	}
#endif
	m.quotes &= in;
	m.feeds &= in;
	m.delimiters &= in;
	m.texts &= in & ~(m.quotes | m.feeds | m.delimiters);
	return m;
}

/** A walk over cells, counting those with something in them. */
struct sampler {
	struct grid_sample *to;
	size_t column;
	bool quoted, filled;
};

static void end_cell(struct sampler *s, bool row_ends)
{
	if (s->filled && s->column < s->to->filled_len)
		s->to->filled[s->column]++;
	s->to->rows += row_ends;
	s->column = row_ends ? 1 : s->column + 1;
	s->quoted = s->quoted && !row_ends;
	s->filled = false;
}

/** Walk over a block.  @return  true if the last row wanted ends in it, before *ret_end */
static bool sample_block(struct sampler *s, struct marks m, uint32_t rows, size_t *ret_end)
{
	for (unsigned left = m.quotes | m.feeds | m.delimiters; left; left &= left - 1) {
		unsigned bit = left & -left, before = bit - 1;

		s->filled |= (m.texts & before) != 0;
		m.texts &= ~before;
		if (m.quotes & bit)
			s->quoted = !s->quoted;
		else if ((m.feeds & bit) || !s->quoted)
			end_cell(s, m.feeds & bit);
		else
			s->filled = true;
		if ((m.feeds & bit) && s->to->rows >= rows) {
			*ret_end = (size_t)__builtin_ctz(bit) + 1;
			return true;
		}
	}
	s->filled |= m.texts != 0;
	return false;
}

void grid_sample(const struct grid_state *g, const char *data, uint64_t base, size_t from,
		 size_t end, size_t bytes, uint32_t rows, struct grid_sample *ret)
{
	size_t i = first_row(g, data, base, from, end), stop = i + bytes, last;
	struct sampler s = { .to = ret, .column = 1 };

	ret->begin = i;
	ret->end = end;
	ret->rows = 0;
	for (; i < end; i += MARKS_BLOCK) {
		uint32_t enough = i + MARKS_BLOCK > stop ? rows : UINT32_MAX;

		if (!sample_block(&s, marks_of(data + i, end - i, g->delimiter), enough, &last))
			continue;
		ret->end = i + last;
		return;
	}
	if (s.filled)
		end_cell(&s, false);
}

static void cell_ends(struct grid_state *g, uint64_t base, size_t end, grid_cell_fn *cell,
		      void *ctx)
{
	const struct field *f = field_of(g, g->cells.column);

	if (g->cells.known && f && f->cell_rules_len && g->cell_begin >= base)
		cell(ctx, f, (size_t)(g->cell_begin - base), end);
}

void grid_cells(struct grid_state *g, const char *data, uint64_t base, size_t end,
		grid_cell_fn *cell, void *ctx)
{
	struct grid_cursor *c = &g->cells;

	for (size_t i = (size_t)(c->position - base); i < end; i++) {
		char x = data[i];

		if (x == '"') {
			c->quoted = !c->quoted;
			continue;
		}
		if (x != '\n' && (x != g->delimiter || c->quoted))
			continue;
		cell_ends(g, base, i, cell, ctx);
		g->cell_begin = base + i + 1;
		if (x == '\n')
			*c = (struct grid_cursor){ .known = true };
		else
			c->column++;
	}
	c->position = base + end;
}

void grid_last_cell(struct grid_state *g, uint64_t base, size_t end, grid_cell_fn *cell, void *ctx)
{
	if (g->cell_begin < base + end)
		cell_ends(g, base, end, cell, ctx);
}
