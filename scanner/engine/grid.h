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
	uint64_t row;    /**< position where its row begins */
	uint32_t column; /**< from 0 */
	bool quoted;
	bool known; /**< false until the first line feed of a range */
};

struct grid_state {
	bool on;
	bool has_cell_rules;    /**< of a heading */
	struct rule_bits rules; /**< that headings speak for */
	bool starts_headed;     /**< the text begins with the row of headings */
	char delimiter;
	const struct field **fields; /**< owned array of borrowed fields; NULL: no rules */
	size_t fields_len;
	uint64_t begin;           /**< position of its first byte */
	struct grid_cursor hits;  /**< follows the hits */
	struct grid_cursor floor; /**< at the first byte that is still there: the way back */
	struct grid_cursor cells; /**< walks all cells */
	uint64_t cell_begin;      /**< position where the cell at `cells` began */
};

/** @param names  where headings are kept; borrowed */
MUST_USE bool grid_start(struct grid_state *g, const struct grid *grid, struct names *names,
			 uint64_t position, bool at_line_start);
void grid_done(struct grid_state *g);

/** Where a byte stands. */
struct grid_place {
	const struct field *field; /**< the column's heading, or NULL */
	uint32_t column;           /**< from 1; 0: not known */
	uint64_t row;              /**< position where its row begins; of no use if not known */
	bool quoted;               /**< delimiters that follow are text */
};

/**
 * The cell of data[idx].  Cheap in rising order; going back costs a walk from data[0]
 * or the row's begin, whichever is nearer.
 *
 * @param data  16 bytes past the text are readable
 */
void grid_find(struct grid_state *g, const char *data, uint64_t base, size_t idx,
	       struct grid_place *ret);

/** A look at some rows: where they are, and how many of their cells are not empty. */
struct grid_sample {
	size_t begin, end; /**< indexes into the text */
	uint32_t rows;
	uint32_t *filled; /**< by column, from 1; added to */
	size_t filled_len;
};

/**
 * Walk the rows that begin in data[from, from + bytes), at least `rows` of them if
 * there are so many up to data[end].
 */
void grid_sample(const struct grid_state *g, const char *data, uint64_t base, size_t from,
		 size_t end, size_t bytes, uint32_t rows, struct grid_sample *ret);

/** A cell of a row; `len` is 0 where only its heading is told. */
typedef void grid_row_fn(void *ctx, const struct field *f, size_t len);

/**
 * Tell all headings, then the cells of the row that begins at data[begin].
 *
 * @return  false: the row goes on at data[end]
 */
bool grid_row(const struct grid_state *g, const char *data, size_t begin, size_t end,
	      grid_row_fn *cell, void *ctx);

/** The first `drop` bytes go away. */
void grid_drop(struct grid_state *g, const char *data, uint64_t base, size_t drop);

typedef void grid_cell_fn(void *ctx, const struct field *f, size_t begin, size_t end);

/** Walk on to data[end], calling `cell` for each cell that ends there and has rules. */
void grid_cells(struct grid_state *g, const char *data, uint64_t base, size_t end,
		grid_cell_fn *cell, void *ctx);
/** The text ends without a line feed. */
void grid_last_cell(struct grid_state *g, uint64_t base, size_t end, grid_cell_fn *cell, void *ctx);

#endif
