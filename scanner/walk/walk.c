/*
 * walk.c - depth first, directory descriptors and single names
 *
 * A level holds a directory's descriptor and what getdents64 told of it.  Deep trees
 * would use up descriptors and memory, so only the deepest LEVELS_OPEN levels keep
 * theirs; on the way back a level is opened again, through `..` or from the root down,
 * checked to be the same directory, and goes on after the entry it had come to.
 */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "buf.h"
#include "fail.h"
#include "ignore.h"
#include "links.h"
#include "mounts.h"
#include "vec.h"

#define LEVELS_OPEN 48
#define DIRENT_BYTES (256 * KiB)

/** How deep a tree is walked.  What lies deeper is a gap: no honest tree comes near. */
#define LEVELS_MAX 16384
#define PATH_BYTES_MAX (1 * MiB)

/** Longest name in a list of files, and longest line that is skipped. */
#define LISTED_BYTES_MAX (64 * KiB)
#define LISTED_SKIP_MAX (64 * MiB)

/** I/O errors in a row after which a file system counts as gone. */
#define ERRORS_MAX 50

#define OPEN_FILE (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
#define OPEN_DIR (O_RDONLY | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC)

struct level {
	int fd; /**< -1: closed for being far up */
	struct site site;
	size_t path_len; /**< of the directory's path in walk.path */
	char *entries;   /**< DIRENT_BYTES, or NULL while closed */
	size_t len, next;
	off_t after; /**< d_off of the entry last taken */
	bool stubs;  /**< a file system that keeps stubs of tiered files */
};

struct id {
	dev_t dev;
	ino_t ino;
};

/** A file system that gives I/O errors. */
struct failing {
	dev_t dev;
	unsigned in_row; /**< ERRORS_MAX: given up */
};

struct walk {
	const char *const *roots;
	size_t roots_len, next_root;
	struct walk_options options;
	struct vec(struct level) levels;
	struct buf path; /**< of the directory at hand, relative to its root */
	char *spare;     /**< a buffer of entries that no level has */
	unsigned root;
	uint64_t serial;
	struct links links;
	struct id forbidden[8];
	size_t forbidden_len;
	struct failing failing[16];
	size_t failing_len;
	struct walk_stats stats;
	FILE *list; /**< names instead of roots */
	char separator;
	struct buf line;
};

/* Copies of what is there anyway, as it was on many days. */
static const char *const default_excludes[] = { ".snapshot/", ".snapshots/", ".zfs/", "~snapshot/",
						NULL };

const char *const *walk_default_excludes(void)
{
	return default_excludes;
}

enum assay_status walk_new(const char *const *roots, size_t roots_len,
			   const struct walk_options *options, struct walk **ret_walk,
			   struct assay_error *err)
{
	struct walk *w = calloc(1, sizeof(*w));

	if (!w)
		return assay_fail_memory(err, "the walk");
	w->roots = roots;
	w->roots_len = roots_len;
	w->options = *options;
	w->levels.limit = LEVELS_MAX;
	w->path.limit = PATH_BYTES_MAX;
	w->line.limit = LISTED_BYTES_MAX;
	links_init(&w->links);
	*ret_walk = w;
	return ASSAY_OK;
}

enum assay_status walk_files_from(int fd, char separator, const struct walk_options *options,
				  struct walk **ret_walk, struct assay_error *err)
{
	enum assay_status st = walk_new(NULL, 0, options, ret_walk, err);
	int own = st == ASSAY_OK ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;

	if (st < 0)
		return st;
	(*ret_walk)->separator = separator;
	(*ret_walk)->list = own < 0 ? NULL : fdopen(own, "r");
	if ((*ret_walk)->list)
		return ASSAY_OK;
	fd_closep(&own);
	walk_free(*ret_walk);
	return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "list of files");
}

static void level_close(struct walk *w, struct level *level)
{
	fd_closep(&level->fd);
	if (!w->spare)
		w->spare = steal(&level->entries);
	free(level->entries);
	level->entries = NULL;
}

