/* walker.c - levels of directories, and what is met in them */
#include "walker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "fail.h"

/**
 * Deep trees would use up descriptors and memory, so only the deepest levels keep theirs;
 * on the way back a level is opened again, through `..` or from the root down, checked to
 * be the same directory, and goes on after the entry it had come to.
 */
#define LEVELS_OPEN 16
#define DIRENT_BYTES (64 * KiB)

/** A name and its record: less room than this left over means that a listing had more. */
#define DIRENT_ROOM 512

/** How deep a tree is walked.  What lies deeper is a gap: no honest tree comes near. */
#define LEVELS_MAX 16384
#define PATH_BYTES_MAX (1 * MiB)

/** A name in an open directory. */
struct name {
	int dir;
	const char *name;
	const struct level *level; /**< NULL: a root or a listed name */
	mode_t type;               /**< S_IFMT bits if getdents64 told them, else 0 */
	double weight;             /**< share of the scan */
};

static dev_t dev_of(const struct name *n)
{
	return n->level ? n->level->site.dev : 0;
}

/** The type of what the name stands for, without opening it.  0: not to be had (errno). */
static mode_t type_of(const struct name *n)
{
	struct site site;

	if (n->type)
		return n->type;
	errno =
	    *n->name ? site_of(n->dir, n->name, n->level ? AT_SYMLINK_NOFOLLOW : 0, &site) : ENOENT;
	return errno ? 0 : site.type;
}

/* Files. */

/** Is a file mounted from elsewhere?  Its device alone does not tell: layered file
 * systems give files devices of their own. */
static bool is_mounted_file(const struct name *n, int fd, const struct stat *st)
{
	struct site site;

	return n->level && st->st_dev != n->level->site.dev && site_of(fd, "", 0, &site) == 0 &&
	       site_crosses(&n->level->site, &site);
}

/** Would reading it bring it back from elsewhere?  Also notes whether it is far away, for
 * names that no directory's walk came to. */
static bool is_offline(struct walker *w, const struct name *n, int fd, struct walk_entry *e)
{
	struct mount_kind kind = { .stubs = n->level && n->level->stubs };

	if (!n->level) {
		kind = mount_kind_of(fd);
		e->is_remote = kind.remote;
		if (kind.remote)
			crew_remote(w->crew);
	}
	return !w->ground->options.recall_offline && kind.stubs && is_stub(fd, &e->st);
}

/* For tests: names of files that do what storage may do. */

#ifdef ASSAY_TEST_HOOKS

static bool hook_is_remote(const struct walker *w, const char *name)
{
	return w->ground->options.test_hooks && strncmp(name, "!REMOTE", 7) == 0;
}

/** "!STALL" hangs for ever, "!STALL-500" for half a second. */
static void obey_hook(const struct walker *w, const char *name)
{
	if (!w->ground->options.test_hooks || strncmp(name, "!STALL", 6) != 0)
		return;
	if (name[6] == '-')
		usleep((useconds_t)atoi(name + 7) * 1000);
	while (name[6] != '-')
		pause();
}

#else

static bool hook_is_remote(const struct walker *w, const char *name)
{
	(void)w, (void)name;
	return false;
}

static void obey_hook(const struct walker *w, const char *name)
{
	(void)w, (void)name;
}

#endif

static int open_entry(struct walker *w, const struct name *n, const struct walk_entry *e, int flags)
{
	int fd;

	obey_hook(w, n->name);
	fd = open_quietly(w->ground, n->dir, n->name, n->level ? flags : flags & ~O_NOFOLLOW);

	/* The server has forgotten the directory: once more, from the root down. */
	if (fd < 0 && errno == ESTALE && n->level)
		fd = open_below(w->ground, w->ground->roots[w->root], e->path, flags);
	return fd;
}

