/*
 * lzfu.c - RTF as Outlook packs it
 *
 * LZ77 over a ring of 4 KiB that begins with words every RTF has: flag bytes, then for each
 * of eight bits a literal byte or a reference of offset and length.
 */
#include "lzfu.h"

#include "cfb.h"

#define RING 4096
#define HEAD 16

static const char start[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss "
    "\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    "{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

struct ring {
	char bytes[RING];
	size_t at;
	struct buf *out;
	size_t size; /* declared, of the whole */
};

static bool put(struct ring *r, char c)
{
	r->bytes[r->at] = c;
	r->at = (r->at + 1) % RING;
	return buf_add_byte(r->out, c);
}

static bool unpack(struct ring *r, const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		uint8_t flags = *p++;

		for (unsigned bit = 0; bit < 8; bit++) {
			size_t from, count;

			if (r->out->len >= r->size)
				return true;
			if (p >= end)
				return false;
			if (!(flags >> bit & 1)) {
				if (!put(r, (char)*p++))
					return false;
				continue;
			}
			if (end - p < 2)
				return false;
			from = (size_t)p[0] << 4 | p[1] >> 4;
			count = (p[1] & 15) + (size_t)2;
			p += 2;
			if (from == r->at)
				return true; /* the end */
			while (count--)
				if (!put(r, r->bytes[from++ % RING]))
					return false;
		}
	}
	return r->out->len >= r->size;
}

bool lzfu_unpack(const void *data, size_t len, struct buf *out)
{
	const uint8_t *p = data;
	struct ring r = { .at = sizeof(start) - 1, .out = out };

	if (len < HEAD)
		return false;
	len = MIN(len, (uint64_t)le32_at(p) + 4);
	r.size = le32_at(p + 4);
	if (!memcmp(p + 8, "MELA", 4))
		return buf_add(out, p + HEAD, len > HEAD ? MIN(len - HEAD, r.size) : 0);
	if (memcmp(p + 8, "LZFu", 4) != 0)
		return false;
	memset(r.bytes, ' ', sizeof(r.bytes));
	memcpy(r.bytes, start, sizeof(start) - 1);
	return len > HEAD && unpack(&r, p + HEAD, p + len);
}
