/*
 * shape.c - rules led by the look of digits and letters
 *
 * Masks of 64 bytes give anchors by shifts and ANDs; a few instructions of
 * scalar code (the gates) check the shape behind an anchor, and its check
 * digit, before PCRE2 is asked.
 */
#include "shape.h"

/* All of the stage is compiled twice, see shape_stage(). */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/** Blocks turned into masks at a time. */
#define BLOCKS_AT_ONCE ((size_t)32)

/* Bit i speaks of byte i + n (AHEAD) or i - n (BEHIND) of the text, across the
 * border to the neighbouring block. */
static ALWAYS_INLINE uint64_t ahead(uint64_t here, uint64_t next, unsigned n)
{
	return here >> n | next << (64 - n);
}

static ALWAYS_INLINE uint64_t behind(uint64_t here, uint64_t before, unsigned n)
{
	return here << n | before >> (64 - n);
}

/* `k` is a block with neighbours at k[-1] and k[1]. */
#define AHEAD(k, class, n) ahead((k)->class, (k)[1].class, n)
#define BEHIND(k, class, n) behind((k)->class, (k)[-1].class, n)

/** Call `gate` with the window index of every set bit. */
static ALWAYS_INLINE void each_anchor(struct matcher *m, uint64_t bits, size_t base,
				      void (*gate)(struct matcher *, size_t))
{
	while (bits) {
		gate(m, base + (size_t)__builtin_ctzll(bits));
		bits &= bits - 1;
	}
}

/** A run of digits and separators ten bytes long or more ends here, in a digit. */
static ALWAYS_INLINE uint64_t long_number_ends(const struct bytemask *k)
{
	uint64_t w = k->digit | k->separator, before = k[-1].digit | k[-1].separator;
	uint64_t two = w & behind(w, before, 1), two_before = before & before << 1;
	uint64_t four = two & behind(two, two_before, 2);
	uint64_t four_before = two_before & two_before << 2;
	uint64_t eight = four & behind(four, four_before, 4);

	return k->digit & ~AHEAD(k, digit, 1) & eight & behind(two, two_before, 8);
}

static ALWAYS_INLINE void digit_runs(struct matcher *m, const struct bytemask *k, size_t base,
				     uint64_t pair, uint64_t pair_before)
{
	uint64_t four = pair & behind(pair, pair_before, 2);
	uint64_t ends = four & ~AHEAD(k, digit, 1);

	if (m->run_min >= 8)
		ends &= behind(four, pair_before & pair_before << 2, 4);
	for (; ends; ends &= ends - 1) {
		unsigned at = (unsigned)__builtin_ctzll(ends), up = 63 - at;

		gate_digit_run(m, base + at, k->digit << up | (up ? k[-1].digit >> (64 - up) : 0));
	}
}

/**
 * How many digits are in the run of digits and separators at the top?  One byte short of 64,
 * which is more than a card has.
 */
static ALWAYS_INLINE unsigned digits_in_run(uint64_t digits, uint64_t separators)
{
	unsigned len = (unsigned)__builtin_clzll(~(digits | separators) | 1);

	return (unsigned)__builtin_popcountll(digits & ~(UINT64_MAX >> len));
}

static ALWAYS_INLINE void numbers(struct matcher *m, const struct bytemask *k, size_t base)
{
	for (uint64_t ends = long_number_ends(k); ends; ends &= ends - 1) {
		unsigned at = (unsigned)__builtin_ctzll(ends), up = 63 - at;
		uint64_t digits = k->digit << up, separators = k->separator << up;
		unsigned count;

		if (up) {
			digits |= k[-1].digit >> (64 - up);
			separators |= k[-1].separator >> (64 - up);
		}
		count = digits_in_run(digits, separators);
		if (count >= 10)
			gate_ten_digits(m, base + at, digits, separators);
		if (count >= CARD_DIGITS_MIN)
			gate_card(m, base + at, digits, separators);
	}
}

static ALWAYS_INLINE void specials(struct matcher *m, const struct bytemask *k, size_t base)
{
	for (uint64_t bits = k->special; bits; bits &= bits - 1) {
		size_t at = base + (size_t)__builtin_ctzll(bits);

		switch (m->win->data[at]) {
		case '@':
			gate_email(m, at);
			break;
		case '+':
			gate_phone_plus(m, at);
			break;
		default:
			gate_mrz(m, at);
		}
	}
}

/**
 * Two more colons follow, each at most five bytes on, or `::` does; times of
 * day have one.  What the next block says of the third is taken for granted.
 */
