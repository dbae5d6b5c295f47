/*
 * walk.c - depth first, directory descriptors and single names
 *
 * A level holds a directory's descriptor and what getdents64 told of it.  Deep trees
 * would use up descriptors and memory, so only the deepest LEVELS_OPEN levels keep
 * theirs; on the way back a level is opened again through `..` and checked to be the
 * same directory, and goes on after the entry it had come to.
 */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/statfs.h>
#include <sys/xattr.h>

#include "buf.h"
#include "fail.h"
#include "ignore.h"
#include "vec.h"

#define LEVELS_OPEN 48
#define DIRENT_BYTES (32 * KiB)
#define PATH_BYTES_MAX (4 * MiB)

/** I/O errors in a row after which a file system counts as gone. */
#define ERRORS_MAX 50

#define OPEN_FILE (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
#define OPEN_DIR (O_RDONLY | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC)

/** A file that has more than one name. */
struct linked {
	dev_t dev;
	ino_t ino;
	uint64_t serial;
	bool used;
};

struct level {
	int fd; /**< -1: closed for being far up */
	dev_t dev;
	ino_t ino;
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

struct walk {
	const char *const *roots;
	size_t roots_len, next_root;
	struct walk_options options;
	struct vec(struct level) levels;
	struct buf path; /**< of the directory at hand, relative to its root */
	unsigned root;
	dev_t root_dev;
	uint64_t serial;
	struct linked *links; /**< hash table, open addressing */
	size_t links_len, links_cap;
	struct id forbidden[8];
	size_t forbidden_len;
	dev_t failing_dev;
	unsigned failures; /**< in a row, on failing_dev */
	FILE *list;        /**< names instead of roots */
	char separator;
	char *line;
	size_t line_cap;
};

static const char *const snapshot_names[] = { ".snapshot", ".snapshots", ".zfs", "~snapshot" };

/** File systems with nothing of anybody's in them, by statfs(2) magic. */
static const struct {
	long magic;
	const char *name;
} pseudo[] = {
	{ 0x9fa0, "proc" },           { 0x62656572, "sysfs" },
	{ 0x27e0eb, "cgroup" },       { 0x63677270, "cgroup2" },
	{ 0x64626720, "debugfs" },    { 0x74726163, "tracefs" },
	{ 0x1cd1, "devpts" },         { 0x0187, "autofs" },
	{ 0x73636673, "securityfs" }, { 0xcafe4a11, "bpf" },
	{ 0x6165676c, "pstore" },     { 0x19800202, "mqueue" },
	{ 0x62656570, "configfs" },   { 0xf97cff8c, "selinuxfs" },
	{ 0xde5e81e4, "efivarfs" },   { 0x42494e4d, "binfmt_misc" },
	{ 0x6e736673, "nsfs" },
};

/** File systems whose files may be stubs: cifs, smb2, fuse, lustre. */
static const long stub_magics[] = { 0xff534d42, 0xfe534d42, 0x65735546, 0x0bd00bd0 };

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
	w->levels.limit = SIZE_MAX / sizeof(struct level);
	w->path.limit = PATH_BYTES_MAX;
	*ret_walk = w;
	return ASSAY_OK;
}

enum assay_status walk_files_from(int fd, char separator, const struct walk_options *options,
				  struct walk **ret_walk, struct assay_error *err)
{
	enum assay_status st = walk_new(NULL, 0, options, ret_walk, err);
	int own = st == ASSAY_OK ? dup(fd) : -1;

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

static void level_done(struct level *level)
{
	fd_closep(&level->fd);
	free(level->entries);
	level->entries = NULL;
}

void walk_free(struct walk *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->levels.len; i++)
		level_done(&w->levels.items[i]);
	vec_done(&w->levels);
	buf_done(&w->path);
	free(w->links);
	if (w->list)
		fclose(w->list);
	free(w->line);
	free(w);
}

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

	for (size_t i = 0; i < options->excludes_len; i++) {
		const char *glob = options->excludes[i];
		bool includes = glob[0] == '!';

		if (ignore_matches(includes ? glob + 1 : glob, path, is_directory))
			excluded = !includes;
	}
	return excluded;
}

/* Hard links. */

