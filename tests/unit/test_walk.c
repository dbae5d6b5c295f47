/* test_walk.c - trees in a directory of their own, walked whole */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "buf.h"
#include "links.h"
#include "walk.h"

/* A tree. */

static char tree[] = "/tmp/test_walk_XXXXXX";
static int tree_fd = -1;

static struct walk_options plain = { .default_excludes = true, .stdin_fd = -1 };

static void make_tree(void)
{
	ck_assert_ptr_nonnull(mkdtemp(tree));
	tree_fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(tree_fd, 0);
}

/** For walks by many: the same must come, in whatever order. */
static void make_tree_for_many(void)
{
	make_tree();
	plain.threads = 8;
}

static void drop_tree(void)
{
	char command[64];

	fd_closep(&tree_fd);
	snprintf(command, sizeof(command), "rm -rf '%s'", tree);
	ck_assert_int_eq(system(command), 0);
	memset(tree + strlen(tree) - 6, 'X', 6);
}

static void put_file(const char *path, const char *text)
{
	int fd = openat(tree_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void put_dir(const char *path)
{
	ck_assert_int_eq(mkdirat(tree_fd, path, 0755), 0);
}

/* What came out. */

struct seen {
	char path[200];
	enum assay_coverage coverage;
	enum assay_reason reason;
	bool has_fd, is_link, is_directory;
	struct stat st;
};

static struct seen seen[4096];
static size_t seen_len;

static void note(struct walk_entry *e)
{
	struct seen *s = &seen[seen_len++];

	ck_assert_uint_lt(seen_len, ARRAY_SIZE(seen));
	ck_assert_uint_eq(e->serial, seen_len - 1);
	*s = (struct seen){
		.coverage = e->coverage,
		.reason = e->reason,
		.has_fd = e->fd >= 0,
		.is_link = e->is_link,
		.is_directory = e->is_directory,
		.st = e->st,
	};
	snprintf(s->path, sizeof(s->path), "%s", e->path);
	/* A status or a descriptor, and never both. */
	ck_assert_int_eq(e->fd >= 0 || e->is_link, e->coverage == ASSAY_COMPLETE);
	ck_assert_int_eq(e->reason == ASSAY_REASON_NONE, e->coverage == ASSAY_COMPLETE);
	ck_assert_ptr_nonnull(strstr(e->path, e->name[0] && e->path[0] ? e->name : ""));
	fd_closep(&e->fd);
	free(e->path);
}

/** walk_next(), and wait for it. */
static int next(struct walk *w, struct walk_entry *ret, struct assay_error *err)
{
	struct pollfd ready = { .fd = walk_fd(w), .events = POLLIN };
	int rc;

	while ((rc = walk_next(w, ret, err)) == 2)
		poll(&ready, 1, 25);
	return rc;
}

static void walk_all(struct walk *w)
{
	struct walk_entry e;
	struct assay_error err;
	int rc;

	seen_len = 0;
	while ((rc = next(w, &e, &err)) == 1)
		note(&e);
	ck_assert_int_eq(rc, 0);
	ck_assert_int_eq(next(w, &e, &err), 0); /* the end stays the end */
}

static struct walk *new_walk(const struct walk_options *o)
{
	static const char *roots[] = { tree };
	struct walk *w = NULL;
	struct assay_error err;

	ck_assert_int_eq(walk_new(roots, 1, o, &w, &err), ASSAY_OK);
	return w;
}

static void walk_tree(const struct walk_options *o)
{
	struct walk *w = new_walk(o);

	walk_all(w);
	walk_free(w);
}

static const struct seen *find(const char *path)
{
	const struct seen *found = NULL;

	for (size_t i = 0; i < seen_len; i++)
		if (strcmp(seen[i].path, path) == 0) {
			ck_assert_msg(!found, "%s came twice", path);
			found = &seen[i];
		}
	return found;
}

#define EXPECT(path, want_coverage, want_reason) \
	do { \
		const struct seen *s_ = find(path); \
		ck_assert_msg(s_ != NULL, "%s did not come", path); \
		ck_assert_int_eq(s_->coverage, want_coverage); \
		ck_assert_int_eq(s_->reason, want_reason); \
	} while (0)

START_TEST(kinds)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	put_dir("d");
	put_dir("d/.hidden");
	put_file("d/.hidden/.f", "x");
	put_file("d/.gitignore", "*\n");
	put_file("d/f", "x");
	put_file("empty", "");
	put_dir("nothing");
	put_dir(".snapshot");
	put_file(".snapshot/old", "x");
	put_file(".zfs", "a file of that name");
	ck_assert_int_eq(symlinkat("f", tree_fd, "d/link"), 0);
	ck_assert_int_eq(symlinkat("..", tree_fd, "d/loop"), 0);
	ck_assert_int_eq(symlinkat("nowhere", tree_fd, "dangling"), 0);
	ck_assert_int_eq(mkfifoat(tree_fd, "fifo", 0644), 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/sock", tree);
	ck_assert_int_eq(bind(sock, (void *)&address, sizeof(address)), 0);
	walk_tree(&plain);
	close(sock);

	EXPECT("d/f", ASSAY_COMPLETE, ASSAY_REASON_NONE);
	EXPECT("d/.hidden/.f", ASSAY_COMPLETE, ASSAY_REASON_NONE);
	EXPECT("d/.gitignore", ASSAY_COMPLETE, ASSAY_REASON_NONE);
	EXPECT("empty", ASSAY_COMPLETE, ASSAY_REASON_NONE);
	EXPECT(".zfs", ASSAY_COMPLETE, ASSAY_REASON_NONE);
	EXPECT("d/link", ASSAY_EXCLUDED, ASSAY_SYMLINK);
	EXPECT("d/loop", ASSAY_EXCLUDED, ASSAY_SYMLINK);
	EXPECT("dangling", ASSAY_EXCLUDED, ASSAY_SYMLINK);
	EXPECT("fifo", ASSAY_EXCLUDED, ASSAY_SPECIAL_FILE);
	EXPECT("sock", ASSAY_EXCLUDED, ASSAY_SPECIAL_FILE);
	EXPECT(".snapshot", ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE);
	ck_assert_uint_eq(seen_len, 11);
}
END_TEST

START_TEST(excludes)
{
	static const char *const globs[] = { "*.bak", "out/", "!keep.bak" };
	struct walk_options o = { .excludes = globs, .excludes_len = 3, .stdin_fd = -1 };

	put_dir("out");
	put_file("out/f", "x");
	put_dir("d");
	put_file("d/out", "a file");
	put_file("d/x.bak", "x");
	put_file("d/keep.bak", "x");
	walk_tree(&o);
	EXPECT("out", ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE);
	ck_assert(find("out")->is_directory);
	EXPECT("d/out", ASSAY_COMPLETE, ASSAY_REASON_NONE);
	EXPECT("d/x.bak", ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE);
	EXPECT("d/keep.bak", ASSAY_COMPLETE, ASSAY_REASON_NONE);
	ck_assert_uint_eq(seen_len, 4);
}
END_TEST

START_TEST(own_output)
{
	struct walk *w = new_walk(&plain);
	struct stat st;

	put_file("log", "x");
	put_file("other", "x");
	ck_assert_int_eq(fstatat(tree_fd, "log", &st, 0), 0);
	walk_forbid(w, st.st_dev, st.st_ino);
	walk_all(w);
	walk_free(w);
	EXPECT("log", ASSAY_EXCLUDED, ASSAY_EXCLUDED_BY_RULE);
	EXPECT("other", ASSAY_COMPLETE, ASSAY_REASON_NONE);
}
END_TEST

/* A tree deeper than levels are kept open, each level with files after its directory. */
#define DEPTH 300

static void dig(unsigned depth)
{
	int dir = dup(tree_fd);

	for (unsigned i = 0; i < depth; i++) {
		int next;

		for (char c = 'a'; c < 'd'; c++) {
			char name[2] = { c };

			close(openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
		}
		ck_assert_int_eq(mkdirat(dir, "deeper-and-deeper-and-deeper", 0755), 0);
		next = openat(dir, "deeper-and-deeper-and-deeper", O_RDONLY | O_CLOEXEC);
		ck_assert_int_ge(next, 0);
		close(dir);
		dir = next;
	}
	close(dir);
}

START_TEST(deep)
{
	dig(DEPTH);
	walk_tree(&plain);
	ck_assert_uint_eq(seen_len, 3 * DEPTH);
	for (size_t i = 0; i < seen_len; i++)
		ck_assert_int_eq(seen[i].coverage, ASSAY_COMPLETE);
}
END_TEST

/** The same while directories far up are moved: what cannot be found again is said. */
START_TEST(deep_moved)
{
	struct walk *w;
	struct walk_entry e;
	struct assay_error err;
	char from[64 * 30];
	bool moved = false;
	size_t len = 0, complete = 0, vanished = 0;
	int rc;

	dig(DEPTH);
	for (unsigned i = 0; i < 60; i++)
		len += (size_t)snprintf(from + len, sizeof(from) - len,
					"%sdeeper-and-deeper-and-deeper", i ? "/" : "");
	w = new_walk(&plain);
	while ((rc = next(w, &e, &err)) == 1) {
		complete += e.coverage == ASSAY_COMPLETE;
		vanished += e.reason == ASSAY_VANISHED;
		/* Deep down: level 60 is moved beside the root's first. */
		if (!moved && strlen(e.path) > (size_t)200 * 29) {
			ck_assert_int_eq(renameat(tree_fd, from, tree_fd, "moved"), 0);
			moved = true;
		}
		fd_closep(&e.fd);
		free(e.path);
	}
	ck_assert_int_eq(rc, 0);
	walk_free(w);
	ck_assert_msg(moved, "the walk never got deep");
	/* Either order of entries: whatever was not listed had its directory named, or was met
	 * again under its new name. */
	ck_assert_msg(complete + 3 * vanished >= 3 * DEPTH, "%zu complete, %zu vanished", complete,
		      vanished);
}
END_TEST

START_TEST(too_deep)
{
	/* 5,000 levels of 255 bytes are a longer path than is walked. */
	char name[256];
	int dir = dup(tree_fd);
	size_t limits = 0;

	memset(name, 'n', 255);
	name[255] = '\0';
	for (unsigned i = 0; i < 5000; i++) {
		int next;

		ck_assert_int_eq(mkdirat(dir, name, 0755), 0);
		next = openat(dir, name, O_RDONLY | O_CLOEXEC);
		close(dir);
		dir = next;
	}
	close(dir);
	put_file("z", "x");
	walk_tree(&plain);
	for (size_t i = 0; i < seen_len; i++)
		limits += seen[i].reason == ASSAY_LIMIT_DEPTH;
	ck_assert_uint_eq(limits, 1);
	EXPECT("z", ASSAY_COMPLETE, ASSAY_REASON_NONE);
	ck_assert_uint_eq(seen_len, 2);
}
END_TEST

START_TEST(wide)
{
	for (unsigned i = 0; i < 4000; i++) {
		char name[64];

		snprintf(name, sizeof(name), "a name of middling length, number %u", i);
		put_file(name, "");
	}
	walk_tree(&plain);
	ck_assert_uint_eq(seen_len, 4000);
}
END_TEST

/* Hard links. */

static struct walk *walk_to(const char *name, struct walk_entry *ret)
{
	struct walk *w = new_walk(&plain);
	struct assay_error err;

	while (next(w, ret, &err) == 1) {
		if (strcmp(ret->name, name) == 0)
			return w;
		fd_closep(&ret->fd);
		free(ret->path);
	}
	ck_abort_msg("%s did not come", name);
	return w;
}

static const struct {
	enum walk_fate fate;
	const char *second; /* the other name */
	enum assay_coverage want;
	bool want_link;
} fates[] = {
	{ WALK_UNSETTLED, "f", ASSAY_COMPLETE, false }, { WALK_CLEAN, "f", ASSAY_COMPLETE, true },
	{ WALK_CLEAN, "g", ASSAY_COMPLETE, false }, /* the name is evidence too */
	{ WALK_NOTABLE, "f", ASSAY_COMPLETE, false },   { WALK_LOST, "f", ASSAY_NOTHING, false },
};

START_TEST(hard_links)
{
	struct walk_entry e, other;
	struct assay_error err;
	struct walk *w;
	char second[16];

	snprintf(second, sizeof(second), "b/%s", fates[_i].second);
	put_dir("a");
	put_dir("b");
	put_file("a/f", "x");
	ck_assert_int_eq(linkat(tree_fd, "a/f", tree_fd, second, 0), 0);
	w = walk_to("f", &e);
	ck_assert_int_ge(e.fd, 0);
	walk_settle(w, &e, fates[_i].fate, ASSAY_CRASH_QUARANTINED);
	/* Whichever of the two came first, the other comes now, or (another name) before. */
	if (next(w, &other, &err) == 1) {
		ck_assert_int_eq(other.coverage, fates[_i].want);
		ck_assert_int_eq(other.is_link, fates[_i].want_link);
		ck_assert_int_eq(other.fd >= 0,
				 fates[_i].want == ASSAY_COMPLETE && !fates[_i].want_link);
		if (fates[_i].want == ASSAY_NOTHING)
			ck_assert_int_eq(other.reason, ASSAY_CRASH_QUARANTINED);
		fd_closep(&other.fd);
		free(other.path);
	} else {
		ck_assert_str_eq(fates[_i].second, "g");
	}
	fd_closep(&e.fd);
	free(e.path);
	walk_free(w);
}
END_TEST

/* Reopening. */

START_TEST(reopen)
{
	struct walk_entry e;
	struct walk *w;

	put_dir("d");
	put_dir("d/e");
	put_file("d/e/f", "x");
	w = walk_to("f", &e);
	ck_assert(walk_reopen(w, &e));
	ck_assert_int_ge(e.fd, 0);
	ck_assert_int_eq(unlinkat(tree_fd, "d/e/f", 0), 0);
	ck_assert(!walk_reopen(w, &e));
	ck_assert_int_eq(mkfifoat(tree_fd, "d/e/f", 0644), 0);
	ck_assert(!walk_reopen(w, &e)); /* never a pipe */
	ck_assert_int_eq(unlinkat(tree_fd, "d/e/f", 0), 0);
	put_file("elsewhere", "x");
	ck_assert_int_eq(symlinkat("../../elsewhere", tree_fd, "d/e/f"), 0);
	ck_assert(!walk_reopen(w, &e)); /* nor a link */
	fd_closep(&e.fd);
	free(e.path);
	walk_free(w);
}
END_TEST

/* Roots. */

START_TEST(roots)
{
	char file[64], link[64], missing[64];
	const char *list[] = { file, link, missing, "/proc" };
	struct walk *w;
	struct assay_error err;

	snprintf(file, sizeof(file), "%s/f", tree);
	snprintf(link, sizeof(link), "%s/link", tree);
	snprintf(missing, sizeof(missing), "%s/missing", tree);
	put_file("f", "x");
	put_dir("d");
	put_file("d/g", "x");
	ck_assert_int_eq(symlinkat("d", tree_fd, "link"), 0);
	ck_assert_int_eq(walk_new(list, 4, &plain, &w, &err), ASSAY_OK);
	walk_all(w);
	walk_free(w);
	ck_assert_uint_eq(seen_len, 4);
	ck_assert_int_eq(seen[0].coverage, ASSAY_COMPLETE);
	ck_assert_str_eq(seen[1].path, "g"); /* a root that is a link is resolved */
	ck_assert_int_eq(seen[2].reason, ASSAY_VANISHED);
	ck_assert_int_eq(seen[3].reason, ASSAY_SPECIAL_FILE);
}
END_TEST

START_TEST(access_times)
{
	const struct timespec old[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1000000000 } };
	struct stat st;

	put_dir("d");
	put_file("d/f", "x");
	ck_assert_int_eq(utimensat(tree_fd, "d/f", old, 0), 0);
	ck_assert_int_eq(utimensat(tree_fd, "d", old, 0), 0);
	walk_tree(&plain);
	ck_assert_int_eq(fstatat(tree_fd, "d/f", &st, 0), 0);
	ck_assert_int_eq(st.st_atim.tv_sec, 1000000000);
	ck_assert_int_eq(fstatat(tree_fd, "d", &st, 0), 0);
	ck_assert_int_eq(st.st_atim.tv_sec, 1000000000);
}
END_TEST

/* Lists. */

static void walk_list(const char *data, size_t len, char separator)
{
	int fd = openat(tree_fd, "list", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	struct walk *w;
	struct assay_error err;

	ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
	lseek(fd, 0, SEEK_SET);
	ck_assert_int_eq(fchdir(tree_fd), 0);
	ck_assert_int_eq(walk_files_from(fd, separator, &plain, &w, &err), ASSAY_OK);
	close(fd);
	walk_all(w);
	walk_free(w);
}

START_TEST(lists)
{
	static const char lines[] = "f\n\nd\nmissing\nd/g\nfifo\nn\nf";
	static const char nuls[] = "f\0a\nb\0d/g";

	put_file("f", "x");
	put_file("a\nb", "x");
	put_dir("d");
	put_file("d/g", "x");
	ck_assert_int_eq(mkfifoat(tree_fd, "fifo", 0644), 0);
	walk_list(lines, sizeof(lines) - 1, '\n');
	ck_assert_uint_eq(seen_len, 7); /* the empty line names nothing */
	ck_assert_int_eq(seen[0].coverage, ASSAY_COMPLETE);
	EXPECT("d", ASSAY_NOTHING, ASSAY_SPECIAL_FILE); /* no recursion */
	EXPECT("missing", ASSAY_NOTHING, ASSAY_VANISHED);
	EXPECT("d/g", ASSAY_COMPLETE, ASSAY_REASON_NONE);
	EXPECT("fifo", ASSAY_EXCLUDED, ASSAY_SPECIAL_FILE);
	walk_list(nuls, sizeof(nuls) - 1, '\0');
	ck_assert_uint_eq(seen_len, 3);
	EXPECT("a\nb", ASSAY_COMPLETE, ASSAY_REASON_NONE);
}
END_TEST

START_TEST(odd_lists)
{
	CLEANUP(buf_done) struct buf list = BUF_INIT(1 * MiB);

	/* A path longer than PATH_MAX, one too long for any file, and a NUL in a line. */
	dig(200);
	for (unsigned i = 0; i < 200; i++)
		buf_add_str(&list, "deeper-and-deeper-and-deeper/");
	buf_add_str(&list, "../a\n");
	for (unsigned i = 0; i < 100000; i++)
		buf_add_byte(&list, 'x');
	buf_add(&list, "\na\0b\n", 5);
	walk_list(list.data, list.len, '\n');
	ck_assert_uint_eq(seen_len, 3);
	ck_assert_int_eq(seen[0].coverage, ASSAY_COMPLETE);
	ck_assert_int_eq(seen[1].reason, ASSAY_VANISHED);
	ck_assert_int_eq(seen[2].reason, ASSAY_VANISHED);
}
END_TEST

START_TEST(unreadable_list)
{
	struct walk_entry e;
	struct walk *w;
	struct assay_error err;

	ck_assert_int_eq(walk_files_from(tree_fd, '\n', &plain, &w, &err), ASSAY_OK);
	ck_assert_int_eq(next(w, &e, &err), -1); /* a directory: not an empty list */
	walk_free(w);
}
END_TEST

/* Many walkers. */

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct seen *)a)->path, ((const struct seen *)b)->path);
}