static void open_file(struct walker *w, const struct name *n, struct walk_entry *e)
{
	CLEANUP(fd_closep) int fd = open_entry(w, n, e, OPEN_FILE);

	/* ELOOP: it was a file when the directory was read, and is a link now. */
	if (fd < 0 && errno == ELOOP && n->level) {
		refuse(e, ASSAY_EXCLUDED, ASSAY_SYMLINK, "became a link");
		return;
	}
	if (fd < 0 || fstat(fd, &e->st) < 0) {
		ground_failed(w->ground, e, dev_of(n), errno);
		return;
	}
	e->has_stat = true;
	ground_answered(w->ground, dev_of(n));
	if (!S_ISREG(e->st.st_mode))
		refuse(e, ASSAY_EXCLUDED, ASSAY_SPECIAL_FILE, "not a regular file");
	else if (ground_forbids(w->ground, &e->st))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE, "assay's own output");
	else if (!w->ground->options.cross_mounts && is_mounted_file(n, fd, &e->st))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE,
		       "of another file system; see --cross-mounts");
	else if (is_offline(w, n, fd, e))
		refuse(e, ASSAY_NOTHING, ASSAY_OFFLINE, "reading would recall it; see --recall");
	if (e->coverage == ASSAY_COMPLETE)
		e->fd = fd_steal(&fd);
}

/* Directories. */

static void level_close(struct walker *w, struct level *level)
{
	fd_closep(&level->fd);
	if (!w->spare)
		w->spare = steal(&level->entries);
	free(level->entries);
	level->entries = NULL;
}

/** Give a level room for entries. */
static bool level_room(struct walker *w, struct level *level)
{
	level->len = level->next = 0;
	level->entries = w->spare ? steal(&w->spare) : malloc(DIRENT_BYTES);
	return level->entries != NULL;
}

/** Close the levels that are far up; they are opened again on the way back. */
static void close_far_level(struct walker *w)
{
	if (w->levels.len > LEVELS_OPEN)
		level_close(w, &w->levels.items[w->levels.len - 1 - LEVELS_OPEN]);
}

/** May the walk go there?  Says in `e` why not. */
static bool may_enter(const struct walker *w, const struct level *above, const struct site *to,
		      struct walk_entry *e)
{
	if (!above)
		return true;
	if (!w->ground->options.cross_mounts &&
	    (to->is_automount || site_crosses(&above->site, to)))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE,
		       "another file system; see --cross-mounts");
	else if (to->is_automount)
		refuse(e, ASSAY_NOTHING, ASSAY_NOT_MOUNTED, "not mounted; assay mounts nothing");
	return e->coverage == ASSAY_COMPLETE;
}

/** Open a directory that may be entered.  @return  -1: e says why not */
static int open_dir(struct walker *w, const struct name *n, struct walk_entry *e, struct site *ret)
{
	CLEANUP(fd_closep) int fd = -1;
	int error = site_of(n->dir, n->name, n->level ? AT_SYMLINK_NOFOLLOW : 0, ret);

	if (error == 0 && !may_enter(w, n->level, ret, e))
		return -1;
	if (error == 0 || error == ESTALE) {
		fd = open_entry(w, n, e, OPEN_DIR);
		error = fd < 0 ? errno : site_of(fd, "", 0, ret);
	}
	if (error == ENOTDIR || error == ELOOP) {
		refuse(e, ASSAY_NOTHING, ASSAY_VANISHED, "replaced while the tree was walked");
		return -1;
	}
	if (error) {
		ground_failed(w->ground, e, dev_of(n), error);
		return -1;
	}
	/* What was opened counts: something may have been put there in between. */
	return may_enter(w, n->level, ret, e) ? fd_steal(&fd) : -1;
}

