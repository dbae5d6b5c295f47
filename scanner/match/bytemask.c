/* bytemask.c - byte classes by SIMD */
#include "bytemask.h"

/* What a byte is, in the order of struct bytemask. */
#define CLASS_DIGIT 0x001
#define CLASS_LETTER 0x002
#define CLASS_HEX_LETTER 0x004
#define CLASS_ZERO 0x008
#define CLASS_SEPARATOR 0x010
#define CLASS_HYPHEN 0x020
#define CLASS_DOT 0x040
#define CLASS_COLON 0x080
#define CLASS_SPECIAL 0x100

static unsigned class_of(char c)
{
	char lower = (char)(c | 0x20);

	if (is_digit(c))
		return CLASS_DIGIT | (c == '0' ? CLASS_ZERO : 0);
	if (is_letter(c))
		return CLASS_LETTER | (lower >= 'a' && lower <= 'f' ? CLASS_HEX_LETTER : 0);
	switch (c) {
	case ' ':
		return CLASS_SEPARATOR;
	case '-':
		return CLASS_SEPARATOR | CLASS_HYPHEN;
	case '.':
		return CLASS_SEPARATOR | CLASS_DOT;
	case ':':
		return CLASS_COLON;
	case '@':
	case '+':
	case '<':
		return CLASS_SPECIAL;
	default:
		return 0;
	}
}

static void mark(struct bytemask *m, unsigned class, unsigned bit)
{
	m->digit |= (uint64_t)(class & CLASS_DIGIT ? 1 : 0) << bit;
	m->letter |= (uint64_t)(class & CLASS_LETTER ? 1 : 0) << bit;
	m->hex_letter |= (uint64_t)(class & CLASS_HEX_LETTER ? 1 : 0) << bit;
	m->zero |= (uint64_t)(class & CLASS_ZERO ? 1 : 0) << bit;
	m->separator |= (uint64_t)(class & CLASS_SEPARATOR ? 1 : 0) << bit;
	m->hyphen |= (uint64_t)(class & CLASS_HYPHEN ? 1 : 0) << bit;
	m->dot |= (uint64_t)(class & CLASS_DOT ? 1 : 0) << bit;
	m->colon |= (uint64_t)(class & CLASS_COLON ? 1 : 0) << bit;
	m->special |= (uint64_t)(class & CLASS_SPECIAL ? 1 : 0) << bit;
}

static void bytemask_scalar(const char *data, size_t blocks, struct bytemask *ret_masks)
{
	for (size_t i = 0; i < blocks; i++) {
		ret_masks[i] = (struct bytemask){ 0 };
		for (unsigned bit = 0; bit < BLOCK_BYTES; bit++) {
			unsigned class = class_of(data[i * BLOCK_BYTES + bit]);

			if (class)
				mark(&ret_masks[i], class, bit);
		}
	}
}

static uint64_t letters_scalar(const char *block)
{
	uint64_t letters = 0;

	for (unsigned bit = 0; bit < BLOCK_BYTES; bit++)
		letters |= (uint64_t)is_letter(block[bit]) << bit;
	return letters;
}

#ifdef __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2"))) static
#define AVX512 __attribute__((target("avx512bw"))) static

struct block_avx2 {
	__m256i low, high;
};

AVX2 uint64_t in_range_avx2(struct block_avx2 b, char first, char span)
{
	const __m256i base = _mm256_set1_epi8(first), most = _mm256_set1_epi8(span);
	__m256i x = _mm256_sub_epi8(b.low, base), y = _mm256_sub_epi8(b.high, base);
	uint32_t low, high;

	low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(x, most), x));
	high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(y, most), y));
	return low | (uint64_t)high << 32;
}

AVX2 uint64_t equal_avx2(struct block_avx2 b, char c)
{
	const __m256i want = _mm256_set1_epi8(c);
	uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b.low, want));
	uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b.high, want));

	return low | (uint64_t)high << 32;
}

