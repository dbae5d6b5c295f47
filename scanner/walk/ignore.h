/**
 * ignore.h - gitignore's globs
 */
#ifndef IGNORE_H
#define IGNORE_H

#include "base.h"

/**
 * Does one glob match?  `*` and `?` stop at `/`, `**` does not, `[a-z]` and `[!a-z]` are
 * sets, `\` quotes.  A glob with a `/` before its end is anchored at the root, another
 * matches the last part of a path; a `/` at the end matches directories alone.
 * A leading `!` is the caller's business.
 */
bool ignore_matches(const char *glob, const char *path, bool is_directory);

#endif
