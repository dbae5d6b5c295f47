/**
 * asrg.h - a pattern of ours in the words of `rg --no-unicode`
 */
#ifndef ASRG_H
#define ASRG_H

#include "buf.h"

/**
 * Translate a PCRE2 pattern to the syntax of Rust's regex crate, as a superset:
 * look-around, atomic groups and possessive repeats match more than they did.
 * Lines are searched one by one, so a match ends at its first line end.
 *
 * @return  false if it cannot be said (back references, recursion), or if nothing
 *          would be left; `out` may hold a part
 */
MUST_USE bool pattern_as_rg(const char *pattern, struct buf *out);

#endif
