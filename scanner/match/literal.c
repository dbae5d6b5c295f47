/*
 * literal.c - Vectorscan finds where a rule may end, PCRE2 what is there
 *
 * The prefilters' ends come in order and are confirmed as they come: there is
 * no list that a hostile text could swell.
 */
#include "matcher.h"

/** Bytes Vectorscan may look at outside of a match: look-behind, and one for \b. */
#define MARGIN (WINDOW_BEHIND + 1)

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

void beside_stage(struct matcher *m)
{
	size_t begin, end;

	own_part(m, m->besides_back, &begin, &end);
	scan(m, m->set->besides, begin, end);
}

void others_stage(struct matcher *m)
{
	size_t begin, end;

	if (!m->set->others)
		return;
	own_part(m, m->others_back, &begin, &end);
	scan(m, m->set->others, begin, end);
}