static ALWAYS_INLINE uint64_t colons_follow(const struct bytemask *k)
{
	uint64_t two = AHEAD(k, colon, 1) | AHEAD(k, colon, 2);
	uint64_t follow = two | AHEAD(k, colon, 3) | AHEAD(k, colon, 4) | AHEAD(k, colon, 5);
	uint64_t third = k->colon & follow, next = k[1].colon;

	return ahead(third, next, 1) | ahead(third, next, 2) | ahead(third, next, 3) |
	       ahead(third, next, 4) | ahead(third, next, 5);
}

static ALWAYS_INLINE void hex_groups(struct matcher *m, const struct bytemask *k, size_t base)
{
	uint64_t mark = k->colon | k->hyphen, mark_next = k[1].colon | k[1].hyphen;
	uint64_t five = mark & ahead(mark, mark_next, 3) & ahead(mark, mark_next, 6) &
			ahead(mark, mark_next, 9) & ahead(mark, mark_next, 12);
	uint64_t hex = k->digit | k->hex_letter;
	uint64_t hex_next = ahead(hex, k[1].digit | k[1].hex_letter, 1);

	if (k->colon)
		each_anchor(m, k->colon & ((hex_next & colons_follow(k)) | AHEAD(k, colon, 1)),
			    base, gate_colon);
	if (five)
		each_anchor(m, five & hex_next & behind(hex, k[-1].digit | k[-1].hex_letter, 1),
			    base, gate_mac);
}

/** Anchors that are a digit with a letter after it, perhaps past a separator. */
static ALWAYS_INLINE void letter_anchors(struct matcher *m, const struct bytemask *k, size_t base,
					 uint64_t pair, uint64_t pair_before)
{
	uint64_t alnum = k->digit | k->letter, alnum_next = k[1].digit | k[1].letter;
	uint64_t end2 = ~ahead(alnum, alnum_next, 2), end3 = ~ahead(alnum, alnum_next, 3);
	uint64_t end4 = ~ahead(alnum, alnum_next, 4), end5 = ~ahead(alnum, alnum_next, 5);
	uint64_t l1 = AHEAD(k, letter, 1), l2 = AHEAD(k, letter, 2), l3 = AHEAD(k, letter, 3);
	uint64_t s1 = AHEAD(k, separator, 1);
	uint64_t six = pair & behind(pair, pair_before, 2) & behind(pair, pair_before, 4);

	each_anchor(m, pair & ((l1 & end2) | (s1 & l2 & end3)), base, gate_nino);
	each_anchor(m, k->digit & l1 & end2, base, gate_slash);
	each_anchor(m, k->digit & l1 & l2 & end3, base, gate_two_letters);
	each_anchor(m, pair & ((l1 & l2 & l3 & end4) | (s1 & l2 & l3 & AHEAD(k, letter, 4) & end5)),
		    base, gate_vrm);
	each_anchor(m, six & (l1 | (s1 & l2)), base, gate_driver);
}

/** Anchors that are a digit, by what stands around it. */
static ALWAYS_INLINE void digit_anchors(struct matcher *m, const struct bytemask *k, size_t base)
{
	uint64_t d = k->digit, d1 = AHEAD(k, digit, 1), d2 = AHEAD(k, digit, 2);
	uint64_t pair = d & BEHIND(k, digit, 1), pair_before = k[-1].digit & k[-1].digit << 1;
	uint64_t lone = d & ~d1; /* the last of its run */
	uint64_t dotted = lone & AHEAD(k, dot, 1) & d2;
	uint64_t spaced = lone & pair & AHEAD(k, separator, 1) & d2 & AHEAD(k, digit, 3);
	uint64_t iban = d & d1 & BEHIND(k, letter, 1) & BEHIND(k, letter, 2);

	numbers(m, k, base);
	if (*m->by_digits != UINT16_MAX)
		digit_runs(m, k, base, pair, pair_before);
	each_anchor(m, k->zero & d1 & ~BEHIND(k, digit, 1), base, gate_phone_zero);
	if (dotted)
		each_anchor(m, dotted & (AHEAD(k, dot, 3) | AHEAD(k, dot, 4) | AHEAD(k, dot, 5)),
			    base, gate_quad);
	if (spaced)
		each_anchor(m,
			    spaced & AHEAD(k, separator, 4) &
				~(AHEAD(k, hyphen, 1) ^ AHEAD(k, hyphen, 4)) & AHEAD(k, digit, 5) &
				AHEAD(k, digit, 6) & ~BEHIND(k, digit, 2) & ~AHEAD(k, dot, 1),
			    base, gate_sort_code);
	if (iban)
		each_anchor(m, iban & ~behind(k->digit | k->letter, k[-1].digit | k[-1].letter, 3),
			    base, gate_iban);
	if (lone & (AHEAD(k, letter, 1) | (AHEAD(k, separator, 1) & AHEAD(k, letter, 2))))
		letter_anchors(m, k, base, pair, pair_before);
}