/** Go down.  @return  1: e says why not; 0: entered; -1: memory */
static int enter(struct walker *w, const struct name *n, struct walk_entry *e)
{
	const struct level *above = n->level;
	size_t path_len = strlen(e->path);
	CLEANUP(fd_closep) int fd = -1;
	struct mount_kind kind = { .stubs = above && above->stubs,
				   .remote = above && above->remote };
	struct level *level;
	struct site site;

	if (w->levels.len == LEVELS_MAX || path_len >= PATH_BYTES_MAX) {
		refuse(e, ASSAY_NOTHING, ASSAY_LIMIT_DEPTH, "nested deeper than is walked");
		return 1;
	}
	fd = open_dir(w, n, e, &site);
	if (fd < 0)
		return 1;
	if (!above || site.dev != above->site.dev)
		kind = mount_kind_of(fd);
	if (kind.pseudo) {
		snprintf(e->detail, sizeof(e->detail), "pseudo file system %s", kind.pseudo);
		e->coverage = ASSAY_EXCLUDED;
		e->reason = ASSAY_SPECIAL_FILE;
		return 1;
	}
	ground_answered(w->ground, dev_of(n));
	level = vec_push(&w->levels); /* moves `above` */
	if (!level)
		return -1;
	*level = (struct level){
		.fd = fd_steal(&fd),
		.site = site,
		.path_len = path_len,
		.stubs = kind.stubs,
		.remote = kind.remote || hook_is_remote(w, n->name),
		.weight = n->weight,
	};
	if (level->remote)
		crew_remote(w->crew);
	buf_clear(&w->path);
	if (!level_room(w, level) || !buf_add(&w->path, e->path, path_len))
		return -1;
	close_far_level(w);
	return 0;
}

/** Open a level again, if `fd` (taken) is still the directory it was. */
static bool level_take(struct walker *w, struct level *level, int fd_take)
{
	CLEANUP(fd_closep) int fd = fd_take;
	struct site site;

	if (fd < 0 || site_of(fd, "", 0, &site) != 0 || site.dev != level->site.dev ||
	    site.ino != level->site.ino || lseek(fd, level->after, SEEK_SET) < 0)
		return false;
	if (!level_room(w, level))
		return false;
	level->fd = fd_steal(&fd);
	return true;
}

/** The path of a level: walker.path up to its end. */
static void cut_path(struct walker *w, const struct level *level)
{
	w->path.len = level->path_len;
	if (w->path.data)
		w->path.data[w->path.len] = '\0';
}

/** An entry for the directory at hand, that it was not, or not wholly, listed. */
static bool about_directory(struct walker *w, struct walk_entry *e)
{
	const char *slash;

	*e = (struct walk_entry){ .root = w->root, .fd = -1, .is_directory = true };
	e->path = strdup(w->path.data ? w->path.data : "");
	if (!e->path)
		return false;
	slash = strrchr(e->path, '/');
	e->name = slash ? slash + 1 : e->path;
	return true;
}

/** Leave the deepest directory, at its end (0) or for an error. */
static int leave(struct walker *w, int error, struct walk_entry *e)
{
	struct level *level = &w->levels.items[w->levels.len - 1];

	if (error && !about_directory(w, e))
		return -1;
	if (error)
		ground_failed(w->ground, e, level->site.dev, error);
	if (w->levels.len > 1 && level[-1].fd < 0)
		level_take(w, &level[-1], open_quietly(w->ground, level->fd, "..", OPEN_DIR));
	level_close(w, level);
	w->leaves = true;
	return error ? 1 : 0;
}

/** The deepest level is closed and `..` did not lead back to it: look for it from the
 * root down, or say that the rest of it was not listed. */
static int find_again(struct walker *w, struct walk_entry *e)
{
	struct level *level = &w->levels.items[w->levels.len - 1];
	const char *path = w->path.data ? w->path.data : "";

	if (level_take(w, level, open_below(w->ground, w->ground->roots[w->root], path, OPEN_DIR)))
		return 0;
	if (!about_directory(w, e))
		return -1;
	refuse(e, ASSAY_NOTHING, ASSAY_VANISHED, "moved during the walk: its rest is not listed");
	w->leaves = true;
	return 1;
}

/** Entries of a buffer, `.` and `..` apart. */
static size_t count_names(const char *entries, size_t len)
{
	size_t names = 0;

	for (size_t at = 0; at < len;) {
		const struct dirent64 *d = (const struct dirent64 *)(const void *)(entries + at);

		names += strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
		at += d->d_reclen;
	}
	return names;
}

/** Count a directory's names, so that each gets its share of the weight: those in the
 * buffer, and if there are more of them, by reading on and going back. */
