/**
 * joint.h - what stands between one text of a document and the next
 *
 * Private to the readers of paragraphs and cells.  Ends of paragraphs, rows and cells are noted as
 * they come and go out with the text behind them: what follows nothing, or is followed by
 * nothing, leaves no trace.
 */
#ifndef JOINT_H
#define JOINT_H

#include "base.h"

#define JOINT_TABS_MAX 7U
#define JOINT_BYTES (2 + JOINT_TABS_MAX)

struct joint {
	char pending;  /**< NUL: nothing */
	bool blank;    /**< and an empty paragraph */
	unsigned tabs; /**< cells that have ended */
	bool any;      /**< some text has gone out */
};

/**
 * Text comes: what goes before it.
 *
 * @return  bytes in `ret_text`, without a NUL
 */
static inline size_t joint_take(struct joint *j, char ret_text[JOINT_BYTES])
{
	unsigned tabs = MIN(j->tabs, JOINT_TABS_MAX);
	size_t len = 0;

	if (j->pending && j->any)
		ret_text[len++] = j->pending;
	if (j->blank && j->any)
		ret_text[len++] = '\n';
	memset(ret_text + len, '\t', tabs);
	*j = (struct joint){ .any = true };
	return len + tabs;
}

/** A line of its own begins, or has ended. */
static inline void joint_break(struct joint *j)
{
	if (j->any && !j->pending)
		j->pending = '\n';
}

#endif
