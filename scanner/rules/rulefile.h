/**
 * rulefile.h - opening and reading what rules come from
 *
 * Whoever can change a rule can hide a finding: packs, terms and lists of known values
 * must belong to root or to the caller, and nobody else may write to them.
 */
#ifndef RULEFILE_H
#define RULEFILE_H

#include <sys/stat.h>

#include "buf.h"

/** The end of a long path: a message has one line. */
const char *rulefile_shown(const char *path);

/** "PATH: what", ASSAY_BAD_RULE. */
enum assay_status rulefile_fail(struct assay_error *err, const char *path, const char *what);

/**
 * @param ret_fd    the caller's to close, also on failure
 * @param ret_info  of the open file
 */
MUST_USE enum assay_status rulefile_open(const char *path, bool may_be_directory, int *ret_fd,
					 struct stat *ret_info, struct assay_error *err);

/**
 * Read all there is.
 *
 * @param max  bytes, at most; the buffer's limit is 32 KiB more
 */
MUST_USE enum assay_status rulefile_read(int fd, const char *path, size_t max, struct buf *content,
					 struct assay_error *err);

#endif