/** Give a level room for entries. */
static bool level_room(struct walk *w, struct level *level)
{
	level->len = level->next = 0;
	level->entries = w->spare ? steal(&w->spare) : malloc(DIRENT_BYTES);
	return level->entries != NULL;
}

void walk_free(struct walk *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->levels.len; i++)
		level_close(w, &w->levels.items[i]);
	vec_done(&w->levels);
	free(w->spare);
	buf_done(&w->path);
	buf_done(&w->line);
	links_done(&w->links);
	if (w->list)
		fclose(w->list);
	free(w);
}

const struct walk_stats *walk_stats(const struct walk *w)
{
	return &w->stats;
}

/* What is left out. */

void walk_forbid(struct walk *w, dev_t dev, ino_t ino)
{
	if (w->forbidden_len < ARRAY_SIZE(w->forbidden))
		w->forbidden[w->forbidden_len++] = (struct id){ dev, ino };
}

static bool is_forbidden(const struct walk *w, const struct stat *st)
{
	for (size_t i = 0; i < w->forbidden_len; i++)
		if (w->forbidden[i].dev == st->st_dev && w->forbidden[i].ino == st->st_ino)
			return true;
	return false;
}

bool walk_excluded(const struct walk_options *options, const char *path, bool is_directory)
{
	bool excluded = false;

	for (size_t i = 0; options->default_excludes && default_excludes[i]; i++)
		excluded = excluded || ignore_matches(default_excludes[i], path, is_directory);
	for (size_t i = 0; i < options->excludes_len; i++) {
		const char *glob = options->excludes[i];
		bool includes = glob[0] == '!';

		if (ignore_matches(includes ? glob + 1 : glob, path, is_directory))
			excluded = !includes;
	}
	return excluded;
}

static void refuse(struct walk_entry *e, enum assay_coverage coverage, enum assay_reason reason,
		   const char *detail)
{
	e->coverage = coverage;
	e->reason = reason;
	snprintf(e->detail, sizeof(e->detail), "%s", detail);
}

/* File systems that fail. */

static struct failing *failing_on(struct walk *w, dev_t dev)
{
	for (size_t i = 0; i < w->failing_len; i++)
		if (w->failing[i].dev == dev)
			return &w->failing[i];
	return NULL;
}

static void note_failure(struct walk *w, dev_t dev)
{
	struct failing *f = failing_on(w, dev);

	if (!f && w->failing_len == ARRAY_SIZE(w->failing))
		return;
	if (!f) {
		f = &w->failing[w->failing_len++];
		*f = (struct failing){ .dev = dev };
	}
	f->in_row += f->in_row < ERRORS_MAX;
}

static void note_success(struct walk *w, dev_t dev)
{
	struct failing *f = w->failing_len ? failing_on(w, dev) : NULL;

	if (f && f->in_row < ERRORS_MAX)
		f->in_row = 0;
}

static bool is_unavailable(struct walk *w, dev_t dev)
{
	const struct failing *f = w->failing_len ? failing_on(w, dev) : NULL;

	return f && f->in_row == ERRORS_MAX;
}

/** A failed call: note it, and whether the file system as a whole seems to be gone. */
static void refuse_errno(struct walk *w, struct walk_entry *e, dev_t dev, int error)
{
	refuse(e, ASSAY_NOTHING, reason_of_errno(error), strerror(error));
	if (error == EIO || error == ENOTCONN || error == EHOSTDOWN || error == ETIMEDOUT ||
	    error == ESTALE)
		note_failure(w, dev);
}

/* Opening. */

/** Open without touching the access time, where the owner lets us. */
static int open_quietly(struct walk *w, int dir, const char *name, int flags)
{
	int fd = openat(dir, name, flags | O_NOATIME);

	if (fd >= 0 || errno != EPERM)
		return fd;
	fd = openat(dir, name, flags);
	w->stats.atime_kept_not += fd >= 0 && !(flags & O_DIRECTORY);
	return fd;
}

/** The directory that a path's last part lies in, part by part, from `dir` (taken).
 * @return  a descriptor or -1; *ret_last is the last part */
