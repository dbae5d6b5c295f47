/**
 * report.h - run log to every other format
 *
 * Reporters see the log and nothing else.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "base.h"

struct report_options {
	bool color;           /**< terminal colours */
	unsigned width;       /**< columns of the terminal; 0: 80 */
	unsigned top;         /**< rows per table, 20 */
	bool show_values;     /**< print `value` where the log has it */
	const char *log_name; /**< for the "next useful command" line; NULL: none was kept */
};

struct reporter {
	const char *format;
	const char *help;
	enum assay_status (*run)(int log_fd, FILE *out, const struct report_options *options,
				 struct assay_error *err);
};

/** All formats; ends with a NULL format. */
extern const struct reporter reporters[];
const struct reporter *reporter_find(const char *format);

/**
 * Check a log's hash chain and counters.
 *
 * @return  ASSAY_OK; ASSAY_FAILED: altered, cut or inconsistent (err says where);
 *          ASSAY_FATAL: could not be read
 */
MUST_USE enum assay_status report_verify(int log_fd, struct assay_error *err);

/**
 * Print text of unknown origin so that it cannot drive a terminal: control characters,
 * bidirectional overrides and bytes that are not UTF-8 become escapes.
 */
void report_escape(FILE *out, const char *text, size_t len);

#endif