AVX2 void bytemask_avx2(const char *data, size_t blocks, struct bytemask *ret_masks)
{
	const __m256i lower = _mm256_set1_epi8(0x20);

	for (size_t i = 0; i < blocks; i++, data += BLOCK_BYTES) {
		struct bytemask *m = &ret_masks[i];
		struct block_avx2 b = {
			_mm256_loadu_si256((const __m256i *)(const void *)data),
			_mm256_loadu_si256((const __m256i *)(const void *)(data + 32)),
		};
		struct block_avx2 l = { _mm256_or_si256(b.low, lower),
					_mm256_or_si256(b.high, lower) };

		m->digit = in_range_avx2(b, '0', 9);
		m->letter = in_range_avx2(l, 'a', 25);
		m->hex_letter = in_range_avx2(l, 'a', 5);
		m->zero = equal_avx2(b, '0');
		m->hyphen = equal_avx2(b, '-');
		m->dot = equal_avx2(b, '.');
		m->separator = equal_avx2(b, ' ') | m->hyphen | m->dot;
		m->colon = equal_avx2(b, ':');
		m->special = equal_avx2(b, '@') | equal_avx2(b, '+') | equal_avx2(b, '<');
	}
}

AVX2 uint64_t letters_avx2(const char *block)
{
	const __m256i lower = _mm256_set1_epi8(0x20);
	const __m256i *at = (const __m256i *)(const void *)block;
	struct block_avx2 l = { _mm256_or_si256(_mm256_loadu_si256(at), lower),
				_mm256_or_si256(_mm256_loadu_si256(at + 1), lower) };

	return in_range_avx2(l, 'a', 25);
}

AVX512 uint64_t equal_avx512(__m512i x, char c)
{
	return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(c));
}

AVX512 uint64_t in_range_avx512(__m512i x, char first, char span)
{
	return _mm512_cmple_epu8_mask(_mm512_sub_epi8(x, _mm512_set1_epi8(first)),
				      _mm512_set1_epi8(span));
}

AVX512 void bytemask_avx512(const char *data, size_t blocks, struct bytemask *ret_masks)
{
	for (size_t i = 0; i < blocks; i++, data += BLOCK_BYTES) {
		struct bytemask *m = &ret_masks[i];
		__m512i x = _mm512_loadu_si512(data);
		__m512i l = _mm512_or_si512(x, _mm512_set1_epi8(0x20));

		m->digit = in_range_avx512(x, '0', 9);
		m->letter = in_range_avx512(l, 'a', 25);
		m->hex_letter = in_range_avx512(l, 'a', 5);
		m->zero = equal_avx512(x, '0');
		m->hyphen = equal_avx512(x, '-');
		m->dot = equal_avx512(x, '.');
		m->separator = equal_avx512(x, ' ') | m->hyphen | m->dot;
		m->colon = equal_avx512(x, ':');
		m->special = equal_avx512(x, '@') | equal_avx512(x, '+') | equal_avx512(x, '<');
	}
}

AVX512 uint64_t letters_avx512(const char *block)
{
	return in_range_avx512(_mm512_or_si512(_mm512_loadu_si512(block), _mm512_set1_epi8(0x20)),
			       'a', 25);
}
#endif

static bool has_scalar(void)
{
	return true;
}

#ifdef __x86_64__
static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512bw");
}
#endif

/** Best first. */
static const struct {
	enum match_isa isa;
	const char *name;
	bool (*here)(void);
	bytemask_fn *fn;
	letters_fn *letters;
} implementations[] = {
#ifdef __x86_64__
	{ MATCH_ISA_AVX512, "avx512", has_avx512, bytemask_avx512, letters_avx512 },
	{ MATCH_ISA_AVX2, "avx2", has_avx2, bytemask_avx2, letters_avx2 },
#endif
	{ MATCH_ISA_SCALAR, "scalar", has_scalar, bytemask_scalar, letters_scalar },
};

/** Index of the best of a kind that this CPU has; ARRAY_SIZE(implementations): none. */
static size_t best_of(enum match_isa isa)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(implementations) &&
	       ((isa != MATCH_ISA_AUTO && isa != implementations[i].isa) ||
		!implementations[i].here()))
		i++;
	return i;
}

bytemask_fn *bytemask_for(enum match_isa isa, const char **ret_name)
{
	size_t i = best_of(isa);

	if (i == ARRAY_SIZE(implementations))
		return NULL;
	*ret_name = implementations[i].name;
	return implementations[i].fn;
}

letters_fn *letters_for(enum match_isa isa)
{
	size_t i = best_of(isa);

	return i == ARRAY_SIZE(implementations) ? NULL : implementations[i].letters;
}

bool bytemask_has_bmi(void)
{
#ifdef __x86_64__
	/* clang knows no name for lzcnt; every CPU with AVX2 and BMI2 has it. */
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
#else
	return false;
#endif
}
