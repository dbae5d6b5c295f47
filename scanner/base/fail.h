/** fail.h - filling in an error, in one expression */
#ifndef FAIL_H
#define FAIL_H

#include "base.h"

/**
 * Describe a failure.  `return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED, "...");`
 *
 * @param err  may be NULL
 * @param fmt  one line; never scanned content
 * @return     `reach`
 */
enum assay_status assay_fail(struct assay_error *err, enum assay_status reach,
			     enum assay_reason reason, const char *fmt, ...) PRINTF_LIKE(4, 5);

/** The same with an errno, whose text is appended: "open: Permission denied". */
enum assay_status assay_fail_sys(struct assay_error *err, enum assay_status reach,
				 enum assay_reason reason, int sys, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

/** `memory` in one word. */
enum assay_status assay_fail_memory(struct assay_error *err, const char *what);

/** The gap reason that belongs to an errno of open, stat or read. */
enum assay_reason reason_of_errno(int sys);

#endif
