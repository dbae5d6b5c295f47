/**
 * list.h - names from a list instead of from a walk
 */
#ifndef LIST_H
#define LIST_H

#include <stdio.h>

#include "buf.h"

struct list {
	FILE *file; /**< NULL: there is none */
	char separator;
	struct buf line;
	uint64_t bytes; /**< of the whole list; 0: not known */
};

/** @param fd  borrowed.  @return  false: errno */
MUST_USE bool list_open(struct list *l, int fd, char separator);
void list_close(struct list *l);

/**
 * @param ret_path    the caller's
 * @param ret_cut     too long for a file's name, or with a NUL in it
 * @param ret_weight  its part of the list; 0 if that cannot be told
 * @return            1, 0 at the end, -1 if the list cannot be read (errno)
 */
int list_next(struct list *l, char **ret_path, bool *ret_cut, double *ret_weight);

#endif