static int open_parents(struct walk *w, int dir_take, const char *path, int flags,
			const char **ret_last)
{
	CLEANUP(fd_closep) int dir = dir_take;

	for (const char *slash; dir >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
		char *name = strndup(path, (size_t)(slash - path));
		int next = name ? *name ? open_quietly(w, dir, name, flags) : dup(dir) : -1;

		free(name);
		fd_closep(&dir);
		dir = next;
	}
	*ret_last = path;
	return fd_steal(&dir);
}

/** The same for a name that may be longer than a system call takes; -1: AT_FDCWD does. */
static int open_long_parents(struct walk *w, const char *path, const char **ret_last)
{
	*ret_last = path;
	if (strlen(path) < PATH_MAX)
		return AT_FDCWD;
	return open_parents(w, open(*path == '/' ? "/" : ".", OPEN_DIR), path,
			    OPEN_DIR & ~O_NOFOLLOW, ret_last);
}

/** Open something below a root by its path. */
static int open_below(struct walk *w, const char *root, const char *path, int flags)
{
	CLEANUP(fd_closep) int dir = -1;

	if (!*path)
		return open_quietly(w, AT_FDCWD, root, flags & ~O_NOFOLLOW);
	dir = open_parents(w, open_quietly(w, AT_FDCWD, root, OPEN_DIR & ~O_NOFOLLOW), path,
			   OPEN_DIR, &path);
	return dir < 0 ? -1 : open_quietly(w, dir, path, flags);
}

static int open_listed(struct walk *w, const char *path, int flags)
{
	int dir = open_long_parents(w, path, &path), fd;

	if (dir == -1)
		return -1;
	fd = open_quietly(w, dir, path, flags & ~O_NOFOLLOW);
	if (dir >= 0)
		close(dir);
	return fd;
}

int walk_reopen(struct walk *w, const struct walk_entry *entry)
{
	CLEANUP(fd_closep) int fd = -1;
	struct stat st;

	fd = w->list ? open_listed(w, entry->path, OPEN_FILE)
		     : open_below(w, w->roots[entry->root], entry->path, OPEN_FILE);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || is_forbidden(w, &st))
		return -1;
	return fd_steal(&fd);
}

/** A name in an open directory. */
struct name {
	int dir;
	const char *name;
	const struct level *level; /**< NULL: a root or a listed name */
	mode_t type;               /**< S_IFMT bits if getdents64 told them, else 0 */
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

static bool is_offline(const struct name *n, int fd, const struct stat *st)
{
	return (n->level ? n->level->stubs : mount_kind_of(fd).stubs) && is_stub(fd, st);
}

/** A file with several names: has it been read under one like this? */
static void look_for_link(struct walk *w, struct walk_entry *e)
{
	const struct linked *l = links_find(&w->links, &e->st, e->name);

	if (!l) {
		links_add(&w->links, &e->st, e->name, w->serial);
		return;
	}
	e->is_link = l->fate == WALK_CLEAN;
	e->link_of = l->serial;
	if (l->fate == WALK_LOST)
		refuse(e, ASSAY_NOTHING, (enum assay_reason)l->reason,
		       "under another name it cost a worker; not tried again");
}

void walk_settle(struct walk *w, const struct walk_entry *e, enum walk_fate fate,
		 enum assay_reason reason)
{
	struct linked *l;

