/** savefile.h - a file that appears whole or not at all */
#ifndef SAVEFILE_H
#define SAVEFILE_H

#include "base.h"

/**
 * Write `data` beside `name` and rename it into place, both flushed to the disk: whoever
 * opens `name` sees the old content or all of the new, also after a power cut.  The file
 * is readable by its owner alone, whatever the umask.
 *
 * @param dir   an open directory
 * @param name  of a file in it, without slashes
 * @return      false: errno says why, and nothing is left behind; ENOTSUP: the name is a
 *              device's or a pipe's, which must not be replaced by a file
 */
MUST_USE bool file_save(int dir, const char *name, const void *data, size_t len);

/** What the names of unfinished files end in. */
#define UNFINISHED_SUFFIX ".part"

#endif
