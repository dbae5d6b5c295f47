/*
 * fold.c - one form for what looks the same
 *
 * Nearly all text is ASCII, so the work is in finding where it is not: AVX2 where the
 * processor has it, SSE2 on the rest of x86-64, words elsewhere.
 */
#include "fold.h"

#include "utf8.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* From `i` on, by words and bytes: the tail of the vector loops, or all of it. */
static size_t ascii_prefix_words(const char *data, size_t len, size_t i)
{
	uint64_t word;

	for (; len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		if (word & HIGH_BITS)
			break;
	}
	while (i < len && !(data[i] & 0x80))
		i++;
	return i;
}

static size_t count_lines_bytes(const char *data, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += data[i] == '\n';
	return n;
}

#ifdef __x86_64__

#include <immintrin.h>

/* Of byte-wide counters, none may wrap. */
#define LOOPS_PER_SUM 255

__attribute__((target("avx2"))) static size_t ascii_prefix_avx2(const char *data, size_t len)
{
	size_t i = 0;

	for (; len - i >= 128; i += 128) {
		const __m256i *p = (const __m256i *)(const void *)(data + i);
		__m256i a = _mm256_or_si256(_mm256_loadu_si256(p), _mm256_loadu_si256(p + 1));
		__m256i b = _mm256_or_si256(_mm256_loadu_si256(p + 2), _mm256_loadu_si256(p + 3));

		if (_mm256_movemask_epi8(_mm256_or_si256(a, b)))
			break;
	}
	for (; len - i >= 32; i += 32) {
		const __m256i *p = (const __m256i *)(const void *)(data + i);
		unsigned high = (unsigned)_mm256_movemask_epi8(_mm256_loadu_si256(p));

		if (high)
			return i + (size_t)__builtin_ctz(high);
	}
	return ascii_prefix_words(data, len, i);
}

static size_t ascii_prefix_sse2(const char *data, size_t len)
{
	size_t i = 0;

	for (; len - i >= 16; i += 16) {
		const __m128i *p = (const __m128i *)(const void *)(data + i);
		unsigned high = (unsigned)_mm_movemask_epi8(_mm_loadu_si128(p));

		if (high)
			return i + (size_t)__builtin_ctz(high);
	}
	return ascii_prefix_words(data, len, i);
}

__attribute__((target("avx2"))) static size_t count_lines_avx2(const char *data, size_t len)
{
	const __m256i feed = _mm256_set1_epi8('\n');
	size_t i = 0, n = 0;

	while (len - i >= 64) {
		size_t loops = MIN((len - i) / 64, LOOPS_PER_SUM);
		__m256i even = _mm256_setzero_si256(), odd = even, sum;

		for (; loops; loops--, i += 64) {
			const __m256i *p = (const __m256i *)(const void *)(data + i);

			even =
			    _mm256_sub_epi8(even, _mm256_cmpeq_epi8(_mm256_loadu_si256(p), feed));
			odd = _mm256_sub_epi8(odd,
					      _mm256_cmpeq_epi8(_mm256_loadu_si256(p + 1), feed));
		}
		sum = _mm256_add_epi64(_mm256_sad_epu8(even, _mm256_setzero_si256()),
				       _mm256_sad_epu8(odd, _mm256_setzero_si256()));
		n += (size_t)_mm256_extract_epi64(sum, 0) + (size_t)_mm256_extract_epi64(sum, 1) +
		     (size_t)_mm256_extract_epi64(sum, 2) + (size_t)_mm256_extract_epi64(sum, 3);
	}
	return n + count_lines_bytes(data + i, len - i);
}

static size_t count_lines_sse2(const char *data, size_t len)
{
	const __m128i feed = _mm_set1_epi8('\n');
	size_t i = 0, n = 0;

	while (len - i >= 16) {
		size_t loops = MIN((len - i) / 16, LOOPS_PER_SUM);
		__m128i acc = _mm_setzero_si128(), sum;

		for (; loops; loops--, i += 16) {
			const __m128i *p = (const __m128i *)(const void *)(data + i);

			acc = _mm_sub_epi8(acc, _mm_cmpeq_epi8(_mm_loadu_si128(p), feed));
		}
		sum = _mm_sad_epu8(acc, _mm_setzero_si128());
		n += (size_t)_mm_cvtsi128_si64(sum) +
		     (size_t)_mm_cvtsi128_si64(_mm_srli_si128(sum, 8));
	}
	return n + count_lines_bytes(data + i, len - i);
}

size_t fold_ascii_prefix(const char *data, size_t len)
{
	return __builtin_cpu_supports("avx2") ? ascii_prefix_avx2(data, len)
					      : ascii_prefix_sse2(data, len);
}

size_t fold_count_lines(const char *data, size_t len)
{
	return __builtin_cpu_supports("avx2") ? count_lines_avx2(data, len)
					      : count_lines_sse2(data, len);
}

#else

size_t fold_ascii_prefix(const char *data, size_t len)
{
	return ascii_prefix_words(data, len, 0);
}

size_t fold_count_lines(const char *data, size_t len)
{
	return count_lines_bytes(data, len);
}