static void put_bushes(unsigned width, unsigned depth, const char *above)
{
	for (unsigned i = 0; i < width; i++) {
		char path[64];

		snprintf(path, sizeof(path), "%s%u", above, i);
		if (depth == 0 || i % 3 == 2) {
			put_file(path, "x");
			continue;
		}
		put_dir(path);
		strcat(path, "/");
		put_bushes(width, depth - 1, path);
	}
}

START_TEST(same_set)
{
	static struct seen first[ARRAY_SIZE(seen)];
	const unsigned threads[] = { 1, 2, 16, WALK_THREADS_MAX };
	struct walk_options o = { .stdin_fd = -1 };
	size_t first_len = 0;

	put_bushes(6, 3, "");
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		o.threads = threads[i];
		walk_tree(&o);
		qsort(seen, seen_len, sizeof(seen[0]), by_path);
		if (i == 0) {
			first_len = seen_len;
			memcpy(first, seen, sizeof(seen));
		}
		ck_assert_uint_eq(seen_len, first_len);
		for (size_t k = 0; k < seen_len; k++)
			ck_assert_str_eq(seen[k].path, first[k].path);
	}
	ck_assert_uint_gt(first_len, 400);
}
END_TEST

/** Whatever the tree: the weights of all that came are the whole. */
static void check_weights(const struct walk_options *o)
{
	struct walk *w = new_walk(o);
	struct walk_entry e;
	struct assay_error err;
	double sum = 0;

	while (next(w, &e, &err) == 1) {
		ck_assert(e.weight >= 0);
		sum += e.weight;
		fd_closep(&e.fd);
		free(e.path);
	}
	sum += walk_credit(w);
	ck_assert_msg(sum > 0.9999 && sum < 1.0001, "the weights come to %f", sum);
	walk_free(w);
}

