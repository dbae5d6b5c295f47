/*
 * decode.c - which charset, and UTF-16 and UTF-32 to UTF-8
 *
 * Detection is one pass over the head for bytes that plain text does not hold; what has
 * none is text at once.  Only the rest is weighed.
 */
#include "decode.h"

#include "fold.h"
#include "utf8.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define REPLACEMENT 0xFFFD
#define SAMPLE_UNITS 1024

/* Text may hold one bad byte in as many. */
#define BAD_SHARE 32

/* What a byte below 0x20, or DEL, says against text. */
enum weight { FINE, ODD, BAD };

static const unsigned char weights[0x20] = {
	[0x00] = BAD,
	[0x01] = ODD, /* FIX logs */
	[0x02] = BAD,
	[0x03] = BAD,
	[0x04] = BAD,
	[0x05] = BAD,
	[0x06] = BAD,
	[0x07] = ODD,
	/* backspace to carriage return: FINE */
	[0x0E] = BAD,
	[0x0F] = BAD,
	[0x10] = BAD,
	[0x11] = BAD,
	[0x12] = BAD,
	[0x13] = BAD,
	[0x14] = BAD,
	[0x15] = BAD,
	[0x16] = BAD,
	[0x17] = BAD,
	[0x18] = BAD,
	[0x19] = BAD,
	[0x1A] = ODD, /* end of file, once */
	/* escape: FINE, terminals' colours */
	[0x1C] = ODD,
	[0x1D] = ODD,
	[0x1E] = ODD,
	[0x1F] = ODD, /* separators */
};

#ifdef __x86_64__
/* All ones for each of 16 bytes that is not clean. */
static inline __m128i unclean(const uint8_t *data)
{
	const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)data);
	const __m128i last = _mm_set1_epi8(0x1F), five = _mm_set1_epi8(5);
	const __m128i from_bs = _mm_sub_epi8(v, _mm_set1_epi8('\b'));
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, last), v);
	__m128i ends = _mm_cmpeq_epi8(_mm_min_epu8(from_bs, five), from_bs); /* BS to CR */
	__m128i fine = _mm_or_si128(ends, _mm_cmpeq_epi8(v, _mm_set1_epi8(0x1B)));

	return _mm_or_si128(_mm_andnot_si128(fine, low), _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)));
}
#endif

/* Bytes at the front that are neither controls (but for tab to CR, BS, ESC) nor DEL. */
static size_t clean_prefix(const uint8_t *data, size_t len)
{
	size_t i = 0;

#ifdef __x86_64__
	for (; len - i >= 64; i += 64) {
		__m128i bad =
		    _mm_or_si128(_mm_or_si128(unclean(data + i), unclean(data + i + 16)),
				 _mm_or_si128(unclean(data + i + 32), unclean(data + i + 48)));

		if (_mm_movemask_epi8(bad))
			break;
	}
#endif
	while (i < len && (data[i] >= 0x20 ? data[i] != 0x7F : weights[data[i]] == FINE))
		i++;
	return i;
}

/* Is it text for all the bad bytes in it?  A run of NULs (preallocated logs) counts once. */
static bool mostly_text(const uint8_t *data, size_t len)
{
	size_t bad = 0, odd = 0, nuls = 0;

	for (size_t i = 0; i < len; i++) {
		if (data[i] == 0 && i && data[i - 1] == 0) {
			nuls++;
			continue;
		}
		if (data[i] == 0x7F || (data[i] < 0x20 && weights[data[i]] == BAD))
			bad++;
		else if (data[i] < 0x20 && weights[data[i]] == ODD)
			odd++;
	}
	if (nuls == len - 1)
		return false;
	return bad * BAD_SHARE <= len - nuls && odd * 4 <= len - nuls;
}

