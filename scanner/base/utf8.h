/** utf8.h - characters and their bytes */
#ifndef UTF8_H
#define UTF8_H

#include "base.h"

/** Is this valid UTF-8, NULs allowed? */
bool utf8_valid(const char *data, size_t len);

/**
 * Decode one character.
 *
 * @param ret_code  the code point, or UINT32_MAX if the bytes are not UTF-8
 * @return          bytes taken: 1 for a bad byte; 0 only for len 0
 */
size_t utf8_decode(const char *data, size_t len, uint32_t *ret_code);

/** @return  bytes written, at most 4 */
size_t utf8_encode(uint32_t code, char ret[4]);

#endif