	if (!e->has_stat || e->st.st_nlink < 2)
		return;
	l = links_find(&w->links, &e->st, e->name);
	if (!l)
		return;
	l->fate = (uint8_t)fate;
	l->reason = (uint8_t)reason;
}

static int open_entry(struct walk *w, const struct name *n, const struct walk_entry *e, int flags)
{
	int fd = open_quietly(w, n->dir, n->name, n->level ? flags : flags & ~O_NOFOLLOW);

	/* The server has forgotten the directory: once more, from the root down. */
	if (fd < 0 && errno == ESTALE && n->level)
		fd = open_below(w, w->roots[w->root], e->path, flags);
	return fd;
}

static void open_file(struct walk *w, const struct name *n, struct walk_entry *e)
{
	CLEANUP(fd_closep) int fd = open_entry(w, n, e, OPEN_FILE);

	/* ELOOP: it was a file when the directory was read, and is a link now. */
	if (fd < 0 && errno == ELOOP && n->level) {
		refuse(e, ASSAY_EXCLUDED, ASSAY_SYMLINK, "became a link");
		return;
	}
	if (fd < 0 || fstat(fd, &e->st) < 0) {
		refuse_errno(w, e, dev_of(n), errno);
		return;
	}
	e->has_stat = true;
	note_success(w, dev_of(n));
	if (!S_ISREG(e->st.st_mode))
		refuse(e, ASSAY_EXCLUDED, ASSAY_SPECIAL_FILE, "not a regular file");
	else if (is_forbidden(w, &e->st))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE, "assay's own output");
	else if (!w->options.cross_mounts && is_mounted_file(n, fd, &e->st))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE,
		       "of another file system; see --cross-mounts");
	else if (!w->options.recall_offline && is_offline(n, fd, &e->st))
		refuse(e, ASSAY_NOTHING, ASSAY_OFFLINE, "reading would recall it; see --recall");
	else if (e->st.st_nlink > 1)
		look_for_link(w, e);
	if (e->coverage == ASSAY_COMPLETE && !e->is_link)
		e->fd = fd_steal(&fd);
}

/* Directories. */

/** Close the levels that are far up; they are opened again on the way back. */
static void close_far_level(struct walk *w)
{
	if (w->levels.len > LEVELS_OPEN)
		level_close(w, &w->levels.items[w->levels.len - 1 - LEVELS_OPEN]);
}

/** May the walk go there?  Says in `e` why not. */
static bool may_enter(const struct walk *w, const struct level *above, const struct site *to,
		      struct walk_entry *e)
{
	if (!above)
		return true;
	if (!w->options.cross_mounts && (to->is_automount || site_crosses(&above->site, to)))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE,
		       "another file system; see --cross-mounts");
	else if (to->is_automount)
		refuse(e, ASSAY_NOTHING, ASSAY_NOT_MOUNTED, "not mounted; assay mounts nothing");
	return e->coverage == ASSAY_COMPLETE;
}

/** Open a directory that may be entered.  @return  -1: e says why not */
static int open_dir(struct walk *w, const struct name *n, struct walk_entry *e, struct site *ret)
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
		refuse_errno(w, e, dev_of(n), error);
		return -1;
	}
	/* What was opened counts: something may have been put there in between. */
	return may_enter(w, n->level, ret, e) ? fd_steal(&fd) : -1;
}

/** Go down.  @return  1: e says why not; 0: entered; -1: memory */
static int enter(struct walk *w, const struct name *n, struct walk_entry *e)
{
	const struct level *above = n->level;
	size_t path_len = strlen(e->path);
	CLEANUP(fd_closep) int fd = -1;
	struct mount_kind kind = { .stubs = above && above->stubs };
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
	note_success(w, dev_of(n));
	level = vec_push(&w->levels); /* moves `above` */
	if (!level)
		return -1;
	*level = (struct level){
		.fd = fd_steal(&fd),
		.site = site,
		.path_len = path_len,
		.stubs = kind.stubs,
	};
	buf_clear(&w->path);
	if (!level_room(w, level) || !buf_add(&w->path, e->path, path_len))
		return -1;
	close_far_level(w);
	return 0;
}

/** Open a level again, if `fd` (taken) is still the directory it was. */
static bool level_take(struct walk *w, struct level *level, int fd_take)
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

/** The path of a level: walk.path up to its end. */
static void cut_path(struct walk *w, const struct level *level)
{
	w->path.len = level->path_len;
	if (w->path.data)
		w->path.data[w->path.len] = '\0';
}

/** An entry for the directory at hand, that it was not, or not wholly, listed. */
static bool about_directory(struct walk *w, struct walk_entry *e)
{
	const char *slash;

	*e = (struct walk_entry){ .root = w->root, .fd = -1, .is_directory = true };
	e->path = strdup(w->path.data ? w->path.data : "");
	if (!e->path)
		return false;
	slash = strrchr(e->path, '/');
	e->name = slash ? slash + 1 : e->path;
	e->serial = w->serial++;
	return true;
}

