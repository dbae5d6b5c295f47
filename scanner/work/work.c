/* work.c - making, probing and ending the pool */
#include "pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>

/** What a unit is taken to cost before the first was done: batches of 16. */
#define FIRST_UNIT_NS (NS_PER_MS / 4)

/** How long a killed worker may take to end, ms. */
#define END_WAIT_MS 1000

/**
 * Let this process have all descriptors it may: the caller keeps one open for every unit
 * in flight, and the kernel counts those under way against the same limit.
 */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static struct work *make(const struct work_config *config)
{
	CLEANUP(mem_freep) struct work *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->config = *config;
	if (w->config.workers == 0)
		w->config.workers = 1;
	w->slots_len = w->config.workers + 1;
	w->context.slots_len = w->slots_len;
	w->zygote = (struct zygote)ZYGOTE_INIT;
	w->epoll = -1;
	w->stats.confinement = ~0u;
	w->retries.limit = (size_t)w->slots_len * SLOT_UNITS;
	w->batch.limit = MESSAGE_MAX;
	w->delivery.unit_ns = FIRST_UNIT_NS;
	w->delivery.recycle_after = config->recycle_after;
	w->delivery.rules = assay_ruleset_count(config->rules);
	w->slots = calloc(w->slots_len, sizeof(*w->slots));
	w->doomed_max = w->slots_len + DOOMED_SPARE;
	w->doomed = calloc(w->doomed_max, sizeof(*w->doomed));
	w->progress = progress_map(w->slots_len);
	if (!w->slots || !w->doomed || !w->progress) {
		progress_unmap(w->progress, w->slots_len);
		free(w->doomed);
		free(w->slots);
		return NULL;
	}
	for (unsigned i = 0; i < w->slots_len; i++)
		slot_init(&w->slots[i], i, progress_at(w->progress, i));
	w->context.config = &w->config;
	w->context.progress = w->progress;
	w->context.coordinator = getpid();
	return steal(&w);
}

static enum assay_status open_epoll(struct work *w, struct assay_error *err)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = 2 };

	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (w->epoll < 0 || epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->zygote.pidfd, &event) < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, errno, "epoll");
	return ASSAY_OK;
}

enum assay_status work_new(const struct work_config *config, struct work **ret_work,
			   struct assay_error *err)
{
	struct work *w = make(config);
	struct zygote_duties duties = { worker_prepare, worker_warm, worker_run };
	enum assay_status st;

	if (!w)
		return assay_fail_memory(err, "the pool of workers");
	duties.ctx = &w->context;
	st = zygote_start(&w->zygote, &duties, err);
	/* After the fork: children get the limits they had. */
	raise_descriptors();
	if (st == ASSAY_OK)
		st = open_epoll(w, err);
	if (st < 0) {
		work_free(w);
		return st;
	}
	*ret_work = w;
	return ASSAY_OK;
}

enum assay_status work_start(struct work *w, bool at_once, struct assay_error *err)
{
	return pool_start(w, &w->slots[0], at_once ? PACE_AT_ONCE : PACE_FULL, err);
}

enum assay_status work_probe(struct work *w, struct assay_error *err)
{
	struct slot *s = &w->slots[0];
	enum assay_status st = ASSAY_OK;

	w->clock_at = clock_ns();
	while (st == ASSAY_OK && !s->ready) {
		if (!s->alive)
			st = pool_start(w, s, PACE_FULL, err);
		if (st == ASSAY_OK)
			st = pool_wait(w, deadline_tick_ms(w), err);
		if (st == ASSAY_OK)
			st = deadline_check(w, err);
	}
	return st;
}

static void count_cpu(struct work *w)
{
	uint64_t ns = w->cpu_ended_ns;

	for (unsigned i = 0; i < w->slots_len; i++)
		ns += slot_cpu_ns(&w->slots[i]);
	w->stats.worker_cpu_ms = ns / NS_PER_MS;
}

enum assay_status work_run(struct work *w, const struct work_source *source,
			   const struct work_sink *sink, struct assay_error *err)
{
	enum assay_status st;

	w->source = source;
	w->delivery.sink = sink;
	w->dry = false;
	w->tick_at = 0;
	w->clock_at = clock_ns();
	st = pool_loop(w, err);
	count_cpu(w);
	return st == ASSAY_OK ? ASSAY_OK : ASSAY_FATAL;
}

const struct work_stats *work_stats(const struct work *w)
{
	return &w->stats;
}

/** Kill and reap, so that what workers used counts as this process's children's.  One
 * that hangs in the kernel is left behind: nothing can be done about it here. */
static void end_workers(struct work *w)
{
	for (unsigned i = 0; i < w->slots_len; i++)
		if (w->slots[i].alive)
			slot_kill(&w->slots[i]);
	for (unsigned i = 0; i < w->slots_len; i++) {
		struct pollfd ended = { .fd = w->slots[i].pidfd, .events = POLLIN };

		if (w->slots[i].alive && poll(&ended, 1, END_WAIT_MS) > 0)
			waitpid(w->slots[i].pid, NULL, WNOHANG | __WALL);
	}
}

void work_free(struct work *w)
{
	if (!w)
		return;
	zygote_kill(&w->zygote);
	end_workers(w);
	for (unsigned i = 0; i < w->slots_len; i++) {
		slot_release(&w->slots[i]);
		buf_done(&w->slots[i].staged);
	}
	zygote_stop(&w->zygote);
	fd_closep(&w->epoll);
	progress_unmap(w->progress, w->slots_len);
	wire_arena_done(&w->delivery.arena);
	vec_done(&w->retries);
	buf_done(&w->batch);
	free(w->doomed);
	free(w->slots);
	free(w);
}
