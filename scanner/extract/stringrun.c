/* stringrun.c - what is text among bytes, and where it may begin */
#include "stringrun.h"

#include "utf8.h"

/* ---- what a run is ---- */

static bool printable(uint8_t c)
{
	return (c >= 0x20 && c < 0x7F) || c == '\t';
}

static bool is_latin(uint8_t c)
{
	return is_letter((char)c);
}

/** Letters of Windows-1252 beyond ASCII. */
static bool is_letter_1252(uint8_t c)
{
	return (c >= 0xC0 && c != 0xD7 && c != 0xF7) || c == 0x8A || c == 0x8C || c == 0x8E ||
	       c == 0x9A || c == 0x9C || c == 0x9E || c == 0x9F;
}

/** Its quotation marks, dashes, bullet and dots. */
static bool is_mark_1252(uint8_t c)
{
	return (c >= 0x91 && c <= 0x97) || c == 0x82 || c == 0x84 || c == 0x85;
}

/** May `c` stand between these two? */
static bool is_between(uint8_t before, uint8_t c, uint8_t after)
{
	if (!printable(before) || !printable(after))
		return false;
	if (is_letter_1252(c))
		return is_latin(before) || is_latin(after);
	if (is_mark_1252(c))
		return is_latin(before) || is_latin(after) || before == ' ' || after == ' ';
	return (c == 0xA3 || c == 0x80) && is_digit((char)after);
}

/** Bytes of the character of UTF-8 at data[0], beyond ASCII, or 0. */
static size_t beyond_ascii(const uint8_t *data, size_t len)
{
	uint32_t code;
	size_t n = utf8_decode((const char *)data, len, &code);

	return n > 1 && code >= 0xA0 ? n : 0;
}

struct string_run string_run(const uint8_t *data, size_t len, size_t max, bool goes_on)
{
	struct string_run run = { 0 };
	size_t i = 0;

	while (i < len && i < max) {
		uint8_t before = i ? data[i - 1] : goes_on ? 'x' : 0;
		size_t n;

		if (printable(data[i])) {
			run.len = ++i;
			run.ascii++;
			continue;
		}
		if (data[i] < 0x80 || !before)
			break;
		n = beyond_ascii(data + i, len - i);
		if (n)
			run.len = i + n;
		else if (i + 1 < len && is_between(before, data[i], data[i + 1]))
			n = 1;
		else
			break;
		i += n;
	}
	run.is_cut = i >= max;
	return run;
}

size_t string_units(const uint8_t *data, size_t len, size_t max, size_t low)
{
	size_t n = 0;

	while (2 * n + 2 <= len && n < max && printable(data[2 * n + low]) &&
	       !data[2 * n + 1 - low])
		n++;
	return n;
}

/* ---- what is none ---- */

#define LONG_RUN 16
#define SAME_KIND 6

bool string_is_meant(const uint8_t *data, const struct string_run *run)
{
	size_t letters = 0, digits = 0;

	if (run->ascii >= LONG_RUN)
		return true;
	for (size_t i = 0; i < run->len; i++) {
		bool is_part = is_latin(data[i]) || data[i] == ' ' || data[i] == '-';

		letters = is_part ? letters + 1 : 0;
		digits = is_digit((char)data[i]) ? digits + 1 : 0;
		if (letters == SAME_KIND || digits == SAME_KIND)
			return true;
	}
	return false;
}

/** Is `have` what so many of 256 values make of a block of random bytes? */
static bool as_random(uint32_t have, uint32_t of_256)
{
	const uint32_t expected = (uint32_t)NOISE_BYTES * of_256 / 256, off = NOISE_BYTES / 32;

	/* Four times the deviation of what is as likely as not. */
	return have + off > expected && have < expected + off;
}

bool is_noise(const struct noise *n)
{
	return n->seen == NOISE_BYTES && as_random(n->printable, 96) && as_random(n->high, 128) &&
	       n->zero < NOISE_BYTES / 64;
}

static void noise_add_bytes(struct noise *n, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		n->printable += printable(data[i]);
		n->high += data[i] >= 0x80;
		n->zero += data[i] == 0;
	}
}

/* ---- where one may begin ---- */

/** Bytes that are looked at to tell whether one does. */
#define HINT 4

/** What is kept of the end of what is there: a run's begin before its hint. */
#define KEPT ((size_t)64)

static bool is_hint(const uint8_t *p)
{
	if (printable(p[0]))
		return printable(p[1]) ? printable(p[2]) : !p[1] && printable(p[2]) && !p[3];
	return !p[0] && printable(p[1]) && !p[2] && printable(p[3]);
}

