/**
 * ignore.h - gitignore's globs
 */
#ifndef IGNORE_H
#define IGNORE_H

#include "base.h"

/**
 * Does one glob match?  `*`, `?` and the sets `[a-z] [!a-z] [[:digit:]]` stop at `/`; `**`
 * as a whole part stands for any number of parts (at the end: for all that is inside);
 * `\` quotes.  A glob with a `/` before its end is anchored at the root, another matches
 * the last part of a path; a `/` at the end matches directories alone.
 * A leading `!` is the caller's business.
 */
bool ignore_matches(const char *glob, const char *path, bool is_directory);

#endif