/** Runs of letters and digits of `word_min` bytes and more begin here. */
static ALWAYS_INLINE uint64_t word_starts(uint32_t word_min, uint64_t w, uint64_t before,
					  uint64_t next)
{
	uint64_t two = w & ahead(w, next, 1), two_next = next & next >> 1;
	uint64_t four = two & ahead(two, two_next, 2), four_next = two_next & two_next >> 2;
	uint64_t starts = w & ~behind(w, before, 1);

	_Static_assert(TERM_LEAD_MIN == 3 && TERM_WORD_MIN_MAX == 8, "these are all");
	switch (word_min) {
	case 3:
		return starts & two & ahead(w, next, 2);
	case 4:
		return starts & four;
	case 5:
		return starts & four & ahead(w, next, 4);
	case 6:
		return starts & four & ahead(two, two_next, 4);
	case 7:
		return starts & four & ahead(four, four_next, 3);
	default:
		return starts & four & ahead(four, four_next, 4);
	}
}

/** Words of three letters and more that may begin in a block. */
#define WORDS_IN_BLOCK (BLOCK_BYTES / 4 + 1)
/** So many are taken at a time, whether there are as many or not. */
#define WORDS_AT_ONCE 4U
#define WORDS_MAX (BLOCKS_AT_ONCE * WORDS_IN_BLOCK)
#define BIT_63 (UINT64_C(1) << 63)

/** The words of some blocks; `at` and `end` count from the first block. */
struct words {
	size_t len;
	uint16_t at[WORDS_MAX + WORDS_AT_ONCE];
	uint16_t end[WORDS_MAX + WORDS_AT_ONCE];
};

/* Loops whose length the processor can guess, and no branch for a word that may lead: most
 * of what this costs would be wrong guesses. */

static ALWAYS_INLINE void words_of(const struct bytemask *k, uint32_t word_min, unsigned base,
				   struct words *words)
{
	uint64_t w = k->digit | k->letter, next = k[1].digit | k[1].letter;
	uint64_t starts = word_starts(word_min, w, k[-1].digit | k[-1].letter, next);
	/* Adding a start to its run carries to the bit behind it, or out of the block. */
	uint64_t sum, out = __builtin_add_overflow(w, starts, &sum), ends = sum & ~w;
	unsigned count = (unsigned)__builtin_popcountll(starts);
	uint16_t *at = words->at + words->len, *end = words->end + words->len;

	for (unsigned done = 0; done < count; done += WORDS_AT_ONCE)
#pragma GCC unroll 4
		for (unsigned i = 0; i < WORDS_AT_ONCE; i++) {
			*at++ = (uint16_t)(base + (unsigned)__builtin_ctzll(starts | BIT_63));
			*end++ = (uint16_t)(base + (unsigned)__builtin_ctzll(ends | BIT_63));
			starts &= starts - 1;
			ends &= ends - 1;
		}
	words->len += count;
	/* Of a word that goes on in the next block: as far as a key needs it. */
	end = words->end + (words->len ? words->len - 1 : 0);
	*end = out ? (uint16_t)(base + BLOCK_BYTES +
				(unsigned)__builtin_ctzll(~next | UINT64_C(1) << TERM_KEY_BYTES))
		   : *end;
}

/** The first bytes of a word, without case. */
static ALWAYS_INLINE uint64_t word_key(const char *word, unsigned len)
{
	uint64_t key;

	memcpy(&key, word, sizeof(key));
	return (key | UINT64_C(0x2020202020202020)) &
	       UINT64_MAX >> (64 - 8 * MIN(len, TERM_KEY_BYTES));
}

/**
 * Which of them may lead a term, by themselves or with the one before?
 *
 * @param by_word, by_pair  which of the two there are; known when this is compiled
 * @param hashes            [0]: of the word before; [i + 1]: of word i
 * @param ret_known         their indexes
 */
static ALWAYS_INLINE size_t known_words(const struct term_index *index, bool by_word, bool by_pair,
					const char *data, const struct words *words,
					uint64_t *hashes, uint16_t *ret_known)
{
	const uint64_t *field = index->bits;
	const unsigned shift = index->bits_shift;
	size_t n = 0;

	for (size_t i = 0; i < words->len; i++) {
		unsigned len = (unsigned)words->end[i] - words->at[i];
		uint64_t hash = term_word_hash(word_key(data + words->at[i], len));
		uint64_t one = hash >> shift, two = term_pair_hash(hashes[i], hash) >> shift;
		uint64_t known = 0;

		hashes[i + 1] = hash;
		ret_known[n] = (uint16_t)i;
		if (by_word)
			known |= field[one / 64] >> (one % 64);
		if (by_pair)
			known |= field[two / 64] >> (two % 64);
		n += known & 1;
	}
	return n;
}