static size_t next_hint_bytes(const uint8_t *data, size_t at, size_t len)
{
	while (at + HINT <= len && !is_hint(data + at))
		at++;
	return at;
}

/* ---- 64 bytes at once ---- */

/** Bit i: byte i of 64 is printable, is zero, is beyond ASCII. */
struct bits {
	uint64_t printable, zero, high;
};

#ifdef __x86_64__

#include <emmintrin.h>

static struct bits bits_of(const uint8_t *data)
{
	const __m128i space = _mm_set1_epi8(0x1F), del = _mm_set1_epi8(0x7F);
	const __m128i tab = _mm_set1_epi8('\t'), zero = _mm_setzero_si128();
	struct bits bits = { 0 };

	for (unsigned i = 0; i < 64; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
		/* Bytes from 0x80 on are negative. */
		__m128i p = _mm_andnot_si128(_mm_cmpeq_epi8(v, del), _mm_cmpgt_epi8(v, space));

		p = _mm_or_si128(p, _mm_cmpeq_epi8(v, tab));
		bits.printable |= (uint64_t)(unsigned)_mm_movemask_epi8(p) << i;
		bits.high |= (uint64_t)(unsigned)_mm_movemask_epi8(v) << i;
		bits.zero |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, zero)) << i;
	}
	return bits;
}

#else

static struct bits bits_of(const uint8_t *data)
{
	struct bits bits = { 0 };

	for (unsigned i = 0; i < 64; i++) {
		bits.printable |= (uint64_t)printable(data[i]) << i;
		bits.high |= (uint64_t)(data[i] >= 0x80) << i;
		bits.zero |= (uint64_t)(data[i] == 0) << i;
	}
	return bits;
}

#endif

void noise_add(struct noise *n, const uint8_t *data, size_t len)
{
	size_t at = 0;

	for (; at + 64 <= len; at += 64) {
		struct bits b = bits_of(data + at);

		n->printable += (uint32_t)__builtin_popcountll(b.printable);
		n->high += (uint32_t)__builtin_popcountll(b.high);
		n->zero += (uint32_t)__builtin_popcountll(b.zero);
	}
	noise_add_bytes(n, data + at, len - at);
	n->seen += (uint32_t)len;
}

static size_t next_hint(const uint8_t *data, size_t at, size_t len)
{
	for (; at + 64 <= len; at += 64 - HINT + 1) {
		struct bits b = bits_of(data + at);
		uint64_t p = b.printable, z = b.zero;
		/* As is_hint() says; the last three bytes come again with the next ones. */
		uint64_t hints = (p & p >> 1 & p >> 2) | (p & z >> 1 & p >> 2 & z >> 3) |
				 (z & p >> 1 & z >> 2 & p >> 3);

		if (hints)
			return at + (size_t)__builtin_ctzll(hints);
	}
	return next_hint_bytes(data, at, len);
}

/** Bytes of the character before data[at], not before data[from]; 0: it is in no run. */
static size_t char_before(const uint8_t *data, size_t from, size_t at)
{
	if (at == from)
		return 0;
	if (printable(data[at - 1]))
		return 1;
	if (data[at - 1] < 0x80)
		return 0;
	for (size_t n = 2; n <= 4 && from + n <= at; n++)
		if (data[at - n] >= 0xC0)
			return beyond_ascii(data + at - n, n) == n ? n : 0;
	return 0;
}

/** From where on the run goes that has data[at]. */
static size_t begin_of(const uint8_t *data, size_t from, size_t at)
{
	size_t begin = at, i = at, n;

	while (at - i < KEPT) {
		n = char_before(data, from, i);
		if (!n && i >= from + 2 && is_between(data[i - 2], data[i - 1], data[i]))
			n = 1;
		if (!n)
			break;
		i -= n;
		if (printable(data[i]))
			begin = i;
	}
	/* Read forward it must come as far. */
	return begin < at &&
		       string_run(data + begin, at + 1 - begin, SIZE_MAX, false).len + begin > at
		   ? begin
		   : at;
}

size_t string_next(const uint8_t *data, size_t at, size_t len, bool ended)
{
	size_t hint = next_hint(data, at, len);

	if (hint + HINT <= len)
		return printable(data[hint]) ? begin_of(data, at, hint) : hint;
	if (ended)
		return len;
	return len - at > KEPT ? len - KEPT : at;
}
