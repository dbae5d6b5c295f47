/* eta.c - estimates that have stood still */
#include "eta.h"

#include <stdio.h>

/** Less than this done says nothing of the rest. */
#define DONE_LEAST 0.02

/** Between the largest and the smallest of the last estimates. */
#define SPREAD_MOST 1.25

/** Between the rest at the pace of the whole and at that of the last quarter. */
#define DISAGREE_MOST 1.5

#define MINUTE 60.0
#define HOUR 3600.0

/** Remember the way here; a long one with fewer points a minute. */
static void add_point(struct eta *e, const struct eta_point *p)
{
	if (e->len > 0 && p->seconds < e->points[e->len - 1].seconds + e->apart)
		return;
	if (e->len == ETA_POINTS) {
		e->len = ETA_POINTS / 2;
		e->apart = 2 * MAX(e->apart, 1.0);
		for (unsigned i = 0; i < e->len; i++)
			e->points[i] = e->points[2 * i];
	}
	e->points[e->len++] = *p;
}

void eta_update(struct eta *e, double seconds, double done)
{
	if (seconds < e->last.seconds + 1)
		return;
	e->last = (struct eta_point){ seconds, done };
	add_point(e, &e->last);
	if (done < DONE_LEAST)
		e->taken = 0;
	else
		e->totals[e->taken++ % ETA_SAMPLES] = seconds / done;
}

/** Seconds left at the pace since three quarters of the time; negative: there is none. */
static double left_lately(const struct eta *e)
{
	const struct eta_point *from = &e->points[e->len * 3 / 4];
	double done = e->last.done - from->done;

	if (done <= 0)
		return -1;
	return (1 - e->last.done) / done * (e->last.seconds - from->seconds);
}

double eta_left(const struct eta *e, double seconds)
{
	double least = e->totals[0], most = e->totals[0], sum = 0, whole, lately;

	if (e->taken < ETA_SAMPLES)
		return -1;
	for (unsigned i = 0; i < ETA_SAMPLES; i++) {
		least = MIN(least, e->totals[i]);
		most = MAX(most, e->totals[i]);
		sum += e->totals[i];
	}
	whole = MAX(sum / ETA_SAMPLES - seconds, 0.0);
	lately = left_lately(e);
	if (most > least * SPREAD_MOST || lately < 0 || lately > whole * DISAGREE_MOST + 5 ||
	    whole > lately * DISAGREE_MOST + 5)
		return -1;
	return MAX(whole, lately);
}

void eta_text(double left, char ret_text[40])
{
	unsigned minutes = (unsigned)(MIN(left, 1e6) / MINUTE + 0.5);

	if (left < 0)
		ret_text[0] = '\0';
	else if (left < 0.75 * MINUTE)
		snprintf(ret_text, 40, "less than a minute left");
	else if (left < 1.5 * HOUR)
		snprintf(ret_text, 40, "about %u min left", MAX(minutes, 1));
	else if (left < 10 * HOUR)
		snprintf(ret_text, 40, "about %u h %u min left", (minutes + 5) / 60,
			 (minutes + 5) % 60 / 10 * 10);
	else
		snprintf(ret_text, 40, "about %.0f h left", left / HOUR);
}
