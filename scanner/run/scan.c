/* scan.c - one loop's worth of bookkeeping between walk, workers and log */
#include "scan.h"

#include <inttypes.h>
#include <signal.h>
#include <sys/resource.h>

#include "fail.h"
#include "item.h"
#include "progress.h"

/** Files that are read a second time, and those of them whose descriptor is kept: on a
 * share that is written to all the time they would be without number. */
#define RETRIES_MAX 10000
#define RETRIES_OPEN 256

/** Descriptors for everything but files in flight. */
#define DESCRIPTORS_SPARE 160

struct queue {
	struct item *first, **end;
	size_t len;
};

struct run {
	const struct scan_config *config;
	struct queue splitting; /**< items whose ranges are being handed out */
	struct queue changed;   /**< to be read a second time */
	struct progress progress;
	struct scan_outcome *outcome;
	bool walk_over;
	size_t in_flight;     /**< units without an answer: each may bring more of them */
	size_t in_flight_max; /**< as far as descriptors go */
	size_t will_retry;    /**< files in flight that are to be read again */
	struct assay_error *err;
};

static volatile sig_atomic_t stop_wanted;

void scan_stop(void)
{
	stop_wanted = 1;
}

static void queue_push(struct queue *q, struct item *item)
{
	if (!q->end)
		q->end = &q->first;
	item->next = NULL;
	*q->end = item;
	q->end = &item->next;
	q->len++;
}

static struct item *queue_pop(struct queue *q)
{
	struct item *item = q->first;

	if (!item)
		return NULL;
	q->first = item->next;
	if (!q->first)
		q->end = &q->first;
	q->len--;
	return item;
}

static struct log_file file_of(const struct walk_entry *e)
{
	return (struct log_file){
		.root = e->root,
		.path = e->path,
		.st = e->has_stat ? &e->st : NULL,
	};
}

/** Log an entry that no worker was asked about, or that all workers lost. */
static enum assay_status log_unread(struct run *run, const struct walk_entry *e,
				    enum assay_coverage coverage, enum assay_reason reason,
				    const char *detail, struct assay_error *err)
{
	struct log_file file = file_of(e);
	struct assay_gap gap = {
		.reason = reason,
		.blocking = coverage == ASSAY_NOTHING && assay_reason_blocks(reason),
		.detail = detail,
		.bytes_total = e->has_stat ? (uint64_t)e->st.st_size : 0,
	};
	struct assay_object object = {
		.size = gap.bytes_total,
		.mime = e->is_directory ? "inode/directory" : "application/octet-stream",
		.mime_by = "magic",
		.coverage = coverage,
		.gaps = &gap,
		.gaps_len = reason != ASSAY_REASON_NONE,
	};

	return log_object(run->config->log, &file, &object, err);
}

/* What the workers are given. */

/** Take entries from the walk until one has bytes to scan.  As work_source.next. */
static int next_file(struct run *run, struct work_unit *ret_unit, struct assay_error *err)
{
	while (!run->walk_over) {
		struct walk_entry e;
		struct item *item;
		int rc = walk_next(run->config->walk, &e, err);
		enum assay_status st;

		if (rc < 0)
			return -1;
		if (rc == 2)
			return 2;
		if (rc == 0) {
			run->walk_over = true;
			break;
		}
		progress_found(&run->progress, &e);
		if (e.coverage == ASSAY_COMPLETE && !e.is_link) {
			item = item_new(&e);
			if (!item)
				return assay_fail_memory(err, "an item"), -1;
			*ret_unit = item_unit(item);
			return 1;
		}
		st = log_unread(run, &e, e.coverage, e.reason, e.detail, err);
		walk_close(run->config->walk, &e);
		free(e.path);
		progress_done(&run->progress, e.weight);
		if (st < 0)
			return -1;
	}
	return 0;
}

/** Files that changed are opened again by their path. */
static int next_retry(struct run *run, struct work_unit *ret_unit, struct assay_error *err)
{
	struct item *item = queue_pop(&run->changed);

	for (; item; item = queue_pop(&run->changed)) {
		/* If it is gone, the descriptor still leads to what it was. */
		(void)walk_reopen(run->config->walk, &item->entry);
		item->is_retry = true;
		item->changed = item->checked = item->read_again = item->notable = false;
		if (item->entry.fd >= 0) {
			*ret_unit = item_unit(item);
			return 1;
		}
		if (log_unread(run, &item->entry, ASSAY_NOTHING, ASSAY_CHANGED,
			       "it changed while it was read, and then was gone", err) < 0)
			return -1;
		progress_done(&run->progress, item->entry.weight);
		item_free(item, run->config->walk);
	}
	return 0;
}