static void weigh(struct level *level)
{
	CLEANUP(mem_freep) char *more = NULL;
	const char *last = level->entries;
	ssize_t got = 0;

	level->weighed = true;
	level->names_left = count_names(level->entries, level->len);
	if (level->len + DIRENT_ROOM < DIRENT_BYTES || !(more = malloc(DIRENT_BYTES)))
		return;
	for (size_t at = 0; at < level->len;
	     at += ((const struct dirent64 *)(const void *)last)->d_reclen)
		last = level->entries + at;
	while ((got = getdents64(level->fd, more, DIRENT_BYTES)) > 0)
		level->names_left += count_names(more, (size_t)got);
	if (lseek(level->fd, ((const struct dirent64 *)(const void *)last)->d_off, SEEK_SET) < 0)
		level->names_left = 0;
}

/** Read on in a directory.  @return  1, 0 at its end, negative errno */
static int fill(const struct walker *w, struct level *level)
{
	ssize_t got = getdents64(level->fd, level->entries, DIRENT_BYTES);

	if (got <= 0)
		return got < 0 ? -errno : 0;
	level->len = (size_t)got;
	level->next = 0;
	if (w->ground->options.weigh && !level->weighed)
		weigh(level);
	return 1;
}

static double take_share(struct level *level)
{
	double share;

	if (level->names_left == 0)
		return 0;
	share = level->weight / (double)level->names_left--;
	level->weight -= share;
	return share;
}

/** The next name of the buffer.  @return  false: there is none in it */
static bool take_name(struct level *level, struct name *ret)
{
	while (level->next < level->len) {
		const struct dirent64 *d =
		    (const struct dirent64 *)(const void *)(level->entries + level->next);

		level->next += d->d_reclen;
		level->after = d->d_off;
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		*ret = (struct name){
			.dir = level->fd,
			.name = d->d_name,
			.level = level,
			.type = (mode_t)DTTOIF(d->d_type), /* DT_UNKNOWN is 0 */
			.weight = take_share(level),
		};
		return true;
	}
	return false;
}

/* Names. */

/** Look at one name.  @return  1 an entry, which has the path now; 0 a directory that was
 * entered, -1 memory: the path is the caller's */
static int visit(struct walker *w, const struct name *n, char *path_take, struct walk_entry *e)
{
	mode_t type = type_of(n);
	int error = errno, rc = 1;
	const char *slash = strrchr(path_take, '/');

	*e = (struct walk_entry){
		.root = w->root,
		.path = path_take,
		.fd = -1,
		.weight = n->weight,
		.is_remote = n->level && n->level->remote,
	};
	e->name = slash ? slash + 1 : path_take;
	e->is_directory = S_ISDIR(type);
	if (type == 0)
		ground_failed(w->ground, e, dev_of(n), error);
	else if (n->level && walk_excluded(&w->ground->options, path_take, S_ISDIR(type)))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE, "excluded");
	else if (!S_ISREG(type) && !S_ISDIR(type))
		refuse(e, ASSAY_EXCLUDED, S_ISLNK(type) ? ASSAY_SYMLINK : ASSAY_SPECIAL_FILE,
		       S_ISLNK(type) ? "a link; what it leads to is scanned where it lies"
				     : "a pipe, socket or device");
	else if (n->level && ground_is_unavailable(w->ground, n->level->site.dev))
		refuse(e, ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE,
		       "too many I/O errors in a row on this file system");
	else if (S_ISDIR(type))
		rc = enter(w, n, e);
	else
		open_file(w, n, e);
	return rc;
}

static char *join(const struct walker *w, const char *name)
{
	size_t dir_len = w->path.len, name_len = strlen(name);
	char *path = malloc(dir_len + 1 + name_len + 1);

	if (!path)
		return NULL;
	if (dir_len) {
		memcpy(path, w->path.data, dir_len);
		path[dir_len++] = '/';
	}
	memcpy(path + dir_len, name, name_len + 1);
	return path;
}

