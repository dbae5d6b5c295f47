/*
 * settle.c - which of overlapping candidates stand
 *
 * A group is a run of candidates linked by overlap, mostly one to three of them.
 * The best of a group stands, then the best of those it leaves free, and so on.
 * What stands is disjoint, so whether a candidate touches any of it is a question
 * to the one that begins last before the candidate's end: in a large group a tree
 * of bits over the candidates, in order of begin, finds it in a few steps.
 */
#include "settle.h"

/** Groups up to this size are settled by looking at every pair. */
#define GROUP_SMALL ((size_t)16)

/** Four levels of 64 children: 16 million candidates a group. */
#define LEVELS 4

static bool overlaps(const struct candidate *a, const struct candidate *b)
{
	return a->begin < b->end && b->begin < a->end;
}

/** Negative: `a` is better.  Equals stand in the order of the list. */
static int compare(const struct candidate *a, const struct candidate *b)
{
	uint64_t la = a->end - a->begin, lb = b->end - b->begin;

	if (a->verdict != b->verdict) /* the surer one, see enum verdict */
		return a->verdict > b->verdict ? -1 : 1;
	if (la != lb)
		return la > lb ? -1 : 1;
	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	/* Of the numbers that one check digit proves, another of its kind proves one in eleven. */
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* States of `dropped` while a group is being settled. */
enum { STANDS, DROPPED, OPEN };

/** The best of the open ones; NULL: none is open. */
static struct candidate *best_open(struct candidate *group, size_t len)
{
	struct candidate *best = NULL;

	for (size_t i = 0; i < len; i++)
		if (group[i].dropped == OPEN && (!best || compare(&group[i], best) < 0))
			best = &group[i];
	return best;
}

static void settle_pairs(struct candidate *group, size_t len)
{
	struct candidate *best;

	for (size_t i = 0; i < len; i++)
		group[i].dropped = OPEN;
	while ((best = best_open(group, len))) {
		best->dropped = STANDS;
		for (size_t i = 0; i < len; i++)
			if (group[i].dropped == OPEN && overlaps(best, &group[i]))
				group[i].dropped = DROPPED;
	}
}

/** A set of indexes that finds the greatest one below another. */
struct bits {
	uint64_t *level[LEVELS]; /**< bit i of a level: word i of the one below is not 0 */
};

static void bits_add(struct bits *b, size_t i)
{
	for (int l = 0; l < LEVELS; l++, i /= 64)
		b->level[l][i / 64] |= UINT64_C(1) << (i % 64);
}

/** The greatest member below `i`, plus one; 0: none. */
static size_t bits_below(const struct bits *b, size_t i)
{
	for (int l = 0; l < LEVELS; l++, i /= 64) {
		uint64_t word = b->level[l][i / 64] & ((UINT64_C(1) << (i % 64)) - 1);

		if (!word)
			continue;
		i = i / 64 * 64 + 63 - (size_t)__builtin_clzll(word);
		while (l-- > 0)
			i = i * 64 + 63 - (size_t)__builtin_clzll(b->level[l][i]);
		return i + 1;
	}
	return 0;
}

/** How many candidates begin before `at`. */
static size_t begin_before(const struct candidate *group, size_t len, uint64_t at)
{
	size_t lo = 0, hi = len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (group[mid].begin < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int compare_at(const void *a, const void *b)
{
	return compare(*(struct candidate *const *)a, *(struct candidate *const *)b);
}

/** One allocation: the levels, largest first, then pointers to sort. */
static void *lay_out(struct bits *b, size_t len, struct candidate ***ret_order)
{
	size_t words[LEVELS], sum = 0, n = len + 1;
	uint64_t *all;

	for (int l = 0; l < LEVELS; l++) {
		n = n / 64 + 1;
		words[l] = n;
		sum += n;
	}
	if (words[LEVELS - 1] != 1)
		return NULL;
	all = calloc(sum + len, sizeof(*all));
	if (!all)
		return NULL;
	n = 0;
	for (int l = 0; l < LEVELS; n += words[l], l++)
		b->level[l] = all + n;
	*ret_order = (struct candidate **)(void *)(all + n);
	return all;
}

static void settle_many(struct candidate *group, size_t len)
{
	struct candidate **order;
	struct bits standing;
	CLEANUP(mem_freep) void *memory = lay_out(&standing, len, &order);

	if (!memory) {
		settle_pairs(group, len); /* slow, and the same */
		return;
	}
	for (size_t i = 0; i < len; i++)
		order[i] = &group[i];
	qsort(order, len, sizeof(*order), compare_at);
	for (size_t i = 0; i < len; i++) {
		struct candidate *c = order[i];
		size_t before = bits_below(&standing, begin_before(group, len, c->end));

		c->dropped = before > 0 && overlaps(&group[before - 1], c);
		if (!c->dropped)
			bits_add(&standing, (size_t)(c - group));
	}
}

/** Length of the group at the front, and where it ends in the text. */
static size_t group_len(const struct candidate *list, size_t len, uint64_t *ret_end)
{
	uint64_t end = list[0].end;
	size_t n = 1;

	for (; n < len && list[n].begin < end; n++)
		end = MAX(end, list[n].end);
	*ret_end = end;
	return n;
}

size_t settle(struct candidate *list, size_t len, uint64_t sealed)
{
	size_t done = 0;

	while (done < len) {
		uint64_t end;
		size_t n = group_len(list + done, len - done, &end);

		if (end > sealed)
			break;
		if (n == 1)
			list[done].dropped = STANDS;
		else if (n <= GROUP_SMALL)
			settle_pairs(list + done, n);
		else
			settle_many(list + done, n);
		done += n;
	}
	return done;
}
