/*
 * salvage.c - what a broken deflate stream held before it broke
 *
 * libdeflate writes as it goes but does not say how far it came.  So it is asked
 * twice, over rooms filled with different bytes: where they are alike, it has written.
 */
#include "salvage.h"

size_t salvage(struct libdeflate_decompressor *d, inflate_fn *inflate, const void *in,
	       size_t in_len, void *out, size_t cap)
{
	CLEANUP(mem_freep) uint8_t *other = malloc(cap ? cap : 1);
	const uint8_t *first = out;
	size_t used, got, at = 0;

	if (!other || !cap)
		return 0;
	memset(out, 0x00, cap);
	memset(other, 0xff, cap);
	(void)inflate(d, in, in_len, out, cap, &used, &got);
	(void)inflate(d, in, in_len, other, cap, &used, &got);
	while (at < cap && first[at] == other[at])
		at++;
	return at;
}
