/*
 * literal.c - Vectorscan finds where a rule may end, PCRE2 what is there
 *
 * The prefilters' ends come in order and are confirmed as they come: there is
 * no list that a hostile text could swell.
 */
#include "matcher.h"

/** Bytes Vectorscan may look at outside of a match: look-behind, and one for \b. */
#define MARGIN (WINDOW_BEHIND + 1)

/** Blocks turned into masks at a time. */
#define BLOCKS_AT_ONCE ((size_t)32)

static int on_match(unsigned rule, unsigned long long from, unsigned long long to, unsigned flags,
		    void *context)
{
	struct matcher *m = context;
	size_t end = m->scan_base + (size_t)to, back = m->set->rules[rule].back;

	(void)from; /* no SOM: PCRE2 finds the start */
	(void)flags;
	if (end > 0)
		confirm_once(m, rule, end > back ? end - back : 0, end - 1);
	return 0;
}

static void scan(struct matcher *m, const hs_database_t *db, size_t begin, size_t end)
{
	m->scan_base = begin;
	if (hs_scan(db, m->win->data + begin, (unsigned)(end - begin), 0, m->scratch, on_match,
		    m) != HS_SUCCESS)
		m->out->gave_up++;
}

/** The part of the window where a match may end that starts in the window's own part. */
static void own_part(const struct matcher *m, size_t back, size_t *ret_begin, size_t *ret_end)
{
	const struct window *win = m->win;

	*ret_begin = win->own_begin > MARGIN ? win->own_begin - MARGIN : 0;
	*ret_end = MIN(win->len, win->own_end + back + MARGIN);
}

void literal_stage(struct matcher *m)
{
	size_t begin, end;

	if (!m->set->literals)
		return;
	own_part(m, m->literals_back, &begin, &end);
	scan(m, m->set->literals, begin, end);
}

/** Runs of `want` digits, 1 to 8, that end in a block; `before` is the block before it. */
static uint64_t digit_runs(uint64_t before, uint64_t digit, uint32_t want)
{
	uint64_t run = digit, run_before = before;

	for (uint32_t have = 1; have < want;) {
		uint32_t by = MIN(have, want - have);

		run &= run << by | run_before >> (64 - by);
		run_before &= run_before << by;
		have += by;
	}
	return run;
}

/**
 * Scan where the digits stand that every one of these rules needs, and as far
 * around them as a match is wide.
 */
static void scan_near_digits(struct matcher *m, size_t begin, size_t end)
{
	uint32_t want = MIN(m->set->others_digits, 8U);
	size_t around = m->others_back + MARGIN, from = 0, to = 0;
	struct bytemask masks[BLOCKS_AT_ONCE];
	uint64_t before = 0;

	for (size_t at = begin; at < end; at += BLOCKS_AT_ONCE * BLOCK_BYTES) {
		size_t blocks = MIN(BLOCKS_AT_ONCE, (end - at + BLOCK_BYTES - 1) / BLOCK_BYTES);

		m->fill(m->win->data + at, blocks, masks);
		for (size_t i = 0; i < blocks; i++) {
			size_t block = at + i * BLOCK_BYTES;
			uint64_t runs = digit_runs(before, masks[i].digit, want);

			before = masks[i].digit;
			if (!runs)
				continue;
			if (block > to + 2 * around) {
				if (to > from)
					scan(m, m->set->others, from, MIN(to + around, end));
				from = block > begin + around ? block - around : begin;
			} else if (to == 0) {
				from = begin;
			}
			to = block + BLOCK_BYTES;
		}
	}
	if (to > from)
		scan(m, m->set->others, from, MIN(to + around, end));
}

void others_stage(struct matcher *m)
{
	size_t begin, end;

	if (!m->set->others)
		return;
	own_part(m, m->others_back, &begin, &end);
	if (m->set->others_digits == 0)
		scan(m, m->set->others, begin, end);
	else
		scan_near_digits(m, begin, end);
}
