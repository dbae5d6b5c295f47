/*
 * xar.c - the table of contents of a xar, as far as it tells where things lie
 *
 * XML, packed by zlib; each piece of the heap behind it is an <offset> with a <length>, or
 * for a sum a <size>, in one element.
 */
#include "xar.h"

#include <libdeflate.h>

#define HEAD_BYTES 28
#define PACKED_MAX (4 * MiB)
#define TOC_MAX (16 * MiB)

static uint64_t be(const uint8_t *p, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | p[i];
	return v;
}

/* The number behind a tag within an element, or 0. */
static uint64_t number_of(const char *from, const char *to, const char *tag)
{
	const char *at = memmem(from, (size_t)(to - from), tag, strlen(tag));
	uint64_t v = 0;

	for (at = at ? at + strlen(tag) : to; at < to && *at >= '0' && *at <= '9'; at++)
		v = v < UINT32_MAX * UINT64_C(1000) ? v * 10 + (uint64_t)(*at - '0') : v;
	return v;
}

/* The furthest end of a piece, from the heap's begin; *ret_sum is the size of the table's sum. */
static uint64_t heap_bytes(const char *toc, size_t len, uint64_t *ret_sum)
{
	static const char *const elements[] = { "<data", "<ea", "<checksum", "<signature",
						"<x-signature" };
	static const char *const closing[] = { "</data>", "</ea>", "</checksum>", "</signature>",
					       "</x-signature>" };
	const char *sum = memmem(toc, len, "<checksum", strlen("<checksum"));
	uint64_t most = 0;

	*ret_sum = sum ? number_of(sum, toc + len, "<size>") : 0;
	for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
		const char *at = toc, *end = toc + len, *close;

		while ((at = memmem(at, (size_t)(end - at), elements[i], strlen(elements[i])))) {
			uint64_t size;

			close = memmem(at, (size_t)(end - at), closing[i], strlen(closing[i]));
			if (!close)
				break;
			size = number_of(at, close, "<length>");
			if (!size)
				size = number_of(at, close, "<size>");
			most = MAX(most, number_of(at, close, "<offset>") + size);
			at = close;
		}
	}
	return most;
}

uint64_t xar_end(struct input *in)
{
	struct libdeflate_decompressor *d = NULL;
	CLEANUP(mem_freep) uint8_t *packed = NULL;
	CLEANUP(mem_freep) char *toc = NULL;
	uint8_t head[HEAD_BYTES];
	uint64_t head_bytes, packed_bytes, toc_bytes, end = 0, sum = 0;
	size_t got;

	if (input_pread(in, 0, head, sizeof(head), &got, NULL) != ASSAY_OK || got < sizeof(head))
		return 0;
	head_bytes = be(head + 4, 2);
	packed_bytes = be(head + 8, 8);
	toc_bytes = be(head + 16, 8);
	if (!packed_bytes || packed_bytes > PACKED_MAX || !toc_bytes || toc_bytes > TOC_MAX)
		return 0;
	packed = malloc((size_t)packed_bytes);
	toc = malloc((size_t)toc_bytes);
	d = packed && toc ? libdeflate_alloc_decompressor() : NULL;
	if (d &&
	    input_pread(in, head_bytes, packed, (size_t)packed_bytes, &got, NULL) == ASSAY_OK &&
	    libdeflate_zlib_decompress(d, packed, got, toc, (size_t)toc_bytes, &got) ==
		LIBDEFLATE_SUCCESS)
		end = head_bytes + packed_bytes + heap_bytes(toc, got, &sum);
	/* libarchive leaves as many bytes as that behind the last member. */
	if (end && end + sum == in->size)
		end = in->size;
	libdeflate_free_decompressor(d);
	return end;
}
