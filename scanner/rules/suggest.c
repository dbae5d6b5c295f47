/* suggest.c - the known word nearest to a mistyped one */
#include "suggest.h"

#define WORD_MAX ((size_t)64)

/** Optimal string alignment; both words are at most WORD_MAX long. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *spare = before;

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned other = a[i - 1] != b[j - 1];

			now[j] = MIN(MIN(last[j] + 1, now[j - 1] + 1), last[j - 1] + other);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = MIN(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[b_len];
}

void suggest(struct suggestion *s, const char *candidate)
{
	size_t word_len = strlen(s->word), len = strlen(candidate);
	unsigned d;

	if (word_len > WORD_MAX || len > WORD_MAX)
		return;
	d = distance(s->word, word_len, candidate, len);
	/* Two edits turn any word of two letters into any other. */
	if (d < s->distance && d < MIN(len, word_len)) {
		s->distance = d;
		s->best = candidate;
	}
}
