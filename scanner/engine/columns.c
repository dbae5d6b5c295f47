/*
 * columns.c - hits and cells by column
 *
 * In a sheet, or under a key, each cell with something in it is counted.  A grid is
 * too dense for that: a few stripes of rows in every window stand for the rest.
 */
#include "columns.h"

/** Twice as many as columns: a power of two. */
#define INDEX_LEN 512u

/** When so many cells of a column have been counted, they count half. */
#define CELLS_OLD 128u

/** A stripe of the first window, of later ones: bytes, and rows at least. */
#define STRIPE_FIRST_BYTES (4 * KiB)
#define STRIPE_FIRST_ROWS 16u
#define STRIPE_BYTES ((size_t)512)
#define STRIPE_ROWS 2u

struct column_rule {
	uint16_t rule;
	uint32_t hits;
	uint64_t last; /**< cell of the last hit */
};

struct column {
	struct column_key key;
	uint32_t cells;
	uint32_t rules_len;
	struct column_rule rules[COLUMN_RULES_MAX];
};

struct columns {
	bool used;
	uint16_t len;
	uint16_t index[INDEX_LEN]; /**< numbers by hash of the key; 0: free */
	struct column list[COLUMNS_MAX];
	/* Of a grid: */
	uint32_t rows;                    /**< looked at */
	uint32_t filled[COLUMNS_MAX + 1]; /**< cells by column, in the window at hand */
};

struct columns *columns_new(void)
{
	return calloc(1, sizeof(struct columns));
}

void columns_free(struct columns *c)
{
	free(c);
}

void columns_clear(struct columns *c)
{
	if (!c->used)
		return;
	/* The list is long, and mostly not used: columns are made anew when they are met. */
	memset(c->index, 0, sizeof(c->index));
	memset(c->filled, 0, sizeof(c->filled));
	c->used = false;
	c->len = 0;
	c->rows = 0;
}

bool columns_any(const struct columns *c)
{
	return c->len > 0;
}

size_t columns_look(struct columns *c, const struct grid_state *g, const char *data, uint64_t base,
		    size_t from, size_t to, struct stripe ret[COLUMN_STRIPES])
{
	struct grid_sample sample = {
		.filled = c->filled,
		.filled_len = ARRAY_SIZE(c->filled),
	};
	size_t bytes = c->rows ? STRIPE_BYTES : STRIPE_FIRST_BYTES, len = 0, apart;
	uint32_t rows = c->rows ? STRIPE_ROWS : STRIPE_FIRST_ROWS;

	c->used = true;
	memset(c->filled, 0, sizeof(c->filled));
	apart = MAX((to - from) / COLUMN_STRIPES, bytes);
	for (size_t at = from; at < to && len < COLUMN_STRIPES; at = MAX(at + apart, sample.end)) {
		grid_sample(g, data, base, at, to, bytes, rows, &sample);
		c->rows += sample.rows;
		ret[len++] = (struct stripe){ base + sample.begin, base + sample.end };
	}
	return len;
}

static bool same_key(struct column_key a, struct column_key b)
{
	return a.of == b.of && a.number == b.number;
}

/** Where a key's number is, or belongs. */
static uint16_t *slot_of(struct columns *c, struct column_key key)
{
	uint64_t mixed = ((uint64_t)(uintptr_t)key.of >> 4) * UINT64_C(0x9E3779B97F4A7C15) +
			 key.number * UINT64_C(0xD6E8FEB86659FD93);
	uint32_t i = (uint32_t)(mixed >> 32) & (INDEX_LEN - 1);

	/* There are fewer columns than slots: the search ends. */
	while (c->index[i] && !same_key(c->list[c->index[i] - 1].key, key))
		i = (i + 1) & (INDEX_LEN - 1);
	return &c->index[i];
}

uint16_t columns_number(struct columns *c, struct column_key key)
{
	uint16_t *slot;

	if (!column_known(key) || (!key.of && key.number > COLUMNS_MAX))
		return 0;
	slot = slot_of(c, key);
	if (!*slot && c->len < COLUMNS_MAX) {
		c->used = true;
		c->list[c->len] = (struct column){ .key = key };
		*slot = ++c->len;
	}
	return *slot;
}

void columns_hit(struct columns *c, uint16_t column, unsigned rule, uint64_t cell_at)
{
	struct column *col = &c->list[column - 1];

	for (uint32_t i = 0; i < col->rules_len; i++) {
		struct column_rule *r = &col->rules[i];

		if (r->rule != rule)
			continue;
		r->hits += r->last != cell_at;
		r->last = cell_at;
		return;
	}
	if (col->rules_len < COLUMN_RULES_MAX)
		col->rules[col->rules_len++] = (struct column_rule){
			.rule = (uint16_t)rule,
			.hits = 1,
			.last = cell_at,
		};
}

static void count_cell(void *ctx, struct column_key key)
{
	struct columns *c = ctx;
	uint16_t number = *slot_of(c, key);

	if (number)
		c->list[number - 1].cells++;
}

void columns_age(struct columns *c)
{
	for (uint16_t i = 0; i < c->len; i++) {
		struct column *col = &c->list[i];

		if (col->cells <= CELLS_OLD)
			continue;
		col->cells /= 2;
		for (uint32_t k = 0; k < col->rules_len; k++)
			col->rules[k].hits /= 2;
	}
}

void columns_cells(struct columns *c, struct stream *s, size_t from, size_t to)
{
	if (c->len == 0)
		return; /* nothing to be said of cells without hits */
	stream_cells(s, from, to, count_cell, c);
	for (uint16_t i = 0; i < c->len; i++) {
		struct column *col = &c->list[i];

		col->cells += col->key.of ? stream_values(s, col->key) : c->filled[col->key.number];
	}
}

static enum column_verdict verdict(const struct column *col, uint32_t hits)
{
	uint64_t all = 0, cells = MAX(col->cells, hits);

	if (cells >= COLUMN_CELLS_MIN && hits * UINT64_C(100) >= cells * COLUMN_SAME_PERCENT)
		return COLUMN_SAME;
	/* Numbers of one kind hold a few of another: a column of them is no accident. */
	for (uint32_t i = 0; i < col->rules_len; i++)
		all += col->rules[i].hits;
	if (cells >= COLUMN_CHANCE_CELLS_MIN && all * 100 <= cells * COLUMN_CHANCE_PERCENT)
		return COLUMN_CHANCE;
	return COLUMN_MIXED;
}

void columns_rules(const struct columns *c, struct rule_bits *rules)
{
	for (uint16_t i = 0; i < c->len; i++) {
		const struct column *col = &c->list[i];

		for (uint32_t k = 0; k < col->rules_len; k++)
			if (verdict(col, col->rules[k].hits) == COLUMN_SAME)
				rule_bit_set(rules, col->rules[k].rule);
	}
}

enum column_verdict columns_judge(const struct columns *c, uint16_t column, unsigned rule)
{
	const struct column *col = &c->list[column - 1];
	uint32_t hits = 0;

	for (uint32_t i = 0; i < col->rules_len; i++)
		if (col->rules[i].rule == rule)
			hits = col->rules[i].hits;
	return verdict(col, hits);
}