static int find_unit(struct run *run, struct work_unit *ret_unit, struct assay_error *err)
{
	int rc;

	if (run->splitting.first) {
		struct item *item = run->splitting.first;

		*ret_unit = item_next_range(item);
		if (item->ranges_sent == item->ranges)
			queue_pop(&run->splitting);
		return 1;
	}
	rc = next_file(run, ret_unit, err);
	return rc == 0 ? next_retry(run, ret_unit, err) : rc;
}

static int next_unit(void *ctx, struct work_unit *ret_unit, struct assay_error *err)
{
	struct run *run = ctx;
	int rc;

	if (run->in_flight >= run->in_flight_max)
		return 2;
	rc = find_unit(run, ret_unit, err);
	if (rc == 1)
		run->in_flight++;
	/* A file in flight may want to be split, or read again: not over yet. */
	return rc == 0 && run->in_flight > 0 ? 2 : rc;
}

/* What they answer. */

/** Is there anything in it that another name of the same file has to report too? */
static bool is_notable(const struct assay_object *o)
{
	return o->marking.label || o->findings_len > 0 || o->gaps_len > 0;
}

/** Has the file changed since it was opened?  Asked once, after it was read. */
static void check_changed(struct run *run, struct item *item)
{
	if (item->checked)
		return;
	item->checked = true;
	item_check(item, run->config->walk);
	item->read_again = item->changed && !item->no_answer && !item->is_retry &&
			   run->config->retry_changed &&
			   run->changed.len + run->will_retry < RETRIES_MAX;
	run->will_retry += item->read_again;
}

static enum walk_fate fate_of(const struct item *item)
{
	if (item->changed)
		return WALK_UNSETTLED;
	return item->notable ? WALK_NOTABLE : WALK_CLEAN;
}

static enum assay_status on_object(void *ctx, const struct work_unit *unit,
				   const struct assay_object *object,
				   const struct work_hashes *hashes, struct assay_error *err)
{
	struct run *run = ctx;
	struct item *item = unit->item;
	struct log_file file = file_of(&item->entry);
	struct assay_object changed = *object;
	struct assay_gap gaps[ITEM_GAPS_MAX + 1];

	if (item->ranges)
		return item_absorb(item, object, hashes) ? ASSAY_OK
							 : assay_fail_memory(err, "a range");
	check_changed(run, item);
	if (item->read_again)
		return ASSAY_OK;
	item->notable = item->notable || is_notable(object);
	if (!item->changed || object->inner_len > 0)
		return log_object(run->config->log, &file, object, err);
	changed.gaps_len = MIN(object->gaps_len, ITEM_GAPS_MAX);
	if (changed.gaps_len)
		memcpy(gaps, object->gaps, changed.gaps_len * sizeof(gaps[0]));
	gaps[changed.gaps_len] = item_change_gap(item);
	gaps[changed.gaps_len].bytes_examined = object->bytes;
	gaps[changed.gaps_len++].bytes_total = object->size;
	changed.gaps = gaps;
	if (changed.coverage == ASSAY_COMPLETE)
		changed.coverage = ASSAY_PARTLY;
	return log_object(run->config->log, &file, &changed, err);
}

static enum assay_status finish_split(struct run *run, struct item *item, struct assay_error *err)
{
	struct log_file file = file_of(&item->entry);
	struct assay_object object;
	struct assay_gap gap;

	item_check(item, run->config->walk);
	gap = item_change_gap(item);
	if (item->changed)
		item_gap(item, gap.reason, gap.detail);
	if (!item_object(item, &object))
		return assay_fail_memory(err, "a split file");
	item->notable = is_notable(&object);
	walk_settle(run->config->walk, &item->entry, fate_of(item), ASSAY_REASON_NONE);
	return log_object(run->config->log, &file, &object, err);
}

static enum assay_status range_done(struct run *run, struct item *item,
				    const struct work_unit *unit, const struct work_result *result,
				    struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (result->lost)
		item_gap(item, result->lost, result->detail);
	item_range_done(item, unit->begin, result->lost ? UINT64_MAX : result->lines);
	if (item->ranges_done < item->ranges)
		return ASSAY_OK;
	st = finish_split(run, item, err);
	progress_done(&run->progress, item->entry.weight);
	item_free(item, run->config->walk);
	return st;
}

static enum assay_status on_done(void *ctx, const struct work_unit *unit,
				 const struct work_result *result, struct assay_error *err)
{
	struct run *run = ctx;
	struct item *item = unit->item;
	enum assay_status st = ASSAY_OK;

	run->in_flight--;
	run->outcome->bytes += result->bytes;
	progress_read(&run->progress, result->bytes);
	if (item->ranges)
		return range_done(run, item, unit, result, err);
	if (result->split) {
		if (!item_split(item, result->blob, result->blob_len, run->config->rules_len,
				run->config->max_occurrences))
			return assay_fail_memory(err, "a split file");
		queue_push(&run->splitting, item);
		return ASSAY_OK;
	}
	if (item->read_again) {
		run->will_retry--;
		if (run->changed.len >= RETRIES_OPEN)
			walk_close(run->config->walk, &item->entry);
		queue_push(&run->changed, item);
		return ASSAY_OK;
	}
	if (result->lost)
		st =
		    log_unread(run, &item->entry, ASSAY_NOTHING, result->lost, result->detail, err);
	walk_settle(run->config->walk, &item->entry, result->lost ? WALK_LOST : fate_of(item),
		    result->lost);
	progress_done(&run->progress, item->entry.weight);
	item_free(item, run->config->walk);
	return st;
}

