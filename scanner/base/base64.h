/**
 * base64.h - base64 to bytes
 */
#ifndef BASE64_H
#define BASE64_H

#include "buf.h"

/**
 * Append what base64 text says.  White space is passed over; the first other byte
 * that is no digit (`=`, too) ends it.
 *
 * @return  bytes of text that were read
 */
size_t base64_decode(const char *text, size_t len, struct buf *out);

#endif
