/* pool.c - the coordinator's event loop */
#include "pool.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>

/** A batch is sent when it holds this many bytes of files... */
#define BATCH_BYTES_ENOUGH (1 * MiB)

/** ... or as many units as take about this long: a queue is a bad place for big work. */
#define BATCH_NS (4 * NS_PER_MS)
#define BATCH_LEAST 4

/** Workers lost with a unit before the unit is given up. */
#define ATTEMPTS_MAX 3

/** Workers that may end before saying READY, in a row. */
#define STILLBORN_MAX 3

/** Least time between two calls of sink->tick. */
#define TICK_NS (20 * NS_PER_MS)

/* What an event is about. */
enum { WATCH_SOCK, WATCH_PIDFD, WATCH_ZYGOTE, WATCH_SOURCE };

static uint64_t unit_bytes(const struct work_unit *u)
{
	return u->end ? u->end - u->begin : u->size;
}

static bool has_queued(const struct work *w)
{
	return w->pending_len > 0 || w->retries.len > 0;
}

/* Taking work */

static unsigned batch_units(const struct work *w)
{
	uint64_t units = BATCH_NS / (w->delivery.unit_ns + 1);

	return units < BATCH_LEAST ? BATCH_LEAST : (unsigned)MIN(units, BATCH_MAX);
}

static bool is_batch_full(const struct work *w)
{
	return w->pending_len >= batch_units(w) || w->pending_bytes >= BATCH_BYTES_ENOUGH;
}

/** Fill `pending` as far as the source has something now. */
static enum assay_status take_units(struct work *w, struct assay_error *err)
{
	while (!w->dry && !is_batch_full(w)) {
		struct work_unit *unit = &w->pending[w->pending_len];
		int rc = w->source->next(w->source->ctx, unit, err);

		if (rc < 0)
			return ASSAY_FATAL;
		if (rc == 2)
			break;
		w->dry = rc == 0;
		if (rc != 1)
			break;
		assert(unit->blob_len <= SPLIT_BLOB_MAX);
		unit->attempts = 0;
		w->pending_bytes += unit_bytes(unit);
		w->pending_len++;
	}
	return ASSAY_OK;
}

static void drop_pending(struct work *w, unsigned count)
{
	w->pending_len -= count;
	memmove(w->pending, w->pending + count, w->pending_len * sizeof(*w->pending));
	w->pending_bytes = 0;
	for (unsigned i = 0; i < w->pending_len; i++)
		w->pending_bytes += unit_bytes(&w->pending[i]);
}

/* Workers come and go */

static int watch(struct work *w, int fd, unsigned index, unsigned what)
{
	struct epoll_event event = {
		/* The source is read when there is room, not when it has something: once told
		 * is enough. */
		.events = what == WATCH_SOURCE ? EPOLLIN | EPOLLET : EPOLLIN,
		.data.u64 = (uint64_t)index << 2 | what,
	};

	return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

enum assay_status pool_start(struct work *w, struct slot *s, enum zygote_pace pace,
			     struct assay_error *err)
{
	enum assay_status st = slot_start(s, &w->zygote, pace, err);
	int rc;

	if (st < 0)
		return st;
	w->stats.started++;
	rc = watch(w, s->sock, s->index, WATCH_SOCK);
	if (rc == 0)
		rc = watch(w, s->pidfd, s->index, WATCH_PIDFD);
	return rc == 0 ? ASSAY_OK
		       : assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, -rc, "epoll_ctl");
}

/** Kill, remember the process until it has ended, and empty the slot. */
static void dismiss(struct work *w, struct slot *s)
{
	w->cpu_ended_ns += slot_cpu_ns(s);
	slot_kill(s);
	if (waitpid(s->pid, NULL, WNOHANG | __WALL) == 0) {
		if (w->doomed_len < w->doomed_max)
			w->doomed[w->doomed_len++] = s->pid;
	}
	slot_release(s);
}

