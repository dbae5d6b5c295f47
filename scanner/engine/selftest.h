/**
 * selftest.h - does everything still work behind the lock?
 *
 * A confined library may give empty text and no error; so every worker reads a small
 * sample of each format, and finds every rule's first example, after lockdown.
 */
#ifndef SELFTEST_H
#define SELFTEST_H

#include "identify.h"
#include "match.h"

/* Both end with FATAL and say what did not come out as it should. */

MUST_USE enum assay_status selftest_formats(struct identifier *id, struct assay_error *err);
MUST_USE enum assay_status selftest_rules(const assay_ruleset *set, struct matcher *m,
					  struct assay_error *err);

#endif