/** Leave the deepest directory, at its end (0) or for an error. */
static int leave(struct walk *w, int error, struct walk_entry *e)
{
	struct level *level = &w->levels.items[w->levels.len - 1];

	if (error && !about_directory(w, e))
		return -1;
	if (error)
		refuse_errno(w, e, level->site.dev, error);
	if (w->levels.len > 1 && level[-1].fd < 0)
		level_take(w, &level[-1], open_quietly(w, level->fd, "..", OPEN_DIR));
	level_close(w, level);
	w->levels.len--;
	if (w->levels.len > 0)
		cut_path(w, &w->levels.items[w->levels.len - 1]);
	return error ? 1 : 0;
}

/** The deepest level is closed and `..` did not lead back to it: look for it from the
 * root down, or say that the rest of it was not listed. */
static int find_again(struct walk *w, struct walk_entry *e)
{
	struct level *level = &w->levels.items[w->levels.len - 1];
	const char *path = w->path.data ? w->path.data : "";

	if (level_take(w, level, open_below(w, w->roots[w->root], path, OPEN_DIR)))
		return 0;
	if (!about_directory(w, e))
		return -1;
	refuse(e, ASSAY_NOTHING, ASSAY_VANISHED, "moved during the walk: its rest is not listed");
	w->levels.len--;
	if (w->levels.len > 0)
		cut_path(w, &w->levels.items[w->levels.len - 1]);
	return 1;
}

/** The next name of a directory.  @return 1, 0 at its end, negative errno */
static int next_name(struct level *level, struct name *ret)
{
	for (;;) {
		const struct dirent64 *d;

		if (level->next >= level->len) {
			ssize_t got = getdents64(level->fd, level->entries, DIRENT_BYTES);

			if (got <= 0)
				return got < 0 ? -errno : 0;
			level->len = (size_t)got;
			level->next = 0;
		}
		d = (const struct dirent64 *)(const void *)(level->entries + level->next);
		level->next += d->d_reclen;
		level->after = d->d_off;
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		*ret = (struct name){
			.dir = level->fd,
			.name = d->d_name,
			.level = level,
			.type = (mode_t)DTTOIF(d->d_type), /* DT_UNKNOWN is 0 */
		};
		return 1;
	}
}

/* Names. */

/** Look at one name.  @return  1 an entry, 0 a directory that was entered, -1 memory */
static int visit(struct walk *w, const struct name *n, char *path_take, struct walk_entry *e)
{
	mode_t type = type_of(n);
	int error = errno, rc = 1;
	const char *slash = strrchr(path_take, '/');

	*e = (struct walk_entry){ .root = w->root, .path = path_take, .fd = -1 };
	e->name = slash ? slash + 1 : path_take;
	e->is_directory = S_ISDIR(type);
	if (type == 0)
		refuse_errno(w, e, dev_of(n), error);
	else if (n->level && walk_excluded(&w->options, path_take, S_ISDIR(type)))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE, "excluded");
	else if (!S_ISREG(type) && !S_ISDIR(type))
		refuse(e, ASSAY_EXCLUDED, S_ISLNK(type) ? ASSAY_SYMLINK : ASSAY_SPECIAL_FILE,
		       S_ISLNK(type) ? "a link; what it leads to is scanned where it lies"
				     : "a pipe, socket or device");
	else if (n->level && is_unavailable(w, n->level->site.dev))
		refuse(e, ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE,
		       "too many I/O errors in a row on this file system");
	else if (S_ISDIR(type))
		rc = enter(w, n, e);
	else
		open_file(w, n, e);
	if (rc == 0)
		free(path_take);
	else
		e->serial = w->serial++;
	return rc;
}

static char *join(const struct walk *w, const char *name)
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

/* Roots. */

/** The last part of a root's own path, for a root that is a file. */
static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static int visit_stdin(struct walk *w, char *path_take, struct walk_entry *e)
{
	*e = (struct walk_entry){ .root = w->root, .path = path_take, .name = "", .fd = -1 };
	e->serial = w->serial++;
	e->fd = fcntl(w->options.stdin_fd, F_DUPFD_CLOEXEC, 3);
	if (e->fd < 0 || fstat(e->fd, &e->st) < 0)
		refuse_errno(w, e, 0, errno);
	else
		e->has_stat = true;
	return 1;
}

