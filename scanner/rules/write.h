/**
 * write.h - text for a terminal: columns, wrapped paragraphs, nothing unprintable
 *
 * Control characters come out as \n, \t, \r or \x1B; a rule's text cannot drive
 * the terminal.  Widths count characters.
 */
#ifndef WRITE_H
#define WRITE_H

#include <stdio.h>

#include "base.h"

#define WRITE_WIDTH ((size_t)80)
/** Column in which values stand beside their keys. */
#define WRITE_LABEL ((size_t)18)

/** Columns that write_escaped() takes for it. */
size_t write_width(const char *text);
void write_escaped(FILE *out, const char *text);
/** Followed by spaces up to `width`, if it is narrower. */
void write_padded(FILE *out, const char *text, size_t width);

/**
 * Words filled into lines.
 *
 * @param col     where the first line begins
 * @param indent  where the others do
 */
void write_wrapped(FILE *out, const char *text, size_t col, size_t indent);
/** The same for "one, two, three"; an item is not broken if it fits a line. */
void write_list(FILE *out, const char *const *items, size_t len, size_t col, size_t indent);

#endif
