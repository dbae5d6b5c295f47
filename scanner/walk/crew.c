/* crew.c - one lock over a ring, a queue and a head count */
#include "crew.h"

#include <errno.h>
#include <sys/eventfd.h>

#include "ask.h"
#include "fail.h"

#define RING_MAX 256
#define QUEUE_MAX 64

/** Directories on other file systems wait whatever the queue holds: mounts are few. */
#define QUEUE_ROOM 4096

/** Descriptors of one walker: its open levels, and a few in between. */
#define WALKER_DESCRIPTORS 20

/** In a call for so long, a thread is replaced. */
#define SLOW_NS NS_PER_S
#define TEND_NS (100 * NS_PER_MS)
#define END_WAIT_NS (200 * NS_PER_MS)

/** A thread and what it is at. */
struct hand {
	struct crew *crew;
	struct walker walker;
	bool at_work; /**< the walker has a job that is not done */
};

struct crew {
	struct ground *ground;
	struct list *list;
	pthread_mutex_t lock;
	pthread_cond_t work; /**< there may be a job, or the end */
	pthread_cond_t room; /**< there is room in the ring; or a thread has ended */
	int event;
	unsigned refs; /**< the owner, and each thread */
	struct walk_entry ring[RING_MAX];
	size_t ring_first, ring_len, ring_max;
	struct job *queue; /**< QUEUE_ROOM of them */
	size_t queue_len;
	size_t next_root;
	bool list_busy, list_over;
	struct hand *hands[WALK_THREADS_MAX]; /**< NULL: no thread there */
	unsigned threads, idle;
	unsigned slow; /**< threads that hang, when last looked at */
	unsigned wanted, threads_max;
	unsigned full; /**< walkers that wait for room */
	bool taker_waits;
	struct hand *own; /**< the taker walks by itself; NULL: threads do */
	bool met_others;  /**< another file system: a thread goes on with that */
	atomic_bool stop;
	int error; /**< errno of the list, ENOMEM; 0 */
	bool list_error;
	uint64_t tended_at;
	double credit;
	struct stalled *stalled;
	atomic_bool hungry; /**< others could take jobs */
};

static void crew_unref(struct crew *c)
{
	unsigned left;

	pthread_mutex_lock(&c->lock);
	left = --c->refs;
	pthread_cond_broadcast(&c->room);
	pthread_mutex_unlock(&c->lock);
	if (left > 0)
		return;
	while (c->ring_len-- > 0) {
		struct walk_entry *e = &c->ring[c->ring_first++ % c->ring_max];

		fd_closep(&e->fd);
		free(e->path);
	}
	while (c->queue_len > 0)
		job_done(&c->queue[--c->queue_len]);
	for (struct stalled *s; (s = c->stalled);) {
		c->stalled = s->next;
		free(s);
	}
	fd_closep(&c->event);
	free(c->queue);
	pthread_mutex_destroy(&c->ground->lock);
	free(c->ground);
	list_close(c->list);
	free(c->list);
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->work);
	pthread_cond_destroy(&c->room);
	free(c);
}

static struct hand *hand_new(struct crew *c)
{
	struct hand *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->crew = c;
	walker_init(&h->walker, c->ground, c);
	return h;
}

/** How many threads and entries there are descriptors for. */
static void divide_descriptors(struct crew *c)
{
	size_t all = c->ground->options.descriptors;

	c->ring_max = all ? MIN(MAX(all / 3, (size_t)4), (size_t)RING_MAX) : RING_MAX;
	c->threads_max = WALK_THREADS_MAX;
	if (all)
		c->threads_max = (unsigned)MIN(
		    MAX((all - MIN(all, c->ring_max)) / WALKER_DESCRIPTORS, (size_t)1),
		    (size_t)WALK_THREADS_MAX);
}

size_t crew_descriptors(const struct crew *c)
{
	return c->ring_max + CREW_TAKE + (size_t)c->threads_max * WALKER_DESCRIPTORS;
}

static void set_hungry(struct crew *c)
{
	atomic_store_explicit(&c->hungry, c->wanted > 1 && c->queue_len < QUEUE_MAX,
			      memory_order_relaxed);
}

enum assay_status crew_new(struct ground *ground, struct list *list, struct crew **ret,
			   struct assay_error *err)
{
	struct crew *c = calloc(1, sizeof(*c));