START_TEST(weights)
{
	struct walk_options o = { .stdin_fd = -1, .weigh = true };

	check_weights(&o); /* an empty root */
	put_bushes(5, 2, "");
	put_dir("empty");
	put_dir("wide");
	for (unsigned i = 0; i < 3000; i++) {
		char name[64];

		snprintf(name, sizeof(name), "wide/longer than what one reading brings, %u", i);
		put_file(name, "");
	}
	put_dir("wide/dir");
	put_file("wide/dir/f", "");
	check_weights(&o);
	o.threads = 8;
	check_weights(&o);
}
END_TEST

static size_t open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	size_t count = 0;

	while (readdir(d))
		count++;
	closedir(d);
	return count;
}

/** Nobody takes what is found: walkers wait, with no more open than they may have. */
START_TEST(back_pressure)
{
	struct walk_options o = plain;
	struct walk_entry e;
	struct assay_error err;
	struct walk *w;
	size_t before;

	put_bushes(7, 3, "");
	o.threads = 4;
	o.descriptors = 150;
	before = open_descriptors();
	w = new_walk(&o);
	ck_assert_int_eq(next(w, &e, &err), 1);
	usleep(300000);
	ck_assert_uint_le(open_descriptors(), before + walk_descriptors(w) + 1);
	ck_assert_uint_le(walk_descriptors(w), 150 + 64);
	fd_closep(&e.fd);
	free(e.path);
	walk_free(w); /* with much of it never taken */
	ck_assert_uint_eq(open_descriptors(), before);
}
END_TEST

