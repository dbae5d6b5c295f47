/** entity.h - character references of XML and HTML */
#ifndef ENTITY_H
#define ENTITY_H

#include "base.h"

/** No reference that is known is longer. */
#define ENTITY_MAX 24

/**
 * Decode the reference at the start of `data`, which is an ampersand.
 *
 * @param html     names of HTML, and its laxness about the semicolon, too
 * @param ret      UTF-8
 * @param ret_len  bytes of it
 * @return         bytes taken, 0: this is no known reference
 */
size_t entity_decode(const char *data, size_t len, bool html, char ret[4], size_t *ret_len);

#endif