	if (!c)
		return assay_fail_memory(err, "the walk");
	c->ground = ground;
	c->list = list;
	c->refs = 1;
	pthread_mutex_init(&c->lock, NULL);
	cond_init(&c->work);
	cond_init(&c->room);
	divide_descriptors(c);
	c->wanted =
	    MIN(ground->options.threads ? ground->options.threads : WALK_THREADS, c->threads_max);
	c->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	c->queue = calloc(QUEUE_ROOM, sizeof(*c->queue));
	if (ground->options.local && !ground->options.threads && !list->file)
		c->own = hand_new(c);
	if (c->event < 0 || !c->queue) {
		crew_unref(c);
		return assay_fail_memory(err, "the walk");
	}
	set_hungry(c);
	*ret = c;
	return ASSAY_OK;
}

int crew_fd(const struct crew *c)
{
	return c->event;
}

/* All below is called with the lock held, unless it says otherwise. */

static void wake_taker(struct crew *c)
{
	const uint64_t one = 1;
	ssize_t put;

	if (!c->taker_waits)
		return;
	c->taker_waits = false;
	put = write(c->event, &one, sizeof(one));
	(void)put; /* it can only be full, and is readable then */
}

/* Threads that hang. */

static uint64_t since_of(const struct hand *h)
{
	uint64_t since = atomic_load_explicit(&h->walker.since, memory_order_acquire);

	return since == WALKER_LEFT ? 0 : since;
}

static bool is_slow(const struct hand *h, uint64_t now, uint64_t ns)
{
	uint64_t since = since_of(h);

	return since && now > since + ns;
}

/** Does a thread hang on this file system? */
static bool is_stuck(const struct crew *c, dev_t dev, uint64_t now)
{
	for (unsigned i = 0; i < WALK_THREADS_MAX && dev && c->slow; i++) {
		const struct hand *h = c->hands[i];

		if (h && atomic_load_explicit(&h->walker.dev, memory_order_relaxed) == dev &&
		    is_slow(h, now, SLOW_NS))
			return true;
	}
	return false;
}

/* Jobs. */

static void queue_remove(struct crew *c, size_t i)
{
	memmove(&c->queue[i], &c->queue[i + 1], (c->queue_len - i - 1) * sizeof(*c->queue));
	c->queue_len--;
	set_hungry(c);
}

/** The last job whose file system answers: the deepest one, as a single walker would. */
static bool take_queued(struct crew *c, struct job *ret)
{
	uint64_t now = c->slow ? clock_ns() : 0;

	for (size_t i = c->queue_len; i-- > 0;) {
		dev_t dev = c->queue[i].above.site.dev;

		if (is_stuck(c, dev, now))
			continue;
		*ret = c->queue[i];
		queue_remove(c, i);
		return true;
	}
	return false;
}

static bool take_root(struct crew *c, struct job *ret)
{
	*ret = (struct job){ .kind = JOB_ROOT, .root = (unsigned)c->next_root, .above.fd = -1 };
	ret->weight = 1.0 / (double)c->ground->roots_len;
	ret->path = strdup("");
	if (!ret->path)
		c->error = ENOMEM;
	else
		c->next_root++;
	return ret->path;
}

/** The next name of the list.  Reads it without the lock: the list may be a slow pipe. */
static bool take_listed(struct crew *c, struct job *ret)
{
	int rc, error;

	*ret = (struct job){ .kind = JOB_LISTED, .above.fd = -1 };
	c->list_busy = true;
	pthread_mutex_unlock(&c->lock);
	rc = list_next(c->list, &ret->path, &ret->cut, &ret->weight);
	error = errno;
	pthread_mutex_lock(&c->lock);
	c->list_busy = false;
	c->list_over = rc <= 0;
	if (rc < 0) {
		c->error = error;
		c->list_error = error != ENOMEM;
	}
	pthread_cond_broadcast(&c->work);
	return rc == 1;
}

static bool has_more(const struct crew *c)
{
	return c->list->file ? !c->list_over : c->next_root < c->ground->roots_len;
}

static bool start_thread(struct crew *c);

static bool take_job(struct crew *c, struct job *ret)
{
	bool taken;

	if (c->stop || c->error)
		return false;
	taken = take_queued(c, ret);
	if (!taken && has_more(c) && !c->list_busy)
		taken = c->list->file ? take_listed(c, ret) : take_root(c, ret);
	if (taken && !c->own && c->idle == 0 && c->threads < c->wanted &&
	    (c->queue_len > 0 || has_more(c)))
		start_thread(c);
	return taken;
}