#ifdef ASSAY_TEST_HOOKS

/* Storage that hangs. */

static void put_stalling(const char *dir, const char *hook)
{
	char path[128];

	put_dir(dir);
	for (unsigned i = 0; i < 20; i++) {
		snprintf(path, sizeof(path), "%s/d%u", dir, i);
		put_dir(path);
		snprintf(path, sizeof(path), "%s/d%u/f", dir, i);
		put_file(path, "x");
	}
	snprintf(path, sizeof(path), "%s/d7/%s", dir, hook);
	put_file(path, "x");
	snprintf(path, sizeof(path), "%s/d13/%s", dir, hook);
	put_file(path, "x");
}

static size_t count_of(enum assay_reason reason)
{
	size_t count = 0;

	for (size_t i = 0; i < seen_len; i++)
		count += seen[i].reason == reason;
	return count;
}

/** For ever: two names are lost, and nothing else. */
START_TEST(stalls_remote)
{
	struct walk_options o = { .stdin_fd = -1, .test_hooks = true, .stall_ms = 1500 };
	uint64_t begin = clock_ns();

	put_stalling("!REMOTE", "!STALL");
	put_bushes(4, 2, "");
	walk_tree(&o);
	ck_assert_uint_lt((clock_ns() - begin) / NS_PER_MS, 8000);
	EXPECT("!REMOTE/d7/!STALL", ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE);
	EXPECT("!REMOTE/d13/!STALL", ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE);
	for (unsigned i = 0; i < 20; i++) {
		char path[64];

		snprintf(path, sizeof(path), "!REMOTE/d%u/f", i);
		/* Another walker may have been the one that hung on the same directory. */
		if (i != 7 && i != 13)
			EXPECT(path, ASSAY_COMPLETE, ASSAY_REASON_NONE);
	}
}
END_TEST