#endif

#define KEEP -1
#define BY_PLACE -2
#define DROP 0

/* What a run of code points becomes.  In order; the first that fits wins. */
static const struct {
	uint32_t from, to;
	int becomes; /* a character or DROP; BY_PLACE: `base` plus the place in the run */
	int base;
} folds[] = {
	{ 0x00A0, 0x00A0, ' ', 0 },        /* no-break space */
	{ 0x00AD, 0x00AD, DROP, 0 },       /* soft hyphen */
	{ 0x1680, 0x1680, ' ', 0 },        /* Ogham space */
	{ 0x180E, 0x180E, DROP, 0 },       /* Mongolian vowel separator */
	{ 0x2000, 0x200A, ' ', 0 },        /* en quad to hair space */
	{ 0x200B, 0x200F, DROP, 0 },       /* zero-width space, joiners, direction marks */
	{ 0x2010, 0x2015, '-', 0 },        /* hyphens and dashes */
	{ 0x2018, 0x201B, '\'', 0 },       /* single quotes */
	{ 0x201C, 0x201F, '"', 0 },        /* double quotes */
	{ 0x202A, 0x202E, DROP, 0 },       /* direction overrides */
	{ 0x202F, 0x202F, ' ', 0 },        /* narrow no-break space */
	{ 0x205F, 0x205F, ' ', 0 },        /* mathematical space */
	{ 0x2060, 0x2060, DROP, 0 },       /* word joiner */
	{ 0x2066, 0x2069, DROP, 0 },       /* direction isolates */
	{ 0x2212, 0x2212, '-', 0 },        /* minus */
	{ 0x3000, 0x3000, ' ', 0 },        /* ideographic space */
	{ 0xFE58, 0xFE58, '-', 0 },        /* small em dash */
	{ 0xFE63, 0xFE63, '-', 0 },        /* small hyphen-minus */
	{ 0xFEFF, 0xFEFF, DROP, 0 },       /* BOM */
	{ 0xFF01, 0xFF5E, BY_PLACE, '!' }, /* full-width ASCII */
	/* mathematical digits: bold, double-struck, sans, sans bold, monospace */
	{ 0x1D7CE, 0x1D7D7, BY_PLACE, '0' },
	{ 0x1D7D8, 0x1D7E1, BY_PLACE, '0' },
	{ 0x1D7E2, 0x1D7EB, BY_PLACE, '0' },
	{ 0x1D7EC, 0x1D7F5, BY_PLACE, '0' },
	{ 0x1D7F6, 0x1D7FF, BY_PLACE, '0' },
};

/* Only characters that begin with these bytes are in the table. */
static bool may_fold(unsigned char lead)
{
	return lead == 0xC2 || (lead >= 0xE1 && lead <= 0xE3) || lead == 0xEF || lead == 0xF0;
}

static int fold_code(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(folds) && code >= folds[i].from; i++)
		if (code <= folds[i].to)
			return folds[i].becomes == BY_PLACE
				   ? folds[i].base + (int)(code - folds[i].from)
				   : folds[i].becomes;
	return KEEP;
}

/* A byte that is not UTF-8: the odd ones of cp1252. */
static int fold_byte(unsigned char byte)
{
	switch (byte) {
	case 0xA0:
		return ' ';
	case 0x96:
	case 0x97:
		return '-';
	case 0x91:
	case 0x92:
		return '\'';
	case 0x93:
	case 0x94:
		return '"';
	default:
		return KEEP;
	}
}

struct folding {
	char *data;
	size_t out;  /* written */
	size_t gone; /* source index less folded index, as last told */
	fold_shift_fn *shift;
	void *ctx;
};

/* `len` bytes that were at `from` go to the end of what is folded. */
static void put(struct folding *f, size_t from, size_t len)
{
	if (from - f->out != f->gone) {
		f->gone = from - f->out;
		if (f->shift)
			f->shift(f->ctx, f->out, from);
	}
	if (f->gone)
		memmove(f->data + f->out, f->data + from, len);
	f->out += len;
}

/* The character at `i`, not ASCII; how many bytes it was. */
static size_t fold_char(struct folding *f, size_t i, size_t len)
{
	unsigned char lead = (unsigned char)f->data[i];
	uint32_t code;
	size_t took = utf8_decode(f->data + i, len - i, &code);
	int to = KEEP;

	if (code == UINT32_MAX)
		to = fold_byte(lead);
	else if (may_fold(lead))
		to = fold_code(code);
	if (to == DROP)
		return took;
	if (to != KEEP)
		f->data[i] = (char)to;
	put(f, i, to == KEEP ? took : 1);
	return took;
}

size_t fold(char *data, size_t len, fold_shift_fn *shift, void *ctx)
{
	struct folding f = { .data = data, .shift = shift, .ctx = ctx };
	size_t i = 0;

	while (i < len) {
		size_t ascii = fold_ascii_prefix(data + i, len - i);

		if (ascii) {
			put(&f, i, ascii);
			i += ascii;
		}
		while (i < len && (data[i] & 0x80))
			i += fold_char(&f, i, len);
	}
	return f.out;
}