/** The last part of a root's own path, for a root that is a file. */
static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static int visit_stdin(struct walker *w, const struct name *n, char *path_take,
		       struct walk_entry *e)
{
	*e = (struct walk_entry){
		.root = w->root, .path = path_take, .name = "", .fd = -1, .weight = n->weight
	};
	e->fd = fcntl(w->ground->options.stdin_fd, F_DUPFD_CLOEXEC, 3);
	if (e->fd < 0 || fstat(e->fd, &e->st) < 0)
		ground_failed(w->ground, e, 0, errno);
	else
		e->has_stat = true;
	return 1;
}

/* What others see of it. */

static void begin_call(struct walker *w, const char *path)
{
	w->at = path;
	w->at_root = w->root;
	atomic_store_explicit(&w->since, clock_ns(), memory_order_release);
}

/** @return  false: it was left behind, and what it had is not its own any more */
static bool end_call(struct walker *w)
{
	return atomic_exchange_explicit(&w->since, 0, memory_order_acq_rel) != WALKER_LEFT;
}

/* Step by step. */

/** Is it a directory on another file system, that is to be walked all the same?  It may be
 * one that hangs: not while others wait above it. */
static bool leads_elsewhere(const struct walker *w, const struct name *n)
{
	struct site site;

	return n->level && S_ISDIR(n->type) && w->ground->options.cross_mounts &&
	       site_of(n->dir, n->name, AT_SYMLINK_NOFOLLOW, &site) == 0 &&
	       site_crosses(&n->level->site, &site);
}

/** Hand a name to the crew if that pays: directories, and files that are far away. */
static bool hand_over(struct walker *w, const struct name *n, const char *path)
{
	bool elsewhere = leads_elsewhere(w, n);
	struct job job = { .kind = JOB_NAME,
			   .root = w->root,
			   .above = *n->level,
			   .type = n->type,
			   .weight = n->weight };

	if (!elsewhere &&
	    !(crew_wants(w->crew) && (S_ISDIR(n->type) || (S_ISREG(n->type) && n->level->remote))))
		return false;
	job.above.entries = NULL;
	job.above.fd = fcntl(n->dir, F_DUPFD_CLOEXEC, 3);
	job.path = job.above.fd < 0 ? NULL : strdup(path);
	if (job.path && crew_offer(w->crew, &job, elsewhere))
		return true;
	job_done(&job);
	return false;
}

/** It was left behind: what it has found is not told any more. */
static int forget(int rc, struct walk_entry *e)
{
	if (rc == 1)
		fd_closep(&e->fd);
	return -2;
}

/** Look at a directory's name and say what came of it. */
static int step(struct walker *w, const struct name *n, char *path_take, struct walk_entry *e)
{
	int rc = 0;

	begin_call(w, path_take);
	if (!hand_over(w, n, path_take))
		rc = visit(w, n, path_take, e);
	if (!end_call(w))
		return forget(rc, e);
	if (rc != 1)
		free(path_take);
	return rc;
}

/** The deepest directory is done with. */
static void drop_level(struct walker *w)
{
	w->leaves = false;
	w->credit += w->levels.items[--w->levels.len].weight;
	if (w->levels.len > 0)
		cut_path(w, &w->levels.items[w->levels.len - 1]);
}

/** Read on in the deepest directory, or leave it.  @return  0: go on */
static int read_on(struct walker *w, struct walk_entry *e)
{
	struct level *level = &w->levels.items[w->levels.len - 1];
	int rc, more;

	atomic_store_explicit(&w->dev, level->site.dev, memory_order_relaxed);
	begin_call(w, w->path.data ? w->path.data : "");
	if (level->fd < 0) {
		rc = find_again(w, e);
	} else {
		more = fill(w, level);
		rc = more > 0 ? 0 : leave(w, -more, e);
	}
	if (!end_call(w)) {
		w->at_is_own = true;
		if (rc == 1)
			free(e->path);
		return -2;
	}
	if (w->leaves)
		drop_level(w);
	return rc;
}

static int step_on(struct walker *w, struct walk_entry *e)
{
	struct level *level = &w->levels.items[w->levels.len - 1];
	struct name n = { 0 };
	char *path;

	if (level->fd < 0 || !take_name(level, &n))
		return read_on(w, e);
	path = join(w, n.name);
	return path ? step(w, &n, path, e) : -1;
}