/** One walker alone: it is replaced, and what it was listing is said not to be listed. */
START_TEST(stalls_alone)
{
	char other[64];
	const char *list[] = { tree, other };
	struct walk_options o = {
		.stdin_fd = -1, .test_hooks = true, .stall_ms = 1500, .threads = 1
	};
	struct walk *w;
	struct assay_error err;

	snprintf(other, sizeof(other), "%s/other", tree);
	put_dir("stalling");
	put_file("stalling/!STALL", "x");
	put_dir("other");
	put_file("other/f", "x");
	ck_assert_int_eq(walk_new(list, 2, &o, &w, &err), ASSAY_OK);
	walk_all(w);
	walk_free(w);
	EXPECT("stalling/!STALL", ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE);
	EXPECT("stalling", ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE);
	ck_assert(find("stalling")->is_directory);
	EXPECT("", ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE);
	EXPECT("f", ASSAY_COMPLETE, ASSAY_REASON_NONE); /* the other root */
}
END_TEST

/** It comes back before the deadline: late, and nothing is lost. */
START_TEST(stalls_and_goes_on)
{
	struct walk_options o = { .stdin_fd = -1, .test_hooks = true, .stall_ms = 10000 };

	put_stalling("!REMOTE", "!STALL-1300");
	walk_tree(&o);
	ck_assert_uint_eq(seen_len, 22);
	ck_assert_uint_eq(count_of(ASSAY_REASON_NONE), 22);
}
END_TEST

