/**
 * stream.h - an object's text as one stream, matched window by window
 *
 * Extractors hand in runs; the stream folds them, remembers which run every byte
 * belongs to and where it stands in the source, and lets the matcher see windows of
 * 256 KiB with context on both sides.  What it finds goes to its owner sorted, each
 * hit once, wherever the runs and windows were cut.
 */
#ifndef STREAM_H
#define STREAM_H

#include "extract.h"
#include "grid.h"
#include "match.h"
#include "names.h"

/** Kept before the owned part: context words, a marking's surroundings, the record that
 * a window cuts. */
#define STREAM_BEHIND (4 * KiB)
/** Needed after the owned part: the longest match, then context words. */
#define STREAM_AHEAD ((size_t)RULE_REACH_MAX + 448)
#define STREAM_BYTES (STREAM_BEHIND + WINDOW_BYTES + STREAM_AHEAD)

/** From `at` on, bytes lie at `off` in the source. */
struct piece {
	size_t at;
	struct source source;
};

/** From `at` on, bytes belong to a segment. */
struct stretch {
	size_t at;
	struct segment seg;  /**< strings are interned */
	char cell[16];       /**< a copy of seg.loc.cell, or "" */
	uint32_t column;     /**< of that cell, from 1; 0: none */
	struct field *field; /**< or NULL */
	uint64_t lines_at;   /**< line feeds in the stream before it; UINT64_MAX: not counted yet */
};

/** What tells the columns of an object apart. */
struct column_key {
	const void *of;  /**< the sheet's name, or the key's field; NULL: a grid */
	uint32_t number; /**< from 1; 0: a key, or none */
};

static inline bool column_known(struct column_key key)
{
	return key.of || key.number;
}

/** A place in the stream's buffer, with all that is known of it. */
struct place {
	const struct segment *seg;
	const char *cell;          /**< or NULL */
	const struct field *field; /**< or NULL */
	uint64_t line;             /**< of the source, from 1; 0: not known */
	uint32_t col;
	struct column_key column;
	bool spans;           /**< evidence goes on beyond its cell */
	bool alone;           /**< or is all that stands there */
	uint64_t cell_at;     /**< equal for evidence in one cell of a column */
	uint64_t record;      /**< equal for evidence in one row or element; 0: only text tells */
	uint64_t off;         /**< ASSAY_NO_OFFSET if derived */
	uint32_t source_len;  /**< of the evidence */
	uint64_t stream_line; /**< running number of line feeds in the stream */
};

struct stream;

struct stream_owner {
	void *ctx;
	const struct rule_bits *leads; /**< borrowed; see match_beside */
	/**
	 * Hits of one window, sorted by start.  Indexes are into `data`, which has
	 * STREAM_BEHIND bytes (or all there is) before and STREAM_AHEAD after.
	 *
	 * @param base    stream position of data[0]
	 * @param sealed  no later hit begins before this index
	 */
	enum assay_status (*hits)(void *ctx, struct stream *s, const char *data, size_t len,
				  uint64_t base, const struct hits *hits, size_t sealed,
				  struct assay_error *err);
};

/** @param set, matcher  borrowed */
MUST_USE struct stream *stream_new(const assay_ruleset *set, struct matcher *matcher,
				   const struct stream_owner *owner);
void stream_free(struct stream *s);

/** Forget everything: the next object. */
void stream_reset(struct stream *s);

/** The next run of text; copied.  Windows that are full are matched at once. */
MUST_USE enum assay_status stream_text(struct stream *s, const struct segment *seg,
				       const char *text, size_t len, struct source source,
				       struct assay_error *err);
/** Room to read into, then stream_commit(). */
char *stream_reserve(struct stream *s, size_t *ret_cap, struct assay_error *err);
MUST_USE enum assay_status stream_commit(struct stream *s, const struct segment *seg, size_t len,
					 struct source source, struct assay_error *err);
MUST_USE enum assay_status stream_grid(struct stream *s, const struct grid *grid,
				       bool at_line_start, struct assay_error *err);

/** Match what is left. */
MUST_USE enum assay_status stream_finish(struct stream *s, struct assay_error *err);

/**
 * What evidence at data[begin] of the window at hand belongs to: segment, source
 * offset and, but for a grid, field, column and record.
 */
void stream_find(struct stream *s, size_t begin, struct place *ret);

/** The source offset of data[begin], and nothing else. */
uint64_t stream_source(const struct stream *s, size_t begin);
/** Is data[begin] shown? */
bool stream_shown(const struct stream *s, size_t begin);

/**
 * In a grid, the field, column and record of data[begin, end), too; then whether it is
 * all of its cell or more.  Cheap in rising order.
 */
void stream_find_cell(struct stream *s, size_t begin, size_t end, struct place *ret);

/** The rest of the place of [begin, end): what only a listed occurrence needs. */
void stream_locate(struct stream *s, size_t begin, size_t end, struct place *ret);

typedef void stream_cell_fn(void *ctx, struct column_key key);

/** Tell each cell of a sheet that begins in data[from, to). */
void stream_cells(const struct stream *s, size_t from, size_t to, stream_cell_fn *cell, void *ctx);
/** How many values a key had since the last window. */
uint32_t stream_values(const struct stream *s, struct column_key key);

/** A cell, or the value under a key, with what is its field if it has one. */
typedef grid_row_fn stream_row_fn;

/**
 * Tell the other cells of the row or element that evidence at data[begin] stands in.
 *
 * @param p  from stream_find() and stream_find_cell()
 * @return   false: some were not told, for there are many, or they lie far away
 */
bool stream_row(const struct stream *s, size_t begin, const struct place *p, stream_row_fn *cell,
		void *ctx);

/** The grid that the text is, or NULL. */
const struct grid_state *stream_in_grid(const struct stream *s);

/** The text at hand, as the owner's hits() gets it. */
const char *stream_text_at_hand(const struct stream *s, size_t *ret_len, uint64_t *ret_base);

/** Line feeds in the stream so far. */
uint64_t stream_lines(const struct stream *s);

#endif
