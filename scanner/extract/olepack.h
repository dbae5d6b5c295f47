/** olepack.h - a file that the Packager wrapped into a document */
#ifndef OLEPACK_H
#define OLEPACK_H

#include "base.h"

/** All of it points into the bytes that were parsed; the strings are NUL-terminated. */
struct olepack {
	const char *name;   /**< of the file */
	const char *source; /**< path it was taken from */
	const char *temp;   /**< path it was kept at */
	const uint8_t *data;
	size_t len;
	bool cut; /**< the file should be longer */
};

/** @return  false: it is no such thing */
bool olepack_parse(const uint8_t *data, size_t len, struct olepack *ret);

#endif