/** It comes back after all was given up, while and after the walk is freed. */
START_TEST(stalls_too_long)
{
	struct walk_options o = {
		.stdin_fd = -1, .test_hooks = true, .stall_ms = 1100, .threads = 4
	};

	put_stalling("d", "!STALL-1900");
	walk_tree(&o);
	EXPECT("d/d7/!STALL-1900", ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE);
	EXPECT("d/d13/!STALL-1900", ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE);
	usleep(1200000);
}
END_TEST

START_TEST(no_answer)
{
	struct walk_options o = {
		.stdin_fd = -1, .test_hooks = true, .stall_ms = 400, .threads = 2
	};
	struct walk_entry e, other;
	struct assay_error err;
	struct walk *w = new_walk(&o);
	uint64_t begin;

	put_dir("!REMOTE");
	put_file("!REMOTE/!NO-ANSWER", "x");
	put_file("!REMOTE/f", "x");
	ck_assert_int_eq(next(w, &e, &err), 1);
	ck_assert_int_eq(next(w, &other, &err), 1);
	if (e.name[0] != '!') {
		struct walk_entry swap = e;

		e = other;
		other = swap;
	}
	ck_assert(e.is_remote && other.is_remote);
	ck_assert_int_eq(walk_recheck(w, &other), WALK_SAME);
	ck_assert_int_eq(walk_recheck(w, &e), WALK_NO_ANSWER);
	/* Now nothing is asked about that file system any more. */
	begin = clock_ns();
	ck_assert_int_eq(walk_recheck(w, &other), WALK_NO_ANSWER);
	ck_assert(!walk_reopen(w, &other));
	ck_assert_uint_lt((clock_ns() - begin) / NS_PER_MS, 300);
	walk_close(w, &e);
	walk_close(w, &other);
	free(e.path);
	free(other.path);
	walk_free(w);
}
END_TEST