static struct linked *link_slot(struct linked *links, size_t cap, dev_t dev, ino_t ino)
{
	size_t i = (size_t)((ino ^ dev * 31) * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (cap - 1);

	while (links[i].used && (links[i].dev != dev || links[i].ino != ino))
		i = (i + 1) & (cap - 1);
	return &links[i];
}

static bool links_grow(struct walk *w)
{
	size_t cap = w->links_cap ? 2 * w->links_cap : 256;
	struct linked *links = calloc(cap, sizeof(*links));

	if (!links)
		return false;
	for (size_t i = 0; i < w->links_cap; i++)
		if (w->links[i].used)
			*link_slot(links, cap, w->links[i].dev, w->links[i].ino) = w->links[i];
	free(w->links);
	w->links = links;
	w->links_cap = cap;
	return true;
}

/** Has the file been handed out under another name?  Remembers it if not. */
static void note_link(struct walk *w, struct walk_entry *e)
{
	struct linked *l;

	if (2 * w->links_len >= w->links_cap && !links_grow(w))
		return; /* without memory the file is scanned again: slower, not wrong */
	l = link_slot(w->links, w->links_cap, e->st.st_dev, e->st.st_ino);
	e->is_link = l->used;
	if (l->used) {
		e->link_of = l->serial;
		return;
	}
	*l = (struct linked){ e->st.st_dev, e->st.st_ino, e->serial, true };
	w->links_len++;
}

/* Opening. */

/** Open without touching the access time, where the owner lets us. */
static int open_quietly(int dir, const char *name, int flags)
{
	int fd = openat(dir, name, flags | O_NOATIME);

	if (fd < 0 && errno == EPERM)
		fd = openat(dir, name, flags);
	if (fd < 0 && errno == ESTALE)
		fd = openat(dir, name, flags);
	return fd;
}

static void refuse(struct walk_entry *e, enum assay_coverage coverage, enum assay_reason reason,
		   const char *detail)
{
	e->coverage = coverage;
	e->reason = reason;
	snprintf(e->detail, sizeof(e->detail), "%s", detail);
}

/** A failed call: note it, and whether the file system as a whole seems to be gone. */
static void refuse_errno(struct walk *w, struct walk_entry *e, dev_t dev, int error)
{
	bool io = error == EIO || error == ENOTCONN || error == EHOSTDOWN || error == ETIMEDOUT ||
		  error == ESTALE;

	refuse(e, ASSAY_NOTHING, reason_of_errno(error), strerror(error));
	if (!io)
		return;
	w->failures = dev == w->failing_dev ? w->failures + 1 : 1;
	w->failing_dev = dev;
}

static bool is_unavailable(const struct walk *w, dev_t dev)
{
	return w->failures >= ERRORS_MAX && dev == w->failing_dev;
}

/** Is it a stub whose content would be recalled from elsewhere by reading it? */
static bool is_offline(const struct level *level, int fd, const struct stat *st)
{
	static const char *const names[] = { "user.cifs.dosattrib", "system.cifs_attrib",
					     "user.DOSATTRIB" };
	uint32_t attributes;

	if (!level || !level->stubs || st->st_size == 0)
		return false;
	if (st->st_blocks == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		/* OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS */
		if (fgetxattr(fd, names[i], &attributes, sizeof(attributes)) ==
			sizeof(attributes) &&
		    attributes & 0x441000)
			return true;
	return false;
}

/** A name in an open directory. */
struct name {
	int dir;
	const char *name;
	const struct level *level; /**< NULL: a root or a listed name */
	mode_t type;               /**< S_IFMT bits if getdents64 told them, else 0 */
};

/** The type of what the name stands for, without opening it.  0: not to be had. */
static mode_t type_of(const struct name *n)
{
	struct stat st;

	if (n->type)
		return n->type;
	if (fstatat(n->dir, n->name, &st, (n->level ? AT_SYMLINK_NOFOLLOW : 0) | AT_NO_AUTOMOUNT) <
	    0)
		return 0;
	return st.st_mode & S_IFMT;
}

static void open_file(struct walk *w, const struct name *n, struct walk_entry *e)
{
	CLEANUP(fd_closep) int fd = -1;
	int flags = n->level ? OPEN_FILE : OPEN_FILE & ~O_NOFOLLOW;

	fd = open_quietly(n->dir, n->name, flags);
	if (fd < 0) {
		/* ELOOP: it was a file when the directory was read, and is a link now. */
		if (errno == ELOOP)
			refuse(e, ASSAY_EXCLUDED, ASSAY_SYMLINK, "became a link");
		else
			refuse_errno(w, e, n->level ? n->level->dev : 0, errno);
		return;
	}
	if (fstat(fd, &e->st) < 0) {
		refuse_errno(w, e, n->level ? n->level->dev : 0, errno);
		return;
	}
	e->has_stat = true;
	w->failures = 0;
	if (!S_ISREG(e->st.st_mode))
		refuse(e, ASSAY_EXCLUDED, ASSAY_SPECIAL_FILE, "not a regular file");
	else if (is_forbidden(w, &e->st))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE, "assay's own output");
	else if (!w->options.recall_offline && is_offline(n->level, fd, &e->st))
		refuse(e, ASSAY_NOTHING, ASSAY_OFFLINE, "reading would recall it; see --recall");
	else if (e->st.st_nlink > 1)
		note_link(w, e);
	if (e->coverage == ASSAY_COMPLETE && !e->is_link)
		e->fd = fd_steal(&fd);
}

/* Directories. */

static const char *pseudo_name(long magic)
{
	for (size_t i = 0; i < ARRAY_SIZE(pseudo); i++)
		if (pseudo[i].magic == magic)
			return pseudo[i].name;
	return NULL;
}

static bool has_stubs(long magic)
{
	for (size_t i = 0; i < ARRAY_SIZE(stub_magics); i++)
		if (stub_magics[i] == magic)
			return true;
	return false;
}

/** Close the levels that are far up; they are opened again on the way back. */
static void close_far_level(struct walk *w)
{
	if (w->levels.len > LEVELS_OPEN)
		level_done(&w->levels.items[w->levels.len - 1 - LEVELS_OPEN]);
}

/** Go down.  @return  1: e says why not; 0: entered; -1: memory */
static int enter(struct walk *w, const struct name *n, struct walk_entry *e)
{
	const struct level *above = n->level;
	CLEANUP(fd_closep) int fd = -1;
	struct level *level;
	struct stat st;
	struct statfs fs;

	fd = open_quietly(n->dir, n->name, n->level ? OPEN_DIR : OPEN_DIR & ~O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) < 0) {
		refuse_errno(w, e, above ? above->dev : 0, errno);
		return 1;
	}
	if (above && st.st_dev != w->root_dev && !w->options.cross_mounts) {
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE,
		       "another file system; see --cross-mounts");
		return 1;
	}
	memset(&fs, 0, sizeof(fs));
	if ((!above || st.st_dev != above->dev) && fstatfs(fd, &fs) == 0 &&
	    pseudo_name((long)fs.f_type)) {
		snprintf(e->detail, sizeof(e->detail), "pseudo file system %s",
			 pseudo_name((long)fs.f_type));
		e->coverage = ASSAY_EXCLUDED;
		e->reason = ASSAY_SPECIAL_FILE;
		return 1;
	}
	if (!above)
		w->root_dev = st.st_dev;
	level = vec_push(&w->levels); /* moves `above` */
	if (!level)
		return -1;
	*level = (struct level){
		.fd = fd_steal(&fd),
		.dev = st.st_dev,
		.ino = st.st_ino,
		.path_len = strlen(e->path),
		.entries = malloc(DIRENT_BYTES),
	};
	level->stubs =
	    fs.f_type ? has_stubs((long)fs.f_type) : w->levels.len > 1 && level[-1].stubs;
	buf_clear(&w->path);
	if (!level->entries || !buf_add(&w->path, e->path, level->path_len))
		return -1;
	close_far_level(w);
	return 0;
}

