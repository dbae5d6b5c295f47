/* numbers.c - numbers that stand alone, and how many of them are hits */
#include "numbers.h"

/** When so many of a length have been counted, they count half. */
#define NUMBERS_OLD 1024u

/** Neither part of a word, nor of a path, an amount or a longer number. */
static bool stands_alone(const char *data, size_t len, size_t begin, size_t end)
{
	char before = begin ? data[begin - 1] : ' ', after = end < len ? data[end] : ' ';

	return !is_alnum(before) && !is_alnum(after) && before != '_' && after != '_' &&
	       before != '.' && before != '/' && before != '-' && before != '#';
}

void numbers_age(struct numbers *n)
{
	for (size_t i = NUMBER_MIN; i <= NUMBER_MAX; i++)
		if (n->all[i] > NUMBERS_OLD) {
			n->all[i] /= 2;
			n->hits[i] /= 2;
		}
}

void numbers_count(struct numbers *n, const char *data, size_t len, size_t from, size_t to)
{
	size_t begin, end, at = from;

	while (at < to && at + NUMBER_MIN <= len) {
		/* A run that begins here reaches this byte; most texts are left in strides. */
		size_t probe = at + NUMBER_MIN - 1;

		if (!is_digit(data[probe])) {
			at = probe + 1;
			continue;
		}
		for (begin = probe; begin > at && is_digit(data[begin - 1]);)
			begin--;
		for (end = probe + 1; end < len && is_digit(data[end]);)
			end++;
		if (begin < to && end - begin >= NUMBER_MIN && end - begin <= NUMBER_MAX &&
		    stands_alone(data, len, begin, end))
			n->all[end - begin]++;
		at = end + 1;
	}
}

size_t number_at(const char *data, size_t len, size_t begin, size_t end)
{
	if (end - begin < NUMBER_MIN || end - begin > NUMBER_MAX ||
	    !stands_alone(data, len, begin, end))
		return 0;
	for (size_t i = begin; i < end; i++)
		if (!is_digit(data[i]))
			return 0;
	return end - begin;
}

void numbers_hit(struct numbers *n, size_t digits)
{
	n->hits[digits]++;
}

bool numbers_luck(const struct numbers *n, size_t digits)
{
	uint32_t all = MAX(n->all[digits], n->hits[digits]);

	return all >= NUMBERS_LUCK_MIN &&
	       n->hits[digits] * UINT64_C(100) <= (uint64_t)all * NUMBERS_LUCK_PERCENT;
}
