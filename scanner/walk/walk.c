/* walk.c - the walk as its user sees it: entries, links, and what came of them */
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "ask.h"
#include "crew.h"
#include "fail.h"
#include "ignore.h"
#include "links.h"

/** How long the coordinator itself waits for an answer about a file, at most. */
#define ASK_MS_MAX 20000

struct walk {
	struct ground *ground; /**< the crew's */
	struct crew *crew;
	bool has_list;
	struct links links;
	struct asker asker;
	struct walk_entry taken[CREW_TAKE]; /**< from the crew, not given out yet */
	int taken_first, taken_len;
	struct stalled *stalled; /**< being told of */
	uint64_t serial;
	struct walk_stats stats;
};

/* Copies of what is there anyway, as it was on many days. */
static const char *const default_excludes[] = { ".snapshot/", ".snapshots/", ".zfs/", "~snapshot/",
						NULL };

const char *const *walk_default_excludes(void)
{
	return default_excludes;
}

static enum assay_status make(const char *const *roots, size_t roots_len, struct list *list_take,
			      const struct walk_options *options, struct walk **ret_walk,
			      struct assay_error *err)
{
	struct walk *w = calloc(1, sizeof(*w));
	struct ground *g = calloc(1, sizeof(*g));
	struct list *list = malloc(sizeof(*list));
	enum assay_status st = ASSAY_OK;

	if (!w || !g || !list) {
		st = assay_fail_memory(err, "the walk");
	} else {
		g->roots = roots;
		g->roots_len = roots_len;
		g->options = *options;
		pthread_mutex_init(&g->lock, NULL);
		*list = *list_take;
		st = crew_new(g, list, &w->crew, err);
	}
	if (st < 0) {
		free(w);
		free(g);
		free(list);
		list_close(list_take);
		return st;
	}
	w->ground = g;
	w->has_list = list->file;
	links_init(&w->links);
	*ret_walk = w;
	return ASSAY_OK;
}

enum assay_status walk_new(const char *const *roots, size_t roots_len,
			   const struct walk_options *options, struct walk **ret_walk,
			   struct assay_error *err)
{
	struct list none = { 0 };

	return make(roots, roots_len, &none, options, ret_walk, err);
}

enum assay_status walk_files_from(int fd, char separator, const struct walk_options *options,
				  struct walk **ret_walk, struct assay_error *err)
{
	struct list list;

	if (!list_open(&list, fd, separator))
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "list of files");
	return make(NULL, 0, &list, options, ret_walk, err);
}

void walk_free(struct walk *w)
{
	if (!w)
		return;
	for (; w->taken_len > 0; w->taken_len--) {
		struct walk_entry *e = &w->taken[w->taken_first++];

		walk_close(w, e);
		free(e->path);
	}
	free(w->stalled);
	crew_free(w->crew);
	asker_done(&w->asker);
	links_done(&w->links);
	free(w);
}

const struct walk_stats *walk_stats(const struct walk *w)
{
	return &w->stats;
}

int walk_fd(const struct walk *w)
{
	return crew_fd(w->crew);
}

double walk_credit(const struct walk *w)
{
	return crew_credit(w->crew);
}

size_t walk_descriptors(const struct walk *w)
{
	return crew_descriptors(w->crew);
}

/* What is left out. */