/** Words, and pairs of them, that a dictionary may know: few pass the field of bits. */
static ALWAYS_INLINE void find_terms(struct matcher *m, const struct bytemask *k, size_t count,
				     size_t base)
{
	const struct term_index *index = m->set->terms;
	uint64_t hashes[WORDS_MAX + 1];
	uint16_t known[WORDS_MAX + 1];
	struct words words;
	size_t n;

	words.len = 0;
	words.end[0] = 0;
	for (size_t i = 0; i < count; i++)
		words_of(&k[i], index->word_min, (unsigned)(i * BLOCK_BYTES), &words);
	hashes[0] = m->word.hash;
	if (!index->has_pairs)
		n = known_words(index, true, false, m->win->data + base, &words, hashes, known);
	else if (!index->has_words)
		n = known_words(index, false, true, m->win->data + base, &words, hashes, known);
	else
		n = known_words(index, true, true, m->win->data + base, &words, hashes, known);
	for (size_t i = 0; i < n; i++) {
		size_t at = known[i];
		const struct term_word word = { hashes[at + 1], base + words.at[at] };
		const struct term_word before = {
			hashes[at],
			at ? base + words.at[at - 1] : m->word.at,
		};

		gate_words(m, &before, &word);
	}
	if (words.len)
		m->word = (struct term_word){ hashes[words.len], base + words.at[words.len - 1] };
}

static ALWAYS_INLINE void block_anchors(struct matcher *m, const struct bytemask *k, size_t base)
{
	if (k->special)
		specials(m, k, base);
	if (k->colon | k->hyphen)
		hex_groups(m, k, base);
	if (k->digit)
		digit_anchors(m, k, base);
}

/** Forget what the masks say of bytes past the end. */
static void cut(struct bytemask *k, size_t bytes)
{
	uint64_t keep = ~(UINT64_MAX << bytes);

	k->digit &= keep;
	k->letter &= keep;
	k->hex_letter &= keep;
	k->zero &= keep;
	k->separator &= keep;
	k->hyphen &= keep;
	k->dot &= keep;
	k->colon &= keep;
	k->special &= keep;
}

/** Masks of `blocks` blocks from `at`; there is no text from `len` on. */
static void masks_of(const struct matcher *m, size_t at, size_t len, size_t blocks,
		     struct bytemask *ret_masks)
{
	size_t left = at < len ? len - at : 0;
	size_t some = MIN(blocks, (left + BLOCK_BYTES - 1) / BLOCK_BYTES);

	m->fill(m->win->data + (at < len ? at : 0), some, ret_masks);
	if (some && left < some * BLOCK_BYTES)
		cut(&ret_masks[some - 1], left % BLOCK_BYTES);
	memset(ret_masks + some, 0, (blocks - some) * sizeof(ret_masks[0]));
}

static ALWAYS_INLINE void scan_blocks(struct matcher *m)
{
	const struct window *win = m->win;
	/* What starts in the window's own part has its anchor before this. */
	size_t len = MIN(win->len, win->own_end + SHAPE_WIDTH_MAX);
	size_t total = (len + BLOCK_BYTES - 1) / BLOCK_BYTES;
	/* [0] and [1] are the last two blocks of the previous round; anchors are
	 * looked for in a block once its follower is known. */
	struct bytemask masks[BLOCKS_AT_ONCE + 2];

	memset(masks, 0, 2 * sizeof(masks[0]));
	m->word = (struct term_word){ 0 };
	for (size_t done = 0; done <= total; done += BLOCKS_AT_ONCE) {
		size_t count = MIN(BLOCKS_AT_ONCE, total + 1 - done); /* an empty one follows */

		masks_of(m, done * BLOCK_BYTES, len, count, masks + 2);
		for (size_t i = done ? 1 : 2; i <= count; i++)
			block_anchors(m, &masks[i], (done + i - 2) * BLOCK_BYTES);
		if (m->set->terms)
			find_terms(m, &masks[done ? 1 : 2], count + 1 - (done ? 1 : 2),
				   (done ? done - 1 : 0) * BLOCK_BYTES);
		masks[0] = masks[count];
		masks[1] = masks[count + 1];
	}
}

#ifdef __x86_64__
/** The same code with the shifts and bit counts that came with AVX2. */
__attribute__((target("bmi,bmi2,lzcnt,popcnt"))) static void scan_blocks_bmi(struct matcher *m)
{
	scan_blocks(m);
}
#endif

void shape_stage(struct matcher *m)
{
#ifdef __x86_64__
	if (m->has_bmi) {
		scan_blocks_bmi(m);
		return;
	}
#endif
	scan_blocks(m);
}
