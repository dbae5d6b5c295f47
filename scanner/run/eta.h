/**
 * eta.h - how long a scan will still take, if that can be told
 *
 * From the part of the walk's weight that is done and the time it took.  Trees are
 * lopsided, so an estimate counts only once it has stood still for a while, and if going on
 * as lately leads to the same end as going on as on the whole; a wrong one is worse than
 * none.
 */
#ifndef ETA_H
#define ETA_H

#include "base.h"

#define ETA_SAMPLES 8
#define ETA_POINTS 32

/** How much was done when. */
struct eta_point {
	double seconds, done;
};

struct eta {
	double totals[ETA_SAMPLES];          /**< whole durations, as they were estimated lately */
	unsigned taken;                      /**< samples ever taken */
	struct eta_point points[ETA_POINTS]; /**< of the whole time, ever further apart */
	unsigned len;
	double apart; /**< seconds between two of them */
	struct eta_point last;
};

/**
 * Tell it how far the scan is; once a second is taken in, more often does no harm.
 *
 * @param seconds  since the scan began
 * @param done     part of the whole, 0 to 1
 */
void eta_update(struct eta *e, double seconds, double done);

/** @return  seconds left; negative: that cannot be told */
double eta_left(const struct eta *e, double seconds);

/** "about 3 min left"; empty if it cannot be told. */
void eta_text(double left, char ret_text[40]);

#endif