/** Nothing to do, and nobody at work who could bring more. */
static bool is_over(const struct crew *c)
{
	return c->error || (c->queue_len == 0 && c->idle == c->threads && !has_more(c) && !c->own);
}

/* Threads. */

static void *walk_thread(void *ctx);

/** @param h  what the thread goes on with, taken over; NULL: it begins anew */
static bool start_hand(struct crew *c, struct hand *h)
{
	unsigned i = 0;

	while (i < WALK_THREADS_MAX && c->hands[i])
		i++;
	if (!h && (i == WALK_THREADS_MAX || c->threads >= c->threads_max))
		return false;
	if (!h)
		h = hand_new(c);
	if (!h)
		return false;
	c->hands[i] = h;
	if (!thread_start(walk_thread, h)) {
		c->hands[i] = NULL;
		walker_done(&h->walker);
		free(h);
		return false;
	}
	c->threads++;
	c->refs++;
	return true;
}

static bool start_thread(struct crew *c)
{
	return start_hand(c, NULL);
}

/** Take the lock, give an entry to the ring, and wait until there is room for it. */
static void put_entry(struct crew *c, const struct walk_entry *e)
{
	pthread_mutex_lock(&c->lock);
	while (c->ring_len == c->ring_max && !c->stop) {
		c->full++;
		pthread_cond_wait(&c->room, &c->lock);
		c->full--;
	}
	if (c->stop) {
		struct walk_entry dropped = *e;

		fd_closep(&dropped.fd);
		free(dropped.path);
	} else {
		c->ring[(c->ring_first + c->ring_len++) % c->ring_max] = *e;
		wake_taker(c);
	}
	pthread_mutex_unlock(&c->lock);
}

/** Without the lock.  @return  as walker_begin() */
static int begin_job(struct hand *h, struct job *job, struct walk_entry *ret)
{
	int rc = walker_begin(&h->walker, job, ret);

	job_done(job);
	h->at_work = rc >= 0;
	return rc;
}

/** Without the lock.  @return  as walker_next() */
static int go_on(struct hand *h, struct walk_entry *ret)
{
	int rc = walker_next(&h->walker, ret);

	h->at_work = rc == 1;
	return rc;
}

/** Without the lock, to the job's end.  @return  0, -1 memory, -2 left behind */
static int finish_job(struct crew *c, struct hand *h)
{
	struct walk_entry e;
	int rc = 0;

	while (h->at_work && !c->stop && (rc = go_on(h, &e)) == 1)
		put_entry(c, &e);
	return rc == 1 ? 0 : rc;
}

/** Without the lock.  @return  as finish_job() */
static int do_job(struct crew *c, struct hand *h, struct job *job)
{
	struct walk_entry e;
	int rc = begin_job(h, job, &e);

	if (rc == 1)
		put_entry(c, &e);
	return rc < 0 ? rc : finish_job(c, h);
}

static void take_credit(struct crew *c, struct hand *h)
{
	c->credit += h->walker.credit;
	h->walker.credit = 0;
}

/** Wait for a job.  @return  false: there will be none */
static bool wait_for_job(struct crew *c, struct job *ret)
{
	while (!take_job(c, ret)) {
		c->idle++;
		if (c->stop || is_over(c)) {
			c->idle--;
			return false;
		}
		pthread_cond_wait(&c->work, &c->lock);
		c->idle--;
	}
	return true;
}

static void hand_free(struct crew *c, struct hand *h)
{
	for (unsigned i = 0; i < WALK_THREADS_MAX; i++)
		if (c->hands[i] == h)
			c->hands[i] = NULL;
	c->threads--;
	walker_done(&h->walker);
	free(h);
}

