/** salvage.h - what a broken deflate stream held before it broke; private to zip and gzip */
#ifndef SALVAGE_H
#define SALVAGE_H

#include <libdeflate.h>

#include "base.h"

/** libdeflate_deflate_decompress_ex() or libdeflate_gzip_decompress_ex(). */
typedef enum libdeflate_result inflate_fn(struct libdeflate_decompressor *d, const void *in,
					  size_t in_len, void *out, size_t cap, size_t *ret_used,
					  size_t *ret_got);

/**
 * Unpack as far as it goes.
 *
 * @param out  room for `cap` bytes
 * @return     bytes that are good; a few more may follow them, taken from before
 */
size_t salvage(struct libdeflate_decompressor *d, inflate_fn *inflate, const void *in,
	       size_t in_len, void *out, size_t cap);

#endif