static uint16_t unit16(const uint8_t *p, bool big_endian)
{
	return (uint16_t)(big_endian ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static uint32_t unit32(const uint8_t *p, bool big_endian)
{
	return big_endian
		   ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
		   : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

struct tally {
	size_t units, ascii, bad;
};

static void tally_code(struct tally *t, uint32_t code)
{
	t->units++;
	if (code >= 0x20 ? code < 0x7F : code == '\t' || code == '\n' || code == '\r')
		t->ascii++;
	else if (code < 0xA0 || (code >= 0xE000 && code < 0xF900) || code > 0x10FFFF ||
		 (code & 0xFFFE) == 0xFFFE)
		t->bad++;
}

/* `marked`: a BOM says so, and only nonsense speaks against it. */
static bool looks_like(const struct tally *t, bool marked)
{
	if (marked)
		return t->bad * 16 <= t->units;
	if (t->bad * 50 > t->units || t->units < 2)
		return false;
	return t->ascii * 10 >= t->units * 7 || (!t->bad && t->ascii * 5 >= t->units);
}

static bool looks_utf16(const uint8_t *data, size_t len, bool big_endian, bool marked)
{
	struct tally t = { 0 };

	for (size_t i = 0; i + 2 <= len && t.units < SAMPLE_UNITS; i += 2) {
		uint16_t unit = unit16(data + i, big_endian);

		/* Of a pair of surrogates the second decides nothing. */
		if (unit >= 0xD800 && unit < 0xDC00 && i + 4 <= len) {
			uint16_t low = unit16(data + i + 2, big_endian);

			t.units++;
			if (low < 0xDC00 || low >= 0xE000)
				t.bad++;
			else
				i += 2;
		} else {
			tally_code(&t, unit >= 0xDC00 && unit < 0xE000 ? UINT32_MAX : unit);
		}
	}
	return looks_like(&t, marked);
}

static bool looks_utf32(const uint8_t *data, size_t len, bool big_endian, bool marked)
{
	struct tally t = { 0 };

	for (size_t i = 0; i + 4 <= len && t.units < SAMPLE_UNITS; i += 4)
		tally_code(&t, unit32(data + i, big_endian));
	return looks_like(&t, marked);
}

typedef bool looks_fn(const uint8_t *data, size_t len, bool big_endian, bool marked);

/* The longer BOM first: UTF-32LE's begins with UTF-16LE's. */
static const struct {
	char bom[5];
	uint8_t bom_len;
	enum charset charset;
	looks_fn *looks;
	bool big_endian;
} wide[] = {
	{ "\xFF\xFE\0\0", 4, CHARSET_UTF32LE, looks_utf32, false },
	{ "\0\0\xFE\xFF", 4, CHARSET_UTF32BE, looks_utf32, true },
	{ "\xFF\xFE", 2, CHARSET_UTF16LE, looks_utf16, false },
	{ "\xFE\xFF", 2, CHARSET_UTF16BE, looks_utf16, true },
};

static bool detect_wide(const uint8_t *data, size_t len, enum charset *ret, size_t *ret_bom)
{
	for (size_t i = 0; i < ARRAY_SIZE(wide); i++) {
		size_t bom = wide[i].bom_len;

		if (len >= bom && !memcmp(data, wide[i].bom, bom) &&
		    wide[i].looks(data + bom, len - bom, wide[i].big_endian, true)) {
			*ret_bom = bom;
			*ret = wide[i].charset;
			return true;
		}
	}
	if (len < 4 || !memchr(data, 0, MIN(len, 2 * SAMPLE_UNITS)))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(wide); i++)
		if (wide[i].looks(data, len, wide[i].big_endian, false)) {
			*ret = wide[i].charset;
			return true;
		}
	return false;
}

struct encoding encoding_of(const uint8_t *data, size_t len)
{
	struct encoding e = { .charset = CHARSET_ASCII_KIN };
	size_t clean = clean_prefix(data, len);

	if (len >= 3 && !memcmp(data, "\xEF\xBB\xBF", 3))
		e.bom = 3;
	/* A BOM of UTF-16 is clean, and so may CJK text after it be. */
	if (clean == len && !(len >= 2 && data[0] >= 0xFE && data[1] >= 0xFE))
		return e;
	if (!e.bom && detect_wide(data, len, &e.charset, &e.bom))
		return e;
	if (clean == len || mostly_text(data, len))
		return e;
	return (struct encoding){ .charset = CHARSET_BINARY };
}

/* ASCII at the front, eight characters at a time; how many. */
static size_t narrow_ascii(const uint8_t *data, size_t units, bool big_endian, char *ret)
{
	size_t i = 0;

#ifdef __x86_64__
	const __m128i high = _mm_set1_epi16((short)0xFF80);

	for (; units - i >= 8; i += 8) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(data + 2 * i));

		if (big_endian)
			v = _mm_or_si128(_mm_slli_epi16(v, 8), _mm_srli_epi16(v, 8));
		if (_mm_movemask_epi8(
			_mm_cmpeq_epi16(_mm_and_si128(v, high), _mm_setzero_si128())) != 0xFFFF)
			break;
		_mm_storel_epi64((__m128i *)(void *)(ret + i), _mm_packus_epi16(v, v));
	}
#endif
	for (; i < units; i++) {
		uint16_t unit = unit16(data + 2 * i, big_endian);

		if (unit >= 0x80)
			break;
		ret[i] = (char)unit;
	}
	return i;
}

/* One character that is not ASCII; 0 if it is not whole. */
static size_t take16(const uint8_t *data, size_t len, bool big_endian, uint32_t *ret_code)
{
	uint16_t unit = unit16(data, big_endian), low;

	*ret_code = unit;
	if (unit < 0xD800 || unit >= 0xE000)
		return 2;
	*ret_code = REPLACEMENT;
	if (unit >= 0xDC00)
		return 2;
	if (len < 4)
		return 0;
	low = unit16(data + 2, big_endian);
	if (low < 0xDC00 || low >= 0xE000)
		return 2;
	*ret_code = 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
	return 4;
}

size_t utf16_to_utf8(const uint8_t *data, size_t len, bool big_endian, char *ret, size_t cap,
		     size_t *ret_took, bool *ret_ascii)
{
	size_t in = 0, out = 0;

	*ret_ascii = true;
	while (len - in >= 2 && out < cap) {
		size_t n =
		    narrow_ascii(data + in, MIN((len - in) / 2, cap - out), big_endian, ret + out);
		char encoded[4];
		uint32_t code;
		size_t took;

		in += 2 * n;
		out += n;
		if (len - in < 2 || out == cap)
			break;
		took = take16(data + in, len - in, big_endian, &code);
		n = utf8_encode(code, encoded);
		if (!took || n > cap - out)
			break;
		memcpy(ret + out, encoded, n);
		*ret_ascii = false;
		in += took;
		out += n;
	}
	*ret_took = in;
	return out;
}

size_t utf32_to_utf8(const uint8_t *data, size_t len, bool big_endian, char *ret, size_t cap,
		     size_t *ret_took)
{
	size_t in = 0, out = 0;

	while (len - in >= 4) {
		uint32_t code = unit32(data + in, big_endian);
		char encoded[4];
		size_t n;

		if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
			code = REPLACEMENT;
		n = utf8_encode(code, encoded);
		if (n > cap - out)
			break;
		memcpy(ret + out, encoded, n);
		in += 4;
		out += n;
	}
	*ret_took = in;
	return out;
}