/** Replace a worker that has served its time, once it has nothing in flight. */
static void recycle(struct work *w, struct slot *s)
{
	/* A spent one is about to end by itself, and may still have units to give back. */
	if (!s->alive || !s->retiring || s->len > 0)
		return;
	w->stats.recycled++;
	dismiss(w, s);
}

/* Units that lost their worker */

static enum assay_status give_back(struct work *w, const struct work_unit *unit,
				   struct assay_error *err)
{
	struct work_unit *kept = vec_push(&w->retries);

	if (!kept)
		return assay_fail_memory(err, "units to be done again");
	*kept = *unit;
	w->stats.units_retried++;
	return ASSAY_OK;
}

/** How a worker came to its end. */
struct ending {
	enum assay_reason why;
	const char *detail;
	int signal;
	bool proven; /**< the unit it was on is at fault; else it may be tried again */
};

static enum assay_status settle_unit(struct work *w, struct work_unit *unit, bool is_on,
				     const struct ending *end, struct assay_error *err)
{
	struct work_result result = {
		.lost = end->why,
		.detail = end->detail,
		.signal = end->signal,
	};
	enum assay_status st;

	if (!is_on || (!end->proven && ++unit->attempts < ATTEMPTS_MAX))
		return give_back(w, unit, err);
	st = w->delivery.sink->unit_done(w->delivery.sink->ctx, unit, &result, err);
	return st == ASSAY_OK ? ASSAY_OK : ASSAY_FATAL;
}

/** Answer for, or give back, every unit of a worker that is gone or as good as. */
static enum assay_status settle_units(struct work *w, struct slot *s, int on,
				      const struct ending *end, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (unsigned i = 0; i < s->len && st == ASSAY_OK; i++) {
		struct work_unit unit = *slot_unit(s, i);

		st = settle_unit(w, &unit, (int)i == on, end, err);
	}
	slot_forget_units(s);
	return st;
}

enum assay_status pool_relieve(struct work *w, struct slot *s, struct assay_error *err)
{
	const struct ending end = { .proven = false };

	w->stats.recycled++;
	dismiss(w, s);
	return settle_units(w, s, -1, &end, err);
}

enum assay_status pool_condemn(struct work *w, struct slot *s, int on, enum assay_reason why,
			       const char *detail, struct assay_error *err)
{
	struct ending end = { .why = why, .detail = detail, .proven = true };

	dismiss(w, s);
	if (on < 0 && s->len == 1)
		on = 0;
	return settle_units(w, s, on, &end, err);
}

/* Events */

static enum assay_status check_ready(struct work *w, const struct slot *s, struct assay_error *err)
{
	const struct frame_ready *hello = &s->hello;

	if (hello->failed)
		return assay_fail(err, ASSAY_FATAL, hello->failed, "%s",
				  hello->detail[0] ? hello->detail : "a worker cannot work");
	if (w->config.sandbox == CONFINE_MODE_REQUIRE &&
	    (hello->levels & CONFINE_REQUIRED) != CONFINE_REQUIRED)
		return assay_fail(err, ASSAY_FATAL, ASSAY_NOT_SANDBOXED,
				  "a worker is confined by no more than: %s",
				  confine_names(hello->levels));
	w->stillborn = 0;
	w->stats.confinement &= hello->levels;
	if (!w->stats.isa[0])
		memcpy(w->stats.isa, hello->isa, sizeof(w->stats.isa));
	return ASSAY_OK;
}

