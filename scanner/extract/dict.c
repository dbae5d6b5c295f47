/* dict.c - how much memory a compressed stream will ask for, by its head */
#include "dict.h"

#define LZMA2 0x21

static uint64_t le(const uint8_t *p, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = bytes; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

uint64_t dict_of_lzma(const uint8_t *head, size_t len)
{
	return len < 5 ? 0 : le(head + 1, 4);
}

uint64_t dict_of_zip_lzma(const uint8_t *head, size_t len)
{
	/* version, size of the properties, properties as in lzma */
	return len < 9 ? 0 : le(head + 5, 4);
}

uint64_t dict_of_zip_ppmd(const uint8_t *head, size_t len)
{
	return len < 2 ? 0 : ((le(head, 2) >> 4 & 0xff) + 1) << 20;
}

uint64_t dict_of_lzip(const uint8_t *head, size_t len)
{
	uint64_t base = len < 6 ? 0 : UINT64_C(1) << (head[5] & 31);

	return len < 6 ? 0 : base - base / 16 * (head[5] >> 5);
}

#define ZSTD_ONE_SEGMENT 0x20

uint64_t dict_of_zstd(const uint8_t *head, size_t len)
{
	static const uint8_t id_bytes[] = { 0, 1, 2, 4 }, size_bytes[] = { 0, 2, 4, 8 };
	uint64_t base;
	size_t at;

	if (len < 6)
		return 0;
	if (head[4] & ZSTD_ONE_SEGMENT) {
		/* The content is its own window: one byte of size can only be small. */
		at = 5 + id_bytes[head[4] & 3];
		return at + 8 <= len ? le(head + at, size_bytes[head[4] >> 6]) : 0;
	}
	base = UINT64_C(1) << (10 + (head[5] >> 3));
	return base + base / 8 * (head[5] & 7);
}

static uint64_t read_vli(const uint8_t *p, size_t len, size_t *at)
{
	uint64_t v = 0;

	for (unsigned shift = 0; *at < len && shift < 63; shift += 7) {
		uint8_t b = p[(*at)++];

		v |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			break;
	}
	return v;
}

uint64_t dict_of_xz(const uint8_t *head, size_t len)
{
	size_t at = 14; /* behind the stream's header, the block's size and flags */
	unsigned filters;
	uint8_t flags;

	if (len < 24 || !head[12])
		return 0;
	flags = head[13];
	filters = (flags & 3) + 1;
	if (flags & 0x40)
		read_vli(head, len, &at);
	if (flags & 0x80)
		read_vli(head, len, &at);
	for (unsigned i = 0; i < filters && at < len; i++) {
		uint64_t id = read_vli(head, len, &at), props = read_vli(head, len, &at);

		if (id == LZMA2 && at < len && head[at] <= 40)
			return head[at] == 40
				   ? UINT32_MAX
				   : UINT64_C(1) * (2 | (head[at] & 1)) << (head[at] / 2 + 11);
		if (props > len - at)
			break;
		at += (size_t)props;
	}
	return 0;
}
