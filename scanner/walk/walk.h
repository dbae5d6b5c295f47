/**
 * walk.h - roots to opened files
 *
 * Threads walk, one on local disks and more where a server's answers take time, and what
 * they find waits in a short queue.  A call that hangs hangs one of them.
 *
 * Walks with directory descriptors and single names, never a long path in a system
 * call.  Follows no link but a root's own, opens nothing but regular files and
 * directories, changes no access time where the kernel lets it, never reads content.  Everything
 * found is handed out, also what cannot or may not be read.
 */
#ifndef WALK_H
#define WALK_H

#include <assay/types.h>
#include <sys/stat.h>

#include "base.h"

struct walk_options {
	const char *const *excludes; /**< gitignore globs in the order given; `!` includes again */
	size_t excludes_len;
	bool cross_mounts;
	bool recall_offline;   /**< read stub files too */
	int stdin_fd;          /**< what the root "-" stands for: a seekable descriptor, or -1 */
	bool default_excludes; /**< snapshots' directories; `excludes` may take them in again */
	unsigned threads;      /**< that walk; 0: WALK_THREADS, and ..._REMOTE on a network */
	/** All roots are known to lie on this machine: the caller's own thread walks, which
	 * saves it the price of descriptors that threads share, until something else is met. */
	bool local;
	uint64_t stall_ms;  /**< after so long without an answer storage is given up; 0: never */
	size_t descriptors; /**< the walk may have open; 0: enough */
	bool weigh;         /**< fill in the entries' weights */
	bool test_hooks;    /**< obey names such as "!STALL": test builds only */
};

#define WALK_THREADS 1
#define WALK_THREADS_REMOTE 16
#define WALK_THREADS_MAX 64

/** Something found.  `path` is relative to the root; "" is the root itself. */
struct walk_entry {
	unsigned root;    /**< index of the root */
	char *path;       /**< raw bytes; now the caller's */
	const char *name; /**< last part: inside `path`, or the root's own */
	int fd;           /**< of a regular file, now the caller's; or -1 */
	struct stat st;   /**< valid if has_stat */
	bool has_stat;
	enum assay_coverage coverage; /**< COMPLETE: to be scanned; else why not: */
	enum assay_reason reason;
	bool is_directory; /**< a directory that could not be read or was left out */
	char detail[96];
	/** Another name of a file with nothing to report, which need not be read again: the
	 * directory entry differs, content and last part of the name are the same. */
	bool is_link;
	bool is_remote;  /**< a call about it may hang: use walk_recheck() and walk_close() */
	double weight;   /**< its share of the whole walk; all of them come to 1 */
	uint64_t serial; /**< counts entries from 0 */
};

/** What came of a file that has more names than one. */
enum walk_fate {
	WALK_UNSETTLED, /**< not known yet: its other names are read too */
	WALK_CLEAN,     /**< read whole, nothing to report: its other names are links */
	WALK_NOTABLE,   /**< its other names have the same to report, so they are read */
	WALK_LOST,      /**< cost a worker or its deadline: not to be tried again */
};

struct walk_stats {
	uint64_t atime_kept_not; /**< files opened although their access time may move */
};

/** Opaque. */
struct walk;

/**
 * @param roots  borrowed; must outlive the walk.  A root that is a link is resolved
 *               once.  A root that is missing becomes an entry (VANISHED).
 */
MUST_USE enum assay_status walk_new(const char *const *roots, size_t roots_len,
				    const struct walk_options *options, struct walk **ret_walk,
				    struct assay_error *err);
void walk_free(struct walk *w);

/** Never hand out this file (own log, own output). */
void walk_forbid(struct walk *w, dev_t dev, ino_t ino);

/** Say what came of an entry; of use for files with st_nlink > 1, harmless for others. */
void walk_settle(struct walk *w, const struct walk_entry *e, enum walk_fate fate,
		 enum assay_reason reason);
const struct walk_stats *walk_stats(const struct walk *w);

/**
 * Instead of walking: names from a list, no recursion; directories in it are refused.
 *
 * @param fd         read to its end, borrowed
 * @param separator  '\n' or '\0'
 */
MUST_USE enum assay_status walk_files_from(int fd, char separator,
					   const struct walk_options *options,
					   struct walk **ret_walk, struct assay_error *err);

/** @return  1 an entry, 0 the end, -1 memory, or the list cannot be read (err), 2 none yet:
 * wait for walk_fd(), though not for more than a tenth of a second */
int walk_next(struct walk *w, struct walk_entry *ret_entry, struct assay_error *err);

/** Readable when there may be an entry, or the end. */
int walk_fd(const struct walk *w);

/** Weight of what is done and has no entry: empty directories. */
double walk_credit(const struct walk *w);

/** Descriptors the walk keeps at most, those of entries it has not given out among them. */
size_t walk_descriptors(const struct walk *w);

/** Is an open file what it was when it was opened? */
enum walk_check { WALK_SAME, WALK_CHANGED, WALK_NO_ANSWER };
enum walk_check walk_recheck(struct walk *w, const struct walk_entry *e);

/** Open an entry's file again (a retry at the end of the scan): by root and path.  Closes
 * the old descriptor and updates `st`.
 * @return  false: it is gone, or storage does not answer; the old descriptor stays */
bool walk_reopen(struct walk *w, struct walk_entry *e);

/** Close an entry's descriptor, if it is open. */
void walk_close(struct walk *w, struct walk_entry *e);

/** The globs that are excluded unless an option takes them in again; NULL ends them. */
const char *const *walk_default_excludes(void);

/** Does a path (relative, raw bytes) match gitignore globs?  Last match wins. */
bool walk_excluded(const struct walk_options *options, const char *path, bool is_directory);

#endif