enum assay_status pool_drain(struct work *w, struct slot *s, struct assay_error *err)
{
	for (;;) {
		bool was_ready = s->ready;
		enum slot_got got = slot_receive(s, &w->delivery, err);
		enum assay_status st = ASSAY_OK;

		if (!was_ready && s->ready)
			st = check_ready(w, s, err);
		if (st < 0 || got == SLOT_FATAL)
			return ASSAY_FATAL;
		if (got == SLOT_GOT)
			continue;
		if (got == SLOT_BARE) {
			w->wants_libraries = true;
			return pool_relieve(w, s, err);
		}
		/* What it is on by now need not be what made it lie: unless the unit is
		 * alone, all go out again, alone. */
		w->stats.died += got == SLOT_LIED;
		if (got == SLOT_LIED)
			return pool_condemn(w, s, -1, ASSAY_CRASH_QUARANTINED,
					    "protocol: its worker sent what no honest one does",
					    err);
		/* The end is told by the pidfd; a socket at its end is always readable. */
		if (got == SLOT_END)
			epoll_ctl(w->epoll, EPOLL_CTL_DEL, s->sock, NULL);
		return ASSAY_OK;
	}
}

/**
 * Reap an ended process.
 *
 * @param ret_signal  what ended it; 0: it exited
 * @return            false if it has not ended
 */
static bool reap(struct work *w, struct slot *s, int *ret_signal)
{
	struct rusage used;
	int status = 0;
	pid_t pid = wait4(s->pid, &status, WNOHANG | __WALL, &used);

	if (pid == 0)
		return false;
	*ret_signal = pid > 0 && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (pid > 0)
		w->cpu_ended_ns +=
		    (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * NS_PER_S +
		    (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000;
	slot_release(s);
	return true;
}

static enum assay_status on_stillborn(struct work *w, struct slot *s, int signal,
				      struct assay_error *err)
{
	const struct ending end = { .proven = false };

	w->stats.died++;
	if (++w->stillborn >= STILLBORN_MAX)
		return assay_fail(err, ASSAY_FATAL, ASSAY_ENGINE_UNAVAILABLE,
				  "workers end before they are ready (%u in a row, the last by "
				  "signal %d)",
				  w->stillborn, signal);
	return settle_units(w, s, -1, &end, err);
}

/** How a worker came to its end, in the words of the gap. */
static const char *ended_by(int signal)
{
	static const struct {
		int signal;
		const char *detail;
	} rows[] = {
		{ SIGKILL, "its workers were killed" },
		{ SIGSYS, "its worker made a forbidden call (SIGSYS)" },
		{ SIGSEGV, "its worker crashed (SIGSEGV)" },
		{ SIGBUS, "its worker crashed (SIGBUS)" },
		{ SIGABRT, "its worker crashed (SIGABRT)" },
		{ SIGFPE, "its worker crashed (SIGFPE)" },
		{ SIGILL, "its worker crashed (SIGILL)" },
		{ SIGXCPU, "its worker took an hour of CPU time (SIGXCPU)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].signal == signal)
			return rows[i].detail;
	return "its worker ended on it";
}

static enum assay_status on_end(struct work *w, struct slot *s, struct assay_error *err)
{
	struct ending end = { .why = ASSAY_CRASH_QUARANTINED };
	enum assay_status st = pool_drain(w, s, err);
	bool ready, spent;
	int on;

	if (st < 0 || !s->alive)
		return st;
	ready = s->ready;
	spent = s->spent;
	on = s->len > 0 ? slot_index_of(s, atomic_load(&s->progress->started)) : -1;
	if (!reap(w, s, &end.signal))
		return ASSAY_OK;
	if (!ready)
		return on_stillborn(w, s, end.signal, err);
	if (spent && end.signal == 0) {
		w->stats.recycled++;
		return settle_units(w, s, -1, &end, err);
	}
	w->stats.died++;
	/* Killed from outside (an operator, the kernel out of memory): nobody's proven fault. */
	end.proven = end.signal != SIGKILL;
	end.detail = ended_by(end.signal);
	if (on < 0 && s->len == 1)
		on = 0;
	return settle_units(w, s, on, &end, err);
}

static enum assay_status on_event(struct work *w, uint64_t data, struct assay_error *err)
{
	struct slot *s = &w->slots[data >> 2];

	if ((data & 3) == WATCH_SOURCE)
		return ASSAY_OK; /* it is asked before the next wait */
	if ((data & 3) == WATCH_ZYGOTE)
		return zygote_ended(&w->zygote, err);
	/* The slot may have been emptied, or filled anew, since the event was queued: then
	 * there is nothing to read and nobody to reap. */
	if (!s->alive)
		return ASSAY_OK;
	return (data & 3) == WATCH_PIDFD ? on_end(w, s, err) : pool_drain(w, s, err);
}

enum assay_status pool_wait(struct work *w, int timeout_ms, struct assay_error *err)
{
	struct epoll_event events[64];
	int count = epoll_wait(w->epoll, events, ARRAY_SIZE(events), timeout_ms);
	enum assay_status st = ASSAY_OK;

	if (count < 0 && errno != EINTR)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, errno, "epoll_wait");
	if (count < 0)
		w->tick_at = 0; /* a signal: its handler wants to be heard */
	for (int i = 0; i < count && st == ASSAY_OK; i++)
		st = on_event(w, events[i].data.u64, err);
	return st;
}

/* Feeding */

/**
 * May the slot be sent another batch?  A unit that lost a worker travels alone, with
 * nothing else in flight, so that what happens next is its doing.
 */
static bool has_room(const struct work *w, const struct slot *s, unsigned batches)
{
	if (s->retiring || s->quarantine)
		return false;
	return s->batches < (w->retries.len > 0 ? 1 : batches);
}

/** Workers at work.  One slot more than may be busy has room for a spare. */
static unsigned busy(const struct work *w)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w->slots_len; i++)
		n += w->slots[i].len > 0;
	return n;
}

static enum assay_status send_failed(struct slot *s, int rc, struct assay_error *err)
{
	/* Its end is seen on its pidfd; one that only closed its socket is replaced. */
	if (rc == -EPIPE || rc == -ECONNRESET) {
		s->retiring = true;
		return ASSAY_OK;
	}
	/* Too many descriptors under way, or no room: it passes as workers take theirs. */
	if (rc == -EAGAIN || rc == -ENOBUFS || rc == -ETOOMANYREFS)
		return ASSAY_OK;
	return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, -rc, "sending to a worker");
}

