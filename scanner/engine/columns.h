/**
 * columns.h - is a column of a table of one kind?
 *
 * A column most of whose cells hold hits of a rule is of that rule's kind, even
 * without a heading; one in which a check digit is right as often as by luck is
 * not.  Only columns with hits are kept, with counts that later rows outweigh, so
 * memory does not grow with the table and a column may change its kind.  What is
 * said of a column holds for the rows of the window at hand: its hits are judged
 * when all of that window's have been counted.  A range of a split file is judged by
 * its own rows alone: they are many.
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "rule.h"
#include "stream.h"

/** Columns of an object that are counted; hits in further ones are judged alone. */
#define COLUMNS_MAX 256u

/** Rules counted in one column: those that hit there first. */
#define COLUMN_RULES_MAX 8

/** Of one kind: so many cells, so many of a hundred of them. */
#define COLUMN_CELLS_MIN 8
#define COLUMN_SAME_PERCENT 80
/** By luck: at most so many of a hundred cells, of so many at least. */
#define COLUMN_CHANCE_PERCENT 20
#define COLUMN_CHANCE_CELLS_MIN 20

/** Hits of a rule in a column: some of its cells, most of them, or so few that it is luck. */
enum column_verdict { COLUMN_MIXED, COLUMN_SAME, COLUMN_CHANCE };

/** The columns of one object.  Opaque. */
struct columns;

MUST_USE struct columns *columns_new(void);
void columns_free(struct columns *c);
void columns_clear(struct columns *c);

/** Has any column had a hit? */
bool columns_any(const struct columns *c);

/** A window begins: what was counted long ago counts less. */
void columns_age(struct columns *c);

/** Rows of a grid that are looked at: hits and cells of these are counted. */
#define COLUMN_STRIPES 8

struct stripe {
	uint64_t begin, end; /**< positions in the text */
};

/**
 * Look at some rows of a grid in data[from, to), spread over it: before their hits.
 *
 * @return  how many stripes of rows
 */
size_t columns_look(struct columns *c, const struct grid_state *g, const char *data, uint64_t base,
		    size_t from, size_t to, struct stripe ret[COLUMN_STRIPES]);

/** The number, from 1, of a column with a hit; 0: no room for more. */
uint16_t columns_number(struct columns *c, struct column_key key);

/** A hit that stands.  Several in one cell count once. */
void columns_hit(struct columns *c, uint16_t column, unsigned rule, uint64_t cell_at);

/** Count the cells of the window at hand, data[from, to), or those looked at: after its hits. */
void columns_cells(struct columns *c, struct stream *s, size_t from, size_t to);

/** Add the rules that a column is the kind of. */
void columns_rules(const struct columns *c, struct rule_bits *rules);

/** What hits of a rule in a column are.  @param column  a number that columns_number() gave */
enum column_verdict columns_judge(const struct columns *c, uint16_t column, unsigned rule);

#endif