/** Open the level above the one at hand again, through `..`. */
static bool reopen_above(struct walk *w)
{
	struct level *level = &w->levels.items[w->levels.len - 1], *above = level - 1;
	CLEANUP(fd_closep) int fd = -1;
	struct stat st;

	if (above->fd >= 0)
		return true;
	fd = open_quietly(level->fd, "..", OPEN_DIR);
	if (fd < 0 || fstat(fd, &st) < 0 || st.st_dev != above->dev || st.st_ino != above->ino)
		return false;
	above->entries = malloc(DIRENT_BYTES);
	if (!above->entries || lseek(fd, above->after, SEEK_SET) < 0)
		return false;
	above->len = above->next = 0;
	above->fd = fd_steal(&fd);
	return true;
}

/**
 * Leave a directory.  What could not be listed becomes an entry, and so does the
 * directory above if it cannot be found again.
 */
static int leave(struct walk *w, int error, struct walk_entry *e)
{
	struct level *level = &w->levels.items[w->levels.len - 1];
	bool lost = w->levels.len > 1 && !reopen_above(w);

	if (error || lost) {
		*e = (struct walk_entry){ .root = w->root, .fd = -1, .is_directory = true };
		e->path = strdup(w->path.data ? w->path.data : "");
		e->name = e->path;
		if (!e->path)
			return -1;
		if (error)
			refuse_errno(w, e, level->dev, error);
		else
			refuse(e, ASSAY_NOTHING, ASSAY_VANISHED,
			       "moved during the walk: the rest of its parents is not listed");
		e->serial = w->serial++;
	}
	level_done(level);
	w->levels.len--;
	while (lost && w->levels.len > 0 && w->levels.items[w->levels.len - 1].fd < 0)
		w->levels.len--;
	if (w->levels.len > 0) {
		w->path.len = w->levels.items[w->levels.len - 1].path_len;
		if (w->path.data)
			w->path.data[w->path.len] = '\0';
	}
	return error || lost ? 1 : 0;
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

static bool is_snapshot(const struct walk *w, const char *name)
{
	for (size_t i = 0; w->options.default_excludes && i < ARRAY_SIZE(snapshot_names); i++)
		if (strcmp(name, snapshot_names[i]) == 0)
			return true;
	return false;
}

/** Look at one name.  @return  1 an entry, 0 a directory that was entered, -1 memory */
static int visit(struct walk *w, const struct name *n, char *path_take, struct walk_entry *e)
{
	mode_t type = type_of(n);
	const char *slash = strrchr(path_take, '/');
	int rc = 1;

	*e = (struct walk_entry){ .root = w->root, .path = path_take, .fd = -1 };
	e->name = slash ? slash + 1 : path_take;
	e->is_directory = S_ISDIR(type);
	if (type == 0)
		refuse_errno(w, e, n->level ? n->level->dev : 0, errno);
	else if (!S_ISREG(type) && !S_ISDIR(type))
		refuse(e, ASSAY_EXCLUDED, S_ISLNK(type) ? ASSAY_SYMLINK : ASSAY_SPECIAL_FILE,
		       S_ISLNK(type) ? "a link; what it leads to is scanned where it lies"
				     : "a pipe, socket or device");
	else if (*path_take && n->level &&
		 (walk_excluded(&w->options, path_take, S_ISDIR(type)) ||
		  (S_ISDIR(type) && is_snapshot(w, e->name))))
		refuse(e, ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE, "excluded");
	else if (n->level && is_unavailable(w, n->level->dev))
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

static int visit_listed(struct walk *w, struct walk_entry *e)
{
	ssize_t got = getdelim(&w->line, &w->line_cap, w->separator, w->list);
	struct name n = { .dir = AT_FDCWD };
	char *path;

	if (got < 0)
		return 0;
	if (got > 0 && w->line[got - 1] == w->separator)
		w->line[got - 1] = '\0';
	path = strdup(w->line);
	if (!path)
		return -1;
	n.name = path;
	n.type = type_of(&n);
	if (S_ISDIR(n.type)) {
		*e = (struct walk_entry){
			.path = path, .name = path, .fd = -1, .is_directory = true
		};
		refuse(e, ASSAY_NOTHING, ASSAY_SPECIAL_FILE, "a directory in a list of files");
		e->serial = w->serial++;
		return 1;
	}
	return visit(w, &n, path, e);
}

int walk_next(struct walk *w, struct walk_entry *ret_entry, struct assay_error *err)
{
	int rc = 0;

	if (w->list)
		rc = visit_listed(w, ret_entry);
	while (!w->list && rc == 0) {
		struct level *level = w->levels.len ? &w->levels.items[w->levels.len - 1] : NULL;
		struct name n = { 0 };
		char *path;
		int more;

		if (!level && w->next_root == w->roots_len)
			return 0;
		if (!level) {
			rc = visit_root(w, ret_entry);
			continue;
		}
		more = next_name(level, &n);
		if (more <= 0) {
			rc = leave(w, -more, ret_entry);
			continue;
		}
		path = join(w, n.name);
		rc = path ? visit(w, &n, path, ret_entry) : -1;
	}
	if (rc < 0)
		assay_fail_memory(err, "the walk");
	return rc;
}

int walk_reopen(struct walk *w, const struct walk_entry *entry)
{
	CLEANUP(fd_closep) int dir = -1;
	const char *part = entry->path;

	if (w->list)
		return open_quietly(AT_FDCWD, part, OPEN_FILE & ~O_NOFOLLOW);
	if (!*part)
		return open_quietly(AT_FDCWD, w->roots[entry->root], OPEN_FILE & ~O_NOFOLLOW);
	dir = open_quietly(AT_FDCWD, w->roots[entry->root], OPEN_DIR & ~O_NOFOLLOW);
	for (const char *slash; dir >= 0 && (slash = strchr(part, '/')); part = slash + 1) {
		char *name = strndup(part, (size_t)(slash - part));
		int next = name ? open_quietly(dir, name, OPEN_DIR) : -1;

		free(name);
		close(dir);
		dir = next;
	}
	return dir < 0 ? -1 : open_quietly(dir, part, OPEN_FILE);
}