void walk_forbid(struct walk *w, dev_t dev, ino_t ino)
{
	struct ground *g = w->ground;

	if (g->forbidden_len < ARRAY_SIZE(g->forbidden))
		g->forbidden[g->forbidden_len++] = (struct id){ dev, ino };
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

/* Files with several names. */

/** Has it been read under another name like this? */
static void look_for_link(struct walk *w, struct walk_entry *e)
{
	const struct linked *l = links_find(&w->links, &e->st, e->name);

	if (!l) {
		links_add(&w->links, &e->st, e->name);
		return;
	}
	e->is_link = linked_fate(l) == WALK_CLEAN;
	if (linked_fate(l) == WALK_LOST)
		refuse(e, ASSAY_NOTHING, linked_reason(l),
		       "under another name it cost a worker; not tried again");
	if (e->is_link || e->coverage != ASSAY_COMPLETE)
		walk_close(w, e);
}

void walk_settle(struct walk *w, const struct walk_entry *e, enum walk_fate fate,
		 enum assay_reason reason)
{
	struct linked *l;

	if (!e->has_stat || e->st.st_nlink < 2)
		return;
	l = links_find(&w->links, &e->st, e->name);
	if (l)
		linked_settle(l, fate, reason);
}

/* Questions about open files. */

/** What is asked, and the answer. */
struct question {
	struct ground *ground;
	const char *root; /**< NULL: of a list */
	int fd;
	bool ok;
	struct stat st;
	bool hangs; /**< for tests */
	char path[];
};

static void ask_fstat(void *ctx)
{
	struct question *q = ctx;

#ifdef ASSAY_TEST_HOOKS
	while (q->hangs)
		pause();
#endif
	q->ok = fstat(q->fd, &q->st) == 0;
}

static void ask_close(void *ctx)
{
	struct question *q = ctx;

	close(q->fd);
}

static void ask_open(void *ctx)
{
	struct question *q = ctx;

	q->fd = q->root ? open_below(q->ground, q->root, q->path, OPEN_FILE)
			: open_listed(q->ground, q->path, OPEN_FILE);
	q->ok = q->fd >= 0 && fstat(q->fd, &q->st) == 0 && S_ISREG(q->st.st_mode) &&
		!ground_forbids(q->ground, &q->st);
	if (!q->ok)
		fd_closep(&q->fd);
}

/** Have `fn` answered, here and now for a local file.  @return  to be freed; NULL: no answer */
static struct question *put_question(struct walk *w, const struct walk_entry *e, ask_fn *fn)
{
	size_t len = strlen(e->path);
	struct question *q = calloc(1, sizeof(*q) + len + 1);
	uint64_t ms = w->ground->options.stall_ms;

	if (!q)
		return NULL;
	q->ground = w->ground;
	q->root = w->has_list ? NULL : w->ground->roots[e->root];
	q->fd = e->fd;
	memcpy(q->path, e->path, len + 1);
	q->hangs = w->ground->options.test_hooks && strncmp(e->name, "!NO-ANSWER", 10) == 0;
	if (!e->is_remote) {
		fn(q);
		return q;
	}
	ms = ms ? MIN(ms, ASK_MS_MAX) : ASK_MS_MAX;
	return ask(&w->asker, e->st.st_dev, fn, q, ms) ? q : NULL;
}

static bool is_same(const struct stat *was, const struct stat *now)
{
	return now->st_size == was->st_size && now->st_mtim.tv_sec == was->st_mtim.tv_sec &&
	       now->st_mtim.tv_nsec == was->st_mtim.tv_nsec &&
	       now->st_ctim.tv_sec == was->st_ctim.tv_sec &&
	       now->st_ctim.tv_nsec == was->st_ctim.tv_nsec;
}

enum walk_check walk_recheck(struct walk *w, const struct walk_entry *e)
{
	CLEANUP(mem_freep) struct question *q = NULL;
	struct stat st;

	if (!e->is_remote)
		return fstat(e->fd, &st) == 0 && is_same(&e->st, &st) ? WALK_SAME : WALK_CHANGED;
	q = put_question(w, e, ask_fstat);
	if (!q)
		return WALK_NO_ANSWER;
	return q->ok && is_same(&e->st, &q->st) ? WALK_SAME : WALK_CHANGED;
}

bool walk_reopen(struct walk *w, struct walk_entry *e)
{
	CLEANUP(mem_freep) struct question *q = put_question(w, e, ask_open);

	if (!q || !q->ok)
		return false;
	walk_close(w, e);
	e->fd = q->fd;
	e->st = q->st;
	return true;
}

void walk_close(struct walk *w, struct walk_entry *e)
{
	if (e->fd >= 0 && e->is_remote)
		free(put_question(w, e, ask_close));
	else if (e->fd >= 0)
		close(e->fd);
	e->fd = -1;
}

/* Entry after entry. */

/** Say of a name that hung what it cost: itself, and the rest of the directories above it
 * that the same walker was listing. */
static bool tell_stalled(struct walk *w, struct walk_entry *e)
{
	struct stalled *s = w->stalled;
	size_t len = strlen(s->path);
	char *slash;

	*e = (struct walk_entry){ .root = s->root, .fd = -1 };
	e->path = strdup(s->path);
	if (!e->path)
		return false;
	slash = strrchr(e->path, '/');
	e->name = slash ? slash + 1 : e->path;
	e->is_directory = s->told;
	refuse(e, ASSAY_NOTHING, ASSAY_ROOT_UNAVAILABLE,
	       s->told ? "its rest is not listed: storage does not answer"
		       : "storage does not answer");
	s->told = true;
	slash = strrchr(s->path, '/');
	if (len <= s->base_len) {
		w->stalled = NULL;
		free(s);
	} else {
		*(slash ? slash : s->path) = '\0';
	}
	return true;
}

/** Have entries to give out.  @return  as walk_next() */
static int refill(struct walk *w, struct assay_error *err)
{
	bool over = false;

	w->taken_first = 0;
	w->taken_len = crew_take(w->crew, w->taken, &over, err);
	if (w->taken_len < 0) {
		w->taken_len = 0;
		return -1;
	}
	w->stats.atime_kept_not = atomic_load(&w->ground->atime_kept_not);
	if (w->taken_len > 0)
		return 1;
	w->stalled = crew_stalled(w->crew);
	return w->stalled ? 1 : over ? 0 : 2;
}

int walk_next(struct walk *w, struct walk_entry *ret_entry, struct assay_error *err)
{
	int rc = w->taken_len > 0 || w->stalled ? 1 : refill(w, err);

	if (rc != 1)
		return rc;
	if (w->taken_len > 0) {
		*ret_entry = w->taken[w->taken_first++];
		w->taken_len--;
	} else if (!tell_stalled(w, ret_entry)) {
		return assay_fail_memory(err, "the walk"), -1;
	}
	ret_entry->serial = w->serial++;
	if (ret_entry->coverage == ASSAY_COMPLETE && ret_entry->st.st_nlink > 1)
		look_for_link(w, ret_entry);
	return 1;
}
