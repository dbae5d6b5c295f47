/** magic_table.h - what types begin with, and what names of files promise */
#ifndef MAGIC_TABLE_H
#define MAGIC_TABLE_H

#include "base.h"

enum { NEVER_TEXT = 1, IS_TEXT = 2 };

struct magic_row {
	uint16_t off;
	uint8_t len;
	char bytes[16];
	const char *mime;
	unsigned flags;
};

extern const struct magic_row magic_rows[];
extern const size_t magic_rows_len;

#define EXTENSION_MAX 15

struct extension_row {
	char ext[EXTENSION_MAX + 1];
	const char *mime;
	bool text; /**< of plain text; content may be any text */
};

/** The first row of an extension (lower case, without the dot), or NULL. */
const struct extension_row *extension_find(const char *ext);

/** Does one of the extension's rows name this type? */
bool extension_names(const struct extension_row *row, const char *mime);

#endif
