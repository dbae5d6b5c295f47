/**
 * error.h - how far a failure reaches, and what it was
 *
 * The return value says how far the damage goes, the error says what happened.
 * Errors are plain values: reporting one allocates nothing.
 */
#ifndef ASSAY_ERROR_H
#define ASSAY_ERROR_H

#include <stdbool.h>

/** How far the damage of a failure reaches. */
enum assay_status {
	ASSAY_OK = 0,
	ASSAY_PARTIAL = -1, /**< some content was read; a coverage gap */
	ASSAY_FAILED = -2,  /**< this item is lost; the scan goes on */
	ASSAY_FATAL = -3,   /**< the scan cannot go on */
};

/**
 * Why something was not, or not wholly, read: the closed list of the run log's
 * gaps, then what only a caller ever sees.  The numbers travel between
 * processes of one build; the names are the log's and stay.
 */
enum assay_reason {
	ASSAY_REASON_NONE,
	ASSAY_PERMISSION,
	ASSAY_VANISHED,
	ASSAY_IO_ERROR,
	ASSAY_CHANGED, /**< changed while it was read */
	ASSAY_ENCRYPTED,
	ASSAY_PASSWORD_PROTECTED,
	ASSAY_RIGHTS_MANAGED,
	ASSAY_UNSUPPORTED_TYPE,
	ASSAY_MALFORMED,
	ASSAY_NO_TEXT, /**< an image of text only */
	ASSAY_LIMIT_SIZE,
	ASSAY_LIMIT_DEPTH,
	ASSAY_LIMIT_RATIO,
	ASSAY_LIMIT_TIME,
	ASSAY_LIMIT_MEMORY,
	ASSAY_LIMIT_MEMBERS,
	ASSAY_LIMIT_OVERLAP,
	ASSAY_LIMIT_HITS,
	ASSAY_LIMIT_MATCH,        /**< a pattern gave up at its match limit */
	ASSAY_ENGINE_UNAVAILABLE, /**< a worker class failed its self-test */
	ASSAY_ROOT_UNAVAILABLE,
	ASSAY_OFFLINE, /**< a tiered or stub file: reading would recall it */
	ASSAY_SPECIAL_FILE,
	ASSAY_SYMLINK, /**< a link that is not followed */
	ASSAY_NOT_MOUNTED,
	ASSAY_CRASH_QUARANTINED, /**< the worker died on it */
	ASSAY_CONTAINER_SLACK,   /**< bytes no member covers; scanned as raw text */
	ASSAY_EXCLUDED_BY_RULE,  /**< left out by --exclude or a default exclusion */
	ASSAY_GAP_REASONS,       /**< the reasons above are those of the log */

	ASSAY_BAD_RULE = ASSAY_GAP_REASONS,
	ASSAY_BAD_USAGE,
	ASSAY_NO_MEMORY,
	ASSAY_NOT_SANDBOXED,
	ASSAY_INTERNAL,
	ASSAY_REASON_COUNT
};

struct assay_error {
	enum assay_reason reason;
	int sys;          /**< errno, or 0 */
	char detail[256]; /**< one line; never scanned content */
};

/** The log's name of a reason, such as `limit-depth`; a static string. */
const char *assay_reason_name(enum assay_reason reason);

/** Does a gap of this reason make the scan incomplete, unless told otherwise? */
bool assay_reason_blocks(enum assay_reason reason);

#endif
