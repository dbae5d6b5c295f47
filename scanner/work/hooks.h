/**
 * hooks.h - files that make a worker misbehave, for tests alone
 *
 * A file that begins with a marker of the table in hooks.c does to its worker what a
 * hostile file might.  Compiled into test builds (ASSAY_TEST_HOOKS) only, and there off
 * unless the scan's options say `test_hooks`.
 */
#ifndef HOOKS_H
#define HOOKS_H

#include "base.h"

/** Exit status of a worker that was allowed what it must not be. */
#define HOOKS_NOT_REFUSED 77

/** What the worker must do after a hook came back. */
enum hook_result {
	HOOK_NONE,          /**< no marker, or it was refused: scan on */
	HOOK_OUT_OF_MEMORY, /**< malloc failed, as it would in a parser */
};

/**
 * Obey the marker at the start of a file, if there is one.  May not return.
 *
 * @param sock  where the LIE marker sends its malformed frame
 */
enum hook_result hooks_obey(int fd, int sock);

#endif
