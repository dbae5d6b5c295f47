/*
 * deadline.c - how long a unit may take
 *
 * The limit is on the worker's CPU time, so that a slow share is slow and not a thousand
 * time-outs; a second one is on wall time in which that clock does not move.  Both count
 * from when a serial was first seen, and serials only go up, so a worker cannot buy time
 * by announcing others.
 */
#include "pool.h"

#include <sys/wait.h>

/** From fork to READY, wall time. */
#define READY_NS (60 * NS_PER_S)

/** Less CPU time than this is no progress. */
#define MOVED_NS (NS_PER_MS / 10)

/** CPU time after which a worker is replaced: far below the kernel's backstop. */
#define WORKER_CPU_NS (3600 * NS_PER_S)

/** Longest time between two looks, and with TICK_NS of pool.c below 50 ms between ticks. */
#define TICK_MS 25

/** CPU time of a unit after which a worker at full speed begins it again. */
#define HURRIED_NS (50 * NS_PER_MS)

/** We did not look for so long: the machine slept, or we were stopped. */
#define SLEPT_NS NS_PER_S

int deadline_tick_ms(const struct work *w)
{
	uint64_t ms = MIN(w->config.cpu_ms, w->config.stall_ms) / 8 + 1;

	return (int)MIN(ms, TICK_MS);
}

static uint64_t limit_ns(const struct work *w, const struct work_unit *unit)
{
	const struct work_config *c = &w->config;
	uint64_t bytes = unit->end ? unit->end - unit->begin : unit->size;
	uint64_t ms = MIN(bytes / MiB, UINT32_MAX) * MIN(c->cpu_ms_per_mib, UINT32_MAX);

	/* With nothing sensible configured the clock is the backstop's. */
	ms = MIN(c->cpu_ms + ms, c->cpu_ms_max ? c->cpu_ms_max : c->cpu_ms + ms);
	return MIN(ms, WORKER_CPU_NS / NS_PER_MS) * NS_PER_MS;
}

/** Start the clocks of a serial that was not seen before. */
static bool is_news(struct slot *s, uint64_t now, uint64_t cpu)
{
	uint64_t current = slot_current(s);

	if (current <= s->watch.serial)
		return false;
	s->watch = (struct slot_watch){
		.serial = current,
		.began_ns = cpu,
		.moved_ns = cpu,
		.moved_at = now,
	};
	return true;
}

/** Is a worker that was to be there at once on something that wants one at full speed? */
static bool is_too_slow(const struct slot *s, uint64_t cpu)
{
	return s->pace < PACE_FULL && slot_index_of(s, s->watch.serial) >= 0 &&
	       cpu > s->watch.began_ns + HURRIED_NS;
}

/** What it did wrong; NULL: nothing yet. */
static const char *overdue(struct work *w, struct slot *s, uint64_t now, uint64_t cpu)
{
	struct slot_watch *seen = &s->watch;
	int on = slot_index_of(s, seen->serial);

	if (on < 0)
		return NULL;
	if (cpu > seen->began_ns && cpu - seen->began_ns >= limit_ns(w, slot_unit(s, (unsigned)on)))
		return "the CPU time one file may take (--file-timeout)";
	if (cpu >= seen->moved_ns + MOVED_NS) {
		seen->moved_ns = cpu;
		seen->moved_at = now;
	}
	return now >= seen->moved_at + w->config.stall_ms * NS_PER_MS
		   ? "no progress: storage does not answer (--stall-timeout)"
		   : NULL;
}

static enum assay_status check_slot(struct work *w, struct slot *s, uint64_t now,
				    struct assay_error *err)
{
	const char *why;
	uint64_t cpu;
	enum assay_status st;

	if (!s->alive)
		return ASSAY_OK;
	if (!s->ready)
		return now < s->started_at + READY_NS
			   ? ASSAY_OK
			   : assay_fail(err, ASSAY_FATAL, ASSAY_ENGINE_UNAVAILABLE,
					"a worker does not become ready");
	cpu = slot_cpu_ns(s);
	if (cpu > WORKER_CPU_NS)
		s->retiring = true;
	if (s->len == 0 || is_news(s, now, cpu))
		return ASSAY_OK;
	if (is_too_slow(s, cpu))
		return pool_relieve(w, s, err);
	if (!overdue(w, s, now, cpu))
		return ASSAY_OK;
	/* It may have finished while we were busy. */
	st = pool_drain(w, s, err);
	if (st < 0 || !s->alive || s->len == 0)
		return st;
	why = overdue(w, s, now, cpu);
	if (!why)
		return ASSAY_OK;
	/* Blame what was seen, not what it may have moved on to just now. */
	w->stats.timed_out++;
	return pool_condemn(w, s, slot_index_of(s, s->watch.serial), ASSAY_LIMIT_TIME, why, err);
}

static void reap_doomed(struct work *w)
{
	for (unsigned i = 0; i < w->doomed_len;) {
		if (waitpid(w->doomed[i], NULL, WNOHANG | __WALL) == 0)
			i++;
		else
			w->doomed[i] = w->doomed[--w->doomed_len];
	}
}

enum assay_status deadline_check(struct work *w, struct assay_error *err)
{
	uint64_t now = clock_ns(), slept = now - w->clock_at;
	enum assay_status st = ASSAY_OK;

	if (slept < (uint64_t)deadline_tick_ms(w) * NS_PER_MS / 2)
		return ASSAY_OK;
	for (unsigned i = 0; slept > SLEPT_NS && i < w->slots_len; i++) {
		w->slots[i].watch.moved_at += slept;
		w->slots[i].started_at += slept;
	}
	w->clock_at = now;
	reap_doomed(w);
	for (unsigned i = 0; i < w->slots_len && st == ASSAY_OK; i++)
		st = check_slot(w, &w->slots[i], now, err);
	return st;
}
