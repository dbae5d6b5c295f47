/**
 * walker.h - one walker: depth first, directory descriptors and single names
 *
 * Runs in a thread of its own.  Any system call may hang in the kernel for as long as a
 * server is away, so a walker publishes what it is at before each; whoever waits for it
 * may then leave it behind, and it touches nothing shared any more.
 */
#ifndef WALKER_H
#define WALKER_H

#include "buf.h"
#include "ground.h"
#include "vec.h"

/** walker.since of one that was left behind. */
#define WALKER_LEFT UINT64_MAX

/** A directory that is being listed. */
struct level {
	int fd; /**< -1: closed for being far up */
	struct site site;
	size_t path_len; /**< of the directory's path in walker.path */
	char *entries;   /**< what getdents64 told, or NULL while closed */
	size_t len, next;
	off_t after; /**< d_off of the entry last taken */
	bool stubs;  /**< a file system that keeps stubs of tiered files */
	bool remote; /**< a file system on a network */
	bool weighed;
	double weight; /**< share of the scan that its names not yet taken have together */
	size_t names_left;
};

/** A name to look at, and all below it: a root, a listed name, or one of a directory. */
struct job {
	enum job_kind { JOB_ROOT, JOB_LISTED, JOB_NAME } kind;
	unsigned root;
	char *path;         /**< owned */
	bool cut;           /**< JOB_LISTED: no name of a file */
	struct level above; /**< JOB_NAME: its directory; the descriptor is owned */
	mode_t type;        /**< S_IFMT bits if known */
	double weight;      /**< share of the whole scan */
};

struct crew;

struct walker {
	struct ground *ground; /**< shared */
	struct crew *crew;     /**< whom to hand names to; shared */
	struct vec(struct level) levels;
	struct level above; /**< of the job's name, if it has a directory */
	struct buf path;    /**< of the directory at hand, relative to its root */
	char *spare;        /**< a buffer of entries that no level has */
	unsigned root;
	bool leaves;   /**< the deepest level is done with */
	double credit; /**< weight of what is done and has no entry of its own */
	/* What it is at, for others to see: */
	_Atomic uint64_t since; /**< ns; 0: in no system call; WALKER_LEFT */
	_Atomic uint64_t dev;   /**< file system it is at; 0: not known */
	const char *at;         /**< path; read it only of one that was left behind */
	bool at_is_own;         /**< it was left behind, and `at` is its `path` */
	size_t base_len;        /**< length of the job's path, likewise */
	unsigned at_root;       /**< likewise */
};

void walker_init(struct walker *w, struct ground *ground, struct crew *crew);
void walker_done(struct walker *w);

/**
 * Begin with a job (taken over, also on failure).
 *
 * @return  1 an entry, 0 none: go on with walker_next(), -1 memory, -2 it was left behind
 */
int walker_begin(struct walker *w, struct job *job_take, struct walk_entry *ret);

/** Go on with it.  @return  as walker_begin(); 0: it is done */
int walker_next(struct walker *w, struct walk_entry *ret);

void job_done(struct job *job);

/* The crew's side. */

/** Take a job to be shared.  @return  false: do it yourself (the job stays the caller's) */
bool crew_offer(struct crew *c, struct job *job, bool always);
/** Would it take one? */
bool crew_wants(struct crew *c);
/** A network file system was met. */
void crew_remote(struct crew *c);

#endif
