/**
 * grid.h - rows and columns of delimited text, found where they are needed
 *
 * The text goes through the matcher as it stands; only the column of a hit is
 * counted, and only columns whose heading has `cell` rules are walked cell by cell.
 * A delimiter inside quotes is text; a line feed always ends a row here, so a quoted
 * one costs the column of what follows on its line.
 */
#ifndef GRID_H
#define GRID_H

#include "extract.h"
#include "names.h"

/** A position in the text, and the column there. */
struct grid_cursor {
	uint64_t position;
	uint32_t column; /**< from 0 */
	bool quoted;
	bool known; /**< false until the first line feed of a range */
};

struct grid_state {
	bool on;
	bool has_rules; /**< a heading names a rule */
	bool has_cell_rules;
	char delimiter;
	const struct field **fields; /**< owned array of borrowed fields; NULL: no rules */
	size_t fields_len;
	struct grid_cursor hits;  /**< follows the hits */
	struct grid_cursor cells; /**< walks all cells */
	uint64_t cell_begin;      /**< position where the cell at `cells` began */
};

/** @param names  where headings are kept; borrowed */
MUST_USE bool grid_start(struct grid_state *g, const struct grid *grid, struct names *names,
			 uint64_t position, bool at_line_start);
void grid_done(struct grid_state *g);

/**
 * Column, from 1, of data[idx]; 0: not known.
 *
 * @param ret_field  the heading; untouched if the column has none
 */
uint32_t grid_column(struct grid_state *g, const char *data, uint64_t base, size_t idx,
		     const struct field **ret_field);

/** The first `drop` bytes go away. */
void grid_drop(struct grid_state *g, const char *data, uint64_t base, size_t drop);

typedef void grid_cell_fn(void *ctx, const struct field *f, size_t begin, size_t end);

/** Walk on to data[end], calling `cell` for each cell that ends there and has rules. */
void grid_cells(struct grid_state *g, const char *data, uint64_t base, size_t end,
		grid_cell_fn *cell, void *ctx);
/** The text ends without a line feed. */
void grid_last_cell(struct grid_state *g, uint64_t base, size_t end, grid_cell_fn *cell, void *ctx);

#endif