static bool on_tick(void *ctx)
{
	struct run *run = ctx;

	progress_show(&run->progress, log_counters(run->config->log),
		      walk_credit(run->config->walk));
	return !stop_wanted;
}

/** As many units as there are descriptors for; at least enough to go on with. */
static size_t units_in_flight_max(const struct walk *walk)
{
	size_t others = DESCRIPTORS_SPARE + RETRIES_OPEN + walk_descriptors(walk);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return SIZE_MAX;
	return limit.rlim_cur > others + 32 ? (size_t)limit.rlim_cur - others : 32;
}

/** The scan was stopped while a file's ranges went out: what is known of it stays. */
static enum assay_status stop_split(struct run *run, struct item *item, struct assay_error *err)
{
	item_gap(item, ASSAY_LIMIT_TIME, "the scan was stopped before all of it was read");
	return finish_split(run, item, err);
}

/** Stopped early: what was taken from the walk must have a status all the same. */
static enum assay_status settle_rest(struct run *run, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (struct item *item; st == ASSAY_OK && (item = queue_pop(&run->changed));) {
		st = log_unread(run, &item->entry, ASSAY_NOTHING, ASSAY_CHANGED,
				"the file changed while it was read", err);
		item_free(item, run->config->walk);
	}
	for (struct item *item; st == ASSAY_OK && (item = queue_pop(&run->splitting));) {
		st = stop_split(run, item, err);
		item_free(item, run->config->walk);
	}
	return st;
}

/** Say once what a reader of the log should know of the whole. */
static enum assay_status note_walk(struct run *run, struct assay_error *err)
{
	uint64_t moved = walk_stats(run->config->walk)->atime_kept_not;
	char text[160];

	if (!moved)
		return ASSAY_OK;
	snprintf(text, sizeof(text),
		 "%" PRIu64 " files belong to others: the system may have set their access times "
		 "as they were read",
		 moved);
	return log_notice(run->config->log, "info", "access-times", text, err);
}

static void free_queue(struct run *run, struct queue *q)
{
	for (struct item *item; (item = queue_pop(q));)
		item_free(item, run->config->walk);
}

enum assay_status scan_run(const struct scan_config *config, struct scan_outcome *ret_outcome,
			   struct assay_error *err)
{
	struct run run = {
		.config = config,
		.outcome = ret_outcome,
		.in_flight_max = units_in_flight_max(config->walk),
	};
	const struct work_source source = { .ctx = &run,
					    .next = next_unit,
					    .fd = walk_fd(config->walk) };
	const struct work_sink sink = {
		.ctx = &run,
		.object = on_object,
		.unit_done = on_done,
		.tick = on_tick,
	};
	uint64_t begin = clock_ns();
	enum assay_status st;

	*ret_outcome = (struct scan_outcome){ 0 };
	progress_start(&run.progress, config->progress);
	st = work_run(config->work, &source, &sink, err);
	progress_end(&run.progress);
	ret_outcome->interrupted = stop_wanted;
	ret_outcome->wall_ms = (clock_ns() - begin) / NS_PER_MS;
	if (st == ASSAY_OK)
		st = settle_rest(&run, err);
	if (st == ASSAY_OK)
		st = note_walk(&run, err);
	free_queue(&run, &run.splitting);
	free_queue(&run, &run.changed);
	return st;
}

struct scan_exit scan_exit_status(const struct log_counters *c, bool interrupted, uint64_t max_gaps)
{
	bool content = c->findings > c->tame, found = content;
	bool incomplete = c->blocking_gaps > max_gaps;
	struct scan_exit e = { .name = interrupted  ? "interrupted"
				       : incomplete ? "incomplete"
						    : "complete" };
	const char *what = found ? "findings" : "nothing found";

	for (unsigned tier = 2; tier < ASSAY_TIERS; tier++)
		found = found || c->marked[tier] > 0;
	if (found)
		what = content ? "findings" : "markings above OFFICIAL";
	e.status = (found ? 1 : 0) + (incomplete ? 4 : 0) + (interrupted ? 8 : 0);
	snprintf(e.sentence, sizeof(e.sentence), "%s; %s%s.", what,
		 incomplete         ? "incomplete: not everything could be read"
		 : c->blocking_gaps ? "unread is no more than --max-gaps allows"
				    : "everything in reach was read",
		 interrupted ? "; stopped early" : "");
	return e;
}