int walker_next(struct walker *w, struct walk_entry *ret)
{
	int rc = 0;

	while (rc == 0 && w->levels.len > 0)
		rc = step_on(w, ret);
	if (rc == 1) {
		ret->weight += w->credit;
		w->credit = 0;
	}
	return rc;
}

/* Jobs. */

/** A listed name that is not looked at. */
static int refuse_listed(char *path_take, bool is_directory, const char *why, struct walk_entry *e)
{
	*e = (struct walk_entry){
		.path = path_take, .name = path_take, .fd = -1, .is_directory = is_directory
	};
	refuse(e, ASSAY_NOTHING, is_directory ? ASSAY_SPECIAL_FILE : ASSAY_VANISHED, why);
	return 1;
}

static int visit_listed(struct walker *w, const struct job *job, char *path_take,
			struct walk_entry *e)
{
	struct name n = { .weight = job->weight };
	char text[96];
	int rc;

	if (job->cut)
		return refuse_listed(path_take, false, "no name of a file: too long, or with a NUL",
				     e);
	n.dir = open_long_parents(w->ground, path_take, &n.name);
	if (n.dir == -1)
		return refuse_listed(path_take, false, strerror_r(errno, text, sizeof(text)), e);
	n.type = type_of(&n);
	rc = S_ISDIR(n.type) ? refuse_listed(path_take, true, "a directory in a list of files", e)
			     : visit(w, &n, path_take, e);
	if (n.dir >= 0)
		close(n.dir);
	return rc;
}

static int visit_root(struct walker *w, const struct job *job, char *path_take,
		      struct walk_entry *e)
{
	const char *root = w->ground->roots[job->root];
	struct name n = { .dir = AT_FDCWD, .name = root, .weight = job->weight };
	int rc;

	if (strcmp(root, "-") == 0 && w->ground->options.stdin_fd >= 0)
		return visit_stdin(w, &n, path_take, e);
	rc = visit(w, &n, path_take, e);
	if (rc == 1)
		e->name = last_part(root);
	return rc;
}

static int visit_name(struct walker *w, const struct job *job, char *path_take,
		      struct walk_entry *e)
{
	struct name n = { .dir = w->above.fd,
			  .name = last_part(path_take),
			  .level = &w->above,
			  .type = job->type,
			  .weight = job->weight };

	return visit(w, &n, path_take, e);
}

int walker_begin(struct walker *w, struct job *job_take, struct walk_entry *ret)
{
	static int (*const visits[])(struct walker *, const struct job *, char *,
				     struct walk_entry *) = {
		[JOB_ROOT] = visit_root,
		[JOB_LISTED] = visit_listed,
		[JOB_NAME] = visit_name,
	};
	struct job job = *job_take;
	char *path = steal(&job_take->path);
	int rc;

	w->root = job.root;
	w->base_len = strlen(path);
	w->above = job.above;
	job_take->above.fd = -1;
	atomic_store_explicit(&w->dev, job.kind == JOB_NAME ? job.above.site.dev : 0,
			      memory_order_relaxed);
	begin_call(w, path);
	rc = visits[job.kind](w, &job, path, ret);
	fd_closep(&w->above.fd);
	if (!end_call(w))
		return forget(rc, ret);
	if (rc != 1)
		free(path);
	return rc;
}

void job_done(struct job *job)
{
	free(job->path);
	job->path = NULL;
	if (job->kind == JOB_NAME)
		fd_closep(&job->above.fd);
}

void walker_init(struct walker *w, struct ground *ground, struct crew *crew)
{
	*w = (struct walker){ .ground = ground, .crew = crew, .above.fd = -1 };
	w->levels.limit = LEVELS_MAX;
	w->path.limit = PATH_BYTES_MAX;
}

void walker_done(struct walker *w)
{
	for (size_t i = 0; i < w->levels.len; i++)
		level_close(w, &w->levels.items[i]);
	vec_done(&w->levels);
	free(w->spare);
	buf_done(&w->path);
	fd_closep(&w->above.fd);
}