static enum assay_status send_retry(struct work *w, struct slot *s, struct assay_error *err)
{
	struct work_unit unit = w->retries.items[w->retries.len - 1];
	int rc;

	batch_begin(&w->batch);
	if (!batch_add(&w->batch, &unit, slot_next_serial(s)))
		return assay_fail_memory(err, "a batch");
	rc = slot_send(s, &w->batch, &unit, 1);
	if (rc < 0)
		return send_failed(s, rc, err);
	s->quarantine = true;
	w->retries.len--;
	return ASSAY_OK;
}

static enum assay_status send_pending(struct work *w, struct slot *s, struct assay_error *err)
{
	unsigned count = 0;
	int rc;

	batch_begin(&w->batch);
	while (count < w->pending_len &&
	       batch_add(&w->batch, &w->pending[count], slot_next_serial(s) + count))
		count++;
	if (count == 0)
		return assay_fail_memory(err, "a batch");
	rc = slot_send(s, &w->batch, w->pending, count);
	if (rc < 0)
		return send_failed(s, rc, err);
	drop_pending(w, count);
	return ASSAY_OK;
}

/** Give the slot one batch, if there is one and it may have it. */
static enum assay_status feed_slot(struct work *w, struct slot *s, unsigned batches,
				   struct assay_error *err)
{
	enum assay_status st;

	if (!has_room(w, s, batches) || (s->len == 0 && busy(w) >= w->config.workers))
		return ASSAY_OK;
	st = take_units(w, err);
	if (st < 0 || !has_queued(w))
		return st;
	if (!s->alive) {
		st = pool_start(w, s, w->wants_libraries ? PACE_LIBRARIES : PACE_FULL, err);
		w->wants_libraries = false;
	}
	if (st < 0)
		return st;
	return w->retries.len > 0 ? send_retry(w, s, err) : send_pending(w, s, err);
}

