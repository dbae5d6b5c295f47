/* grid.c - counting delimiters */
#include "grid.h"

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
		g->has_rules |= g->fields[i] && g->fields[i]->has_rules;
		g->has_cell_rules |= g->fields[i] && g->fields[i]->cell_rules_len;
	}
	g->fields_len = grid->fields_len;
	g->delimiter = grid->delimiter;
	g->hits = (struct grid_cursor){ .position = position, .known = at_line_start };
	g->cells = g->hits;
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

/** Move the cursor of the hits to data[idx], from the start of its row if that is nearer. */
static void follow(struct grid_state *g, const char *data, uint64_t base, size_t idx)
{
	struct grid_cursor *c = &g->hits;
	size_t i = c->position > base ? (size_t)(c->position - base) : 0;
	const char *feed;

	if (idx < i) { /* evidence of an earlier hit: look behind the cursor */
		i = 0;
		c->known = false;
	}
	feed = memrchr(data + i, '\n', idx - i);
	if (feed) {
		i = (size_t)(feed - data) + 1;
		*c = (struct grid_cursor){ .known = true };
	}
	for (; i < idx; i++) {
		if (data[i] == '"')
			c->quoted = !c->quoted;
		else if (data[i] == g->delimiter && !c->quoted)
			c->column++;
	}
	c->position = base + idx;
}

uint32_t grid_column(struct grid_state *g, const char *data, uint64_t base, size_t idx,
		     const struct field **ret_field)
{
	const struct field *f;

	follow(g, data, base, idx);
	if (!g->hits.known)
		return 0;
	f = field_of(g, g->hits.column);
	if (f)
		*ret_field = f;
	return g->hits.column + 1;
}

void grid_drop(struct grid_state *g, const char *data, uint64_t base, size_t drop)
{
	if (g->hits.position < base + drop)
		follow(g, data, base, drop);
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