#endif

/** More names than are remembered: forgotten ones are read again, none is taken for
 * another. */
START_TEST(links_bounded)
{
	struct stat st = { .st_nlink = 2 };
	struct links l;
	const unsigned many = 1500000;
	unsigned known = 0;

	links_init(&l);
	for (unsigned i = 0; i < many; i++) {
		struct linked *found;

		st.st_ino = i;
		ck_assert_ptr_null(links_find(&l, &st, "f"));
		links_add(&l, &st, "f");
		found = links_find(&l, &st, "f");
		if (found)
			linked_settle(found, i % 2 ? WALK_CLEAN : WALK_LOST,
				      i % 2 ? ASSAY_REASON_NONE : ASSAY_CRASH_QUARANTINED);
	}
	for (unsigned i = 0; i < many; i++) {
		const struct linked *found;

		st.st_ino = i;
		found = links_find(&l, &st, "f");
		known += found != NULL;
		if (!found)
			continue;
		ck_assert_int_eq(linked_fate(found), i % 2 ? WALK_CLEAN : WALK_LOST);
		ck_assert_int_eq(linked_reason(found),
				 i % 2 ? ASSAY_REASON_NONE : ASSAY_CRASH_QUARANTINED);
	}
	ck_assert_uint_gt(known, 400000);
	ck_assert_uint_le(l.cap * sizeof(*l.table), 16 * MiB);
	links_done(&l);
}
END_TEST