/** First who has nothing, then who has little, then workers that must be started. */
static enum assay_status feed(struct work *w, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (unsigned batches = 1; batches <= SLOT_BATCHES; batches++)
		for (unsigned i = 0; i < w->slots_len && st == ASSAY_OK; i++)
			if (w->slots[i].alive)
				st = feed_slot(w, &w->slots[i], batches, err);
	for (unsigned i = 0; i < w->slots_len && st == ASSAY_OK; i++)
		if (!w->slots[i].alive)
			st = feed_slot(w, &w->slots[i], 1, err);
	return st;
}

/** While all are busy, have one more that is ready to take the place of the next to end. */
static enum assay_status keep_spare(struct work *w, struct assay_error *err)
{
	struct slot *empty = NULL;

	if (!w->config.spare_after_ms ||
	    clock_ns() < w->began_at + w->config.spare_after_ms * NS_PER_MS ||
	    busy(w) < w->config.workers)
		return ASSAY_OK;
	for (unsigned i = 0; i < w->slots_len; i++) {
		if (w->slots[i].alive && w->slots[i].len == 0)
			return ASSAY_OK;
		if (!w->slots[i].alive)
			empty = &w->slots[i];
	}
	return empty ? pool_start(w, empty, PACE_FULL, err) : ASSAY_OK;
}

/* The loop */

static void tick(struct work *w)
{
	const struct work_sink *sink = w->delivery.sink;
	uint64_t now = clock_ns();

	if (!sink->tick || now < w->tick_at + TICK_NS)
		return;
	w->tick_at = now;
	if (!sink->tick(sink->ctx))
		w->dry = true;
}

static bool is_finished(const struct work *w)
{
	if (!w->dry || has_queued(w))
		return false;
	for (unsigned i = 0; i < w->slots_len; i++)
		if (w->slots[i].len > 0)
			return false;
	return true;
}

/** Queued work implies a live worker; if none can be had, say so rather than wait. */
static enum assay_status check_alive(const struct work *w, struct assay_error *err)
{
	bool alive = !has_queued(w);

	for (unsigned i = 0; i < w->slots_len && !alive; i++)
		alive = w->slots[i].alive;
	assert(alive);
	if (w->doomed_len == w->doomed_max)
		return assay_fail(err, ASSAY_FATAL, ASSAY_ENGINE_UNAVAILABLE,
				  "%u workers were killed and do not end: storage hangs",
				  w->doomed_len);
	return ASSAY_OK;
}

static enum assay_status watch_source(struct work *w, struct assay_error *err)
{
	int rc = w->source->fd < 0 ? 0 : watch(w, w->source->fd, 0, WATCH_SOURCE);

	return rc == 0 ? ASSAY_OK
		       : assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, -rc, "epoll_ctl");
}

enum assay_status pool_loop(struct work *w, struct assay_error *err)
{
	enum assay_status st = watch_source(w, err);

	w->began_at = clock_ns();
	while (st == ASSAY_OK) {
		for (unsigned i = 0; i < w->slots_len; i++)
			recycle(w, &w->slots[i]);
		st = feed(w, err);
		if (st < 0 || is_finished(w))
			break;
		st = check_alive(w, err);
		if (st == ASSAY_OK)
			st = keep_spare(w, err);
		if (st == ASSAY_OK)
			st = pool_wait(w, deadline_tick_ms(w), err);
		if (st == ASSAY_OK)
			st = deadline_check(w, err);
		tick(w);
	}
	if (w->source->fd >= 0)
		epoll_ctl(w->epoll, EPOLL_CTL_DEL, w->source->fd, NULL);
	return st;
}
