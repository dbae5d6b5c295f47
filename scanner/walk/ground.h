/**
 * ground.h - what all walkers of a scan share
 *
 * Roots, options and forbidden files stand still once walkers have begun; what moves is
 * counted under a lock or by atomics.
 */
#ifndef GROUND_H
#define GROUND_H

#include <pthread.h>
#include <stdatomic.h>

#include "mounts.h"
#include "walk.h"

struct id {
	dev_t dev;
	ino_t ino;
};

/** A file system that gives I/O errors. */
struct failing {
	dev_t dev;
	unsigned in_row;
};

struct ground {
	const char *const *roots;
	size_t roots_len;
	struct walk_options options;
	struct id forbidden[8];
	size_t forbidden_len;
	atomic_uint_fast64_t atime_kept_not;
	pthread_mutex_t lock; /**< of what follows */
	struct failing failing[16];
	size_t failing_len;
	atomic_bool any_failing; /**< so that no lock is needed where nothing fails */
};

/** Is it one of the files that are never read, such as the log itself? */
bool ground_forbids(const struct ground *g, const struct stat *st);

/** A call failed: fill in `e`, and note whether the file system as a whole seems gone. */
void ground_failed(struct ground *g, struct walk_entry *e, dev_t dev, int error);
/** A call was answered well: errors in a row begin anew. */
void ground_answered(struct ground *g, dev_t dev);
/** Were there so many errors in a row that nothing more is asked of it? */
bool ground_is_unavailable(struct ground *g, dev_t dev);

/** Give an entry a status that is not COMPLETE. */
void refuse(struct walk_entry *e, enum assay_coverage coverage, enum assay_reason reason,
	    const char *detail);

#define OPEN_FILE (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
#define OPEN_DIR (O_RDONLY | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC)

/** Open without touching the access time, where the owner lets us. */
int open_quietly(struct ground *g, int dir, const char *name, int flags);

/** The directory in which a path's last part lies, for a path that may be longer than a
 * system call takes.  @return  a descriptor, AT_FDCWD if the path is short, or -1 */
int open_long_parents(struct ground *g, const char *path, const char **ret_last);

/** Open something below a root by its path, part by part. */
int open_below(struct ground *g, const char *root, const char *path, int flags);

/** Open a listed name. */
int open_listed(struct ground *g, const char *path, int flags);

#endif