static int visit_root(struct walk *w, struct walk_entry *e)
{
	const char *root = w->roots[w->next_root];
	struct name n = { .dir = AT_FDCWD, .name = root };
	char *path = strdup("");
	int rc;

	w->root = (unsigned)w->next_root++;
	buf_clear(&w->path);
	if (!path)
		return -1;
	if (strcmp(root, "-") == 0 && w->options.stdin_fd >= 0)
		return visit_stdin(w, path, e);
	rc = visit(w, &n, path, e);
	if (rc == 1)
		e->name = last_part(root);
	return rc;
}

/* A list. */

/** Read a name into w->line.  @return  1, 0 at the end, -1 if the list cannot be read */
static int read_listed(struct walk *w, bool *ret_cut)
{
	size_t len = 0;
	int c;

	buf_clear(&w->line);
	while ((c = getc_unlocked(w->list)) != EOF && c != w->separator) {
		buf_add_byte(&w->line, (char)c);
		if (++len > LISTED_SKIP_MAX) {
			errno = EFBIG;
			return -1;
		}
	}
	*ret_cut = w->line.failed || memchr(w->line.data ? w->line.data : "", 0, w->line.len);
	if (c == EOF && ferror(w->list))
		return -1;
	return c != EOF || w->line.len > 0;
}

/** A listed name that is not looked at. */
static int refuse_listed(struct walk *w, char *path_take, bool is_directory, const char *why,
			 struct walk_entry *e)
{
	*e = (struct walk_entry){
		.path = path_take, .name = path_take, .fd = -1, .is_directory = is_directory
	};
	refuse(e, ASSAY_NOTHING, is_directory ? ASSAY_SPECIAL_FILE : ASSAY_VANISHED, why);
	e->serial = w->serial++;
	return 1;
}

static int visit_listed(struct walk *w, struct walk_entry *e)
{
	struct name n = { 0 };
	bool cut = false;
	char *path;
	int rc;

	do
		rc = read_listed(w, &cut);
	while (rc > 0 && w->line.len == 0); /* an empty line names nothing */
	if (rc <= 0)
		return rc < 0 ? -2 : 0;
	path = strdup(w->line.data);
	if (!path)
		return -1;
	if (cut)
		return refuse_listed(w, path, false, "no name of a file: too long, or with a NUL",
				     e);
	n.dir = open_long_parents(w, path, &n.name);
	if (n.dir == -1)
		return refuse_listed(w, path, false, strerror(errno), e);
	n.type = type_of(&n);
	rc = S_ISDIR(n.type) ? refuse_listed(w, path, true, "a directory in a list of files", e)
			     : visit(w, &n, path, e);
	if (n.dir >= 0)
		close(n.dir);
	return rc;
}

/* Entry after entry. */

/** Go on in the deepest directory. */
static int walk_on(struct walk *w, struct walk_entry *e)
{
	struct level *level = &w->levels.items[w->levels.len - 1];
	struct name n = { 0 };
	char *path;
	int more;

	if (level->fd < 0)
		return find_again(w, e);
	more = next_name(level, &n);
	if (more <= 0)
		return leave(w, -more, e);
	path = join(w, n.name);
	return path ? visit(w, &n, path, e) : -1;
}

int walk_next(struct walk *w, struct walk_entry *ret_entry, struct assay_error *err)
{
	int rc = 0;

	if (w->list)
		rc = visit_listed(w, ret_entry);
	while (!w->list && rc == 0) {
		if (w->levels.len > 0)
			rc = walk_on(w, ret_entry);
		else if (w->next_root < w->roots_len)
			rc = visit_root(w, ret_entry);
		else
			return 0;
	}
	if (rc == -2)
		assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "list of files");
	else if (rc < 0)
		assay_fail_memory(err, "the walk");
	return rc < 0 ? -1 : rc;
}
