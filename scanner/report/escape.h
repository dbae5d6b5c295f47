/**
 * escape.h - text of unknown origin, made harmless for a terminal
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include "buf.h"

/** The text of report_escape(), into a buffer. */
void escape_add(struct buf *out, const char *text, size_t len);

/** Columns of escaped text: its characters.  Wide and combining ones count as one. */
size_t escape_width(const char *text, size_t len);

#endif