static void *walk_thread(void *ctx)
{
	struct hand *h = ctx;
	struct crew *c = h->crew;
	struct job job;
	int rc = finish_job(c, h);

	pthread_mutex_lock(&c->lock);
	while (rc == 0 && wait_for_job(c, &job)) {
		pthread_mutex_unlock(&c->lock);
		rc = do_job(c, h, &job);
		pthread_mutex_lock(&c->lock);
		take_credit(c, h);
	}
	if (rc == -1)
		c->error = ENOMEM;
	/* One that was left behind is not counted any more, and what it held is still held by
	 * nobody but itself. */
	if (rc == -2) {
		/* What it was at is copied by now: that is done with the lock held. */
		if (!h->walker.at_is_own)
			free((char *)(uintptr_t)h->walker.at);
		walker_done(&h->walker);
		free(h);
	} else {
		hand_free(c, h);
	}
	c->taker_waits = true;
	wake_taker(c);
	pthread_cond_broadcast(&c->work);
	pthread_mutex_unlock(&c->lock);
	crew_unref(c);
	return NULL;
}

/* Walkers ask this, without the lock. */

bool crew_wants(struct crew *c)
{
	return atomic_load_explicit(&c->hungry, memory_order_relaxed);
}

bool crew_offer(struct crew *c, struct job *job, bool always)
{
	bool taken = false;

	pthread_mutex_lock(&c->lock);
	if (c->queue_len < (always ? QUEUE_ROOM : QUEUE_MAX)) {
		c->queue[c->queue_len++] = *job;
		set_hungry(c);
		taken = true;
		c->met_others |= always;
		if (!c->own && c->idle == 0 && c->threads < c->wanted)
			start_thread(c);
		pthread_cond_signal(&c->work);
	}
	pthread_mutex_unlock(&c->lock);
	return taken;
}

void crew_remote(struct crew *c)
{
	pthread_mutex_lock(&c->lock);
	c->met_others = true;
	if (!c->ground->options.threads)
		c->wanted = MIN(WALK_THREADS_REMOTE, c->threads_max);
	set_hungry(c);
	pthread_mutex_unlock(&c->lock);
}

/* The taker's side. */

static void add_stalled(struct crew *c, unsigned root, const char *path, size_t base_len)
{
	size_t len = strlen(path);
	struct stalled *s = malloc(sizeof(*s) + len + 1);

	if (!s) {
		c->error = ENOMEM;
		return;
	}
	*s = (struct stalled){ .root = root, .base_len = base_len, .next = c->stalled };
	memcpy(s->path, path, len + 1);
	c->stalled = s;
}

/** Give up on a thread: it may come back at any time, and then finds itself alone. */
static void leave_behind(struct crew *c, unsigned i)
{
	struct hand *h = c->hands[i];
	uint64_t since = since_of(h);

	if (!since || !atomic_compare_exchange_strong(&h->walker.since, &since, WALKER_LEFT))
		return;
	add_stalled(c, h->walker.at_root, h->walker.at, h->walker.base_len);
	c->hands[i] = NULL;
	c->threads--;
}

/** Is there nothing left to wait for but threads that hang? */
static bool all_stalled(const struct crew *c, uint64_t now)
{
	uint64_t ns = c->ground->options.stall_ms * NS_PER_MS;
	unsigned stalled = 0;

	for (unsigned i = 0; i < WALK_THREADS_MAX; i++)
		stalled += c->hands[i] && is_slow(c->hands[i], now, ns);
	return ns && stalled > 0 && stalled == c->threads - c->idle && c->ring_len == 0;
}

/** Those that hang, and what could not be given to others for that. */
static void give_up(struct crew *c)
{
	for (unsigned i = 0; i < WALK_THREADS_MAX; i++)
		if (c->hands[i])
			leave_behind(c, i);
	while (c->queue_len > 0) {
		struct job *job = &c->queue[--c->queue_len];

		add_stalled(c, job->root, job->path, strlen(job->path));
		job_done(job);
	}
	pthread_cond_broadcast(&c->work);
}

/** Could a thread more find something to do? */
static bool has_takeable(const struct crew *c, uint64_t now)
{
	if (has_more(c) && !c->list_busy)
		return true;
	for (size_t i = 0; i < c->queue_len; i++)
		if (!is_stuck(c, c->queue[i].above.site.dev, now))
			return true;
	return false;
}

/** Look after the threads now and then. */
static void tend(struct crew *c)
{
	uint64_t now = clock_ns();

	if (now < c->tended_at + TEND_NS)
		return;
	c->tended_at = now;
	c->slow = 0;
	for (unsigned i = 0; i < WALK_THREADS_MAX; i++)
		c->slow += c->hands[i] && is_slow(c->hands[i], now, SLOW_NS);
	if (c->slow == 0)
		return;
	if (has_takeable(c, now)) {
		pthread_cond_broadcast(&c->work);
		if (c->idle > 0 || (c->threads - c->slow < c->wanted && start_thread(c)))
			return;
	}
	if (all_stalled(c, now))
		give_up(c);
}