/** A path of a megabyte takes its time where every access is watched. */
#ifdef ASSAY_SANITIZED
#define TIMEOUT_S 280
#else
#define TIMEOUT_S 60
#endif

static void add_trees(TCase *tc)
{
	tcase_add_test(tc, kinds);
	tcase_add_test(tc, excludes);
	tcase_add_test(tc, own_output);
	tcase_add_test(tc, deep);
	tcase_add_test(tc, deep_moved);
	tcase_add_test(tc, too_deep);
	tcase_add_test(tc, wide);
	tcase_add_loop_test(tc, hard_links, 0, ARRAY_SIZE(fates));
	tcase_add_test(tc, reopen);
	tcase_add_test(tc, access_times);
}

Suite *unit_suite(void)
{
	Suite *s = suite_create("walk");
	TCase *tc = tcase_create("trees");

	tcase_add_checked_fixture(tc, make_tree, drop_tree);
	add_trees(tc);
	tcase_add_test(tc, roots);
	tcase_add_test(tc, lists);
	tcase_add_test(tc, odd_lists);
	tcase_add_test(tc, unreadable_list);
	tcase_set_timeout(tc, TIMEOUT_S);
	tcase_add_test(tc, same_set);
	tcase_add_test(tc, weights);
	tcase_add_test(tc, back_pressure);
	suite_add_tcase(s, tc);
	tc = tcase_create("many walkers");
	tcase_set_timeout(tc, TIMEOUT_S);
	tcase_add_checked_fixture(tc, make_tree_for_many, drop_tree);
	add_trees(tc);
	suite_add_tcase(s, tc);
	tc = tcase_create("links");
	tcase_set_timeout(tc, TIMEOUT_S);
	tcase_add_test(tc, links_bounded);
	suite_add_tcase(s, tc);
#ifdef ASSAY_TEST_HOOKS
	tc = tcase_create("stalls");
	tcase_set_timeout(tc, TIMEOUT_S);
	tcase_add_checked_fixture(tc, make_tree, drop_tree);
	tcase_add_test(tc, stalls_remote);
	tcase_add_test(tc, stalls_alone);
	tcase_add_test(tc, stalls_and_goes_on);
	tcase_add_test(tc, stalls_too_long);
	tcase_add_test(tc, no_answer);
	suite_add_tcase(s, tc);
#endif
	return s;
}