static int list_failed(const struct crew *c, struct assay_error *err)
{
	if (c->list_error)
		assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, c->error, "list of files");
	else
		assay_fail_memory(err, "the walk");
	return -1;
}

/** The taker's own next entry.  @return  1, 0 if there is none any more, -1 memory */
static int walk_on(struct crew *c, struct walk_entry *ret)
{
	struct hand *h = c->own;
	struct job job;
	int rc = h->at_work ? go_on(h, ret) : 0;
	bool taken = true;

	while (rc == 0 && taken && !c->met_others) {
		pthread_mutex_lock(&c->lock);
		take_credit(c, h);
		taken = take_job(c, &job);
		pthread_mutex_unlock(&c->lock);
		if (!taken)
			break;
		rc = begin_job(h, &job, ret);
		while (rc == 0 && h->at_work && !c->met_others)
			rc = go_on(h, ret);
	}
	return rc;
}

/** The taker walks no more: a thread goes on with what there is to do. */
static void end_own(struct crew *c)
{
	struct hand *h = c->own;

	pthread_mutex_lock(&c->lock);
	take_credit(c, h);
	c->own = NULL;
	if (h->at_work && !start_hand(c, h)) {
		c->error = ENOMEM;
	} else if (!h->at_work) {
		walker_done(&h->walker);
		free(h);
	}
	pthread_mutex_unlock(&c->lock);
}

/** Walk until as many as can be taken are found.  @return  how many */
static int take_own(struct crew *c, struct walk_entry ret[CREW_TAKE])
{
	int count = 0, rc = 1;

	while (count < CREW_TAKE && rc == 1 && !c->met_others) {
		rc = walk_on(c, &ret[count]);
		count += rc == 1;
	}
	if (rc < 0)
		c->error = ENOMEM;
	if (rc != 1 || c->met_others)
		end_own(c);
	return count;
}

int crew_take(struct crew *c, struct walk_entry ret[CREW_TAKE], bool *ret_over,
	      struct assay_error *err)
{
	uint64_t seen;
	int count = c->own ? take_own(c, ret) : 0;
	ssize_t got;

	if (count > 0) {
		*ret_over = false;
		return count;
	}
	got = read(c->event, &seen, sizeof(seen));
	(void)got; /* it is empty, or is now */
	pthread_mutex_lock(&c->lock);
	if (c->threads == 0 && !is_over(c) && !start_thread(c))
		c->error = ENOMEM;
	while (count < CREW_TAKE && c->ring_len > 0) {
		ret[count++] = c->ring[c->ring_first];
		c->ring_first = (c->ring_first + 1) % c->ring_max;
		c->ring_len--;
	}
	if (count > 0 && c->full > 0)
		pthread_cond_broadcast(&c->room);
	if (count == 0)
		tend(c);
	if (count == 0 && c->error)
		count = list_failed(c, err);
	*ret_over = count == 0 && c->threads == 0 && is_over(c) && !c->stalled;
	c->taker_waits = count == 0;
	pthread_mutex_unlock(&c->lock);
	return count;
}

struct stalled *crew_stalled(struct crew *c)
{
	struct stalled *s;

	pthread_mutex_lock(&c->lock);
	s = c->stalled;
	if (s)
		c->stalled = s->next;
	pthread_mutex_unlock(&c->lock);
	return s;
}

double crew_credit(struct crew *c)
{
	double credit;

	pthread_mutex_lock(&c->lock);
	credit = c->credit;
	pthread_mutex_unlock(&c->lock);
	return credit;
}

void crew_free(struct crew *c)
{
	uint64_t until = clock_ns() + END_WAIT_NS;
	bool in_time = true;

	if (!c)
		return;
	if (c->own) {
		walker_done(&c->own->walker);
		free(c->own);
		c->own = NULL;
	}
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_broadcast(&c->work);
	pthread_cond_broadcast(&c->room);
	while (c->threads > 0 && in_time)
		in_time = cond_wait_until(&c->room, &c->lock, until);
	pthread_mutex_unlock(&c->lock);
	crew_unref(c);
}
