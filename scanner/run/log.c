/* log.c - the run log from its first line to its last: lines, checkpoints, counters */
#include "logparts.h"

#include <assert.h>
#include <sys/random.h>

#include "fail.h"

#define NOTICE_MAX (8 * KiB)

#define CHECKPOINT_EVENTS 1000
#define CHECKPOINT_NS (5 * NS_PER_S)

/** ULID: 48 bits of milliseconds, 80 of chance, in Crockford's base 32. */
static bool make_run_id(char ret_id[27])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct timespec now;
	uint8_t chance[16];
	uint64_t ms;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / NS_PER_MS;
	if (getrandom(chance, sizeof(chance), 0) != (ssize_t)sizeof(chance))
		return false;
	for (unsigned i = 10; i-- > 0; ms >>= 5)
		ret_id[i] = digits[ms & 31];
	for (unsigned i = 0; i < sizeof(chance); i++)
		ret_id[10 + i] = digits[chance[i] & 31];
	ret_id[26] = '\0';
	return true;
}

/* ---- lines ---------------------------------------------------------------------- */

static void add_stamp(struct log *log)
{
	struct buf *text = &log->stamp.text;
	struct timespec now;
	unsigned ms;

	clock_gettime(CLOCK_REALTIME, &now);
	if (!text->len || now.tv_sec != log->stamp.second) {
		buf_clear(text);
		line_time(text, now.tv_sec, 1000);
		log->stamp.second = now.tv_sec;
	}
	/* "2026-11-21T20:01:09Z" with its quotes: milliseconds go before the Z. */
	ms = (unsigned)(now.tv_nsec / (long)NS_PER_MS);
	buf_add(&log->line, text->data, text->len - 2);
	buf_add(&log->line,
		(char[]){ '.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10),
			  (char)('0' + ms % 10), 'Z', '"' },
		6);
}

struct buf *log_event_begin(struct log *log, const char *type)
{
	struct buf *l = &log->line;

	buf_clear(l);
	line_lit(l, "{\"v\":1,\"type\":\"");
	buf_add_str(l, type);
	line_lit(l, "\",\"seq\":");
	line_int(l, log->seq);
	line_lit(l, ",\"ts\":");
	add_stamp(log);
	line_lit(l, ",\"run\":\"");
	buf_add(l, log->run, sizeof(log->run) - 1);
	line_lit(l, "\"");
	return l;
}

/** What failed once stays failed: a log with a hole is worse than none. */
static enum assay_status broken(struct log *log, const struct assay_error *why,
				struct assay_error *err)
{
	log->broken = *why;
	if (err)
		*err = *why;
	return ASSAY_FATAL;
}

enum assay_status log_event_end(struct log *log, struct assay_error *err)
{
	struct assay_error why;

	line_lit(&log->line, "}");
	if (log->broken.reason)
		return broken(log, &log->broken, err);
	if (log->line.failed) {
		assay_fail(&why, ASSAY_FATAL, ASSAY_INTERNAL, "a line of the run log is too long");
		return broken(log, &why, err);
	}
	if (logout_line(&log->out, &log->line, &why) < 0)
		return broken(log, &why, err);
	log->seq++;
	return ASSAY_OK;
}

static enum assay_status checkpoint(struct log *log, struct assay_error *err)
{
	uint8_t sha[CHECKSUM_BYTES];
	enum assay_status st;
	struct assay_error why;
	struct buf *l;

	if (log->broken.reason)
		return broken(log, &log->broken, err);
	logout_hash(&log->out, sha);
	l = log_event_begin(log, "checkpoint");
	line_lit(l, ",\"bytes\":");
	line_int(l, log->out.bytes);
	line_lit(l, ",\"sha256\":");
	line_hex(l, sha, sizeof(sha));
	st = log_event_end(log, err);
	if (st < 0)
		return st;
	log->checkpoint.seq = log->seq;
	log->checkpoint.ns = clock_ns();
	if (logout_flush(&log->out, &why) < 0)
		return broken(log, &why, err);
	return ASSAY_OK;
}

/**
 * Between objects only: a log cut after a checkpoint then holds each object with
 * all of its findings and gaps, or not at all.
 */
static enum assay_status maybe_checkpoint(struct log *log, struct assay_error *err)
{
	if (log->seq - log->checkpoint.seq >= CHECKPOINT_EVENTS)
		return checkpoint(log, err);
	if (log->seq == log->checkpoint.seq || clock_ns() - log->checkpoint.ns < CHECKPOINT_NS)
		return ASSAY_OK;
	return checkpoint(log, err);
}

/* ---- making and ending ---------------------------------------------------------- */

enum assay_status log_new(int fd, const struct log_options *options, struct log **ret_log,
			  struct assay_error *err)
{
	struct log *log = calloc(1, sizeof(*log));

	if (!log)
		return assay_fail_memory(err, "run log");
	log->options = *options;
	log->line = (struct buf)BUF_INIT(LOG_LINE_MAX - 1);
	log->stamp.text = (struct buf)BUF_INIT(64);
	log->checkpoint.ns = clock_ns();
	logout_init(&log->out, fd);
	keyed_init(&log->identity, options->path_key);
	if (!make_run_id(log->run)) {
		log_free(log);
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "no random bytes");
	}
	*ret_log = log;
	return ASSAY_OK;
}

void log_free(struct log *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < log->roots_len; i++)
		free(log->roots[i]);
	free(log->roots);
	logout_done(&log->out);
	buf_done(&log->line);
	buf_done(&log->stamp.text);
	free(log);
}

const struct log_counters *log_counters(const struct log *log)
{
	return &log->count;
}

enum assay_status log_notice(struct log *log, const char *level, const char *code, const char *text,
			     struct assay_error *err)
{
	enum assay_status st;
	struct buf *l = log_event_begin(log, "notice");

	line_lit(l, ",\"level\":");
	line_str(l, level, WORD_MAX);
	line_lit(l, ",\"code\":");
	line_str(l, code, WORD_MAX);
	line_lit(l, ",\"text\":");
	line_str(l, text, NOTICE_MAX);
	log->notices++;
	st = log_event_end(log, err);
	return st < 0 ? st : maybe_checkpoint(log, err);
}

static void add_counters(struct log *log)
{
	const struct log_counters *c = &log->count;
	const struct {
		const char *key;
		uint64_t value;
	} rows[] = {
		{ "\"enumerated\":", c->enumerated },
		{ ",\"complete\":", c->complete },
		{ ",\"partial\":", c->partial },
		{ ",\"none\":", c->nothing },
		{ ",\"excluded\":", c->excluded },
		{ ",\"members\":", c->members },
		{ ",\"notable\":", c->objects_notable },
		{ ",\"findings\":", c->findings },
		{ ",\"new\":", c->findings },
		{ ",\"unchanged\":", 0 },
		{ ",\"updated\":", 0 },
		{ ",\"suppressed\":", 0 },
		{ ",\"gaps\":", c->gaps },
		{ ",\"blocking_gaps\":", c->blocking_gaps },
		{ ",\"notices\":", log->notices },
	};
	struct buf *l = &log->line;

	line_lit(l, ",\"counters\":{");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		buf_add_str(l, rows[i].key);
		line_int(l, rows[i].value);
	}
	line_lit(l, ",\"marked\":[");
	for (unsigned i = 0; i < ASSAY_TIERS; i++) {
		buf_add_str(l, i ? "," : "");
		line_int(l, c->marked[i]);
	}
	line_lit(l, "]}");
}

enum assay_status log_end(struct log *log, const struct log_end *end, struct assay_error *err)
{
	const struct log_counters *c = &log->count;
	uint8_t sha[CHECKSUM_BYTES];
	enum assay_status st;
	struct assay_error why;
	struct buf *l;

	assert(c->enumerated == c->complete + c->partial + c->nothing + c->excluded);
	st = checkpoint(log, err);
	if (st < 0)
		return st;
	logout_hash(&log->out, sha);
	l = log_event_begin(log, "run_end");
	line_lit(l, ",\"status\":");
	line_str(l, end->status, WORD_MAX);
	line_lit(l, ",\"exit\":");
	line_int(l, (uint64_t)MAX(end->exit, 0));
	line_lit(l, ",\"sentence\":");
	line_str(l, end->sentence, TEXT_MAX);
	add_counters(log);
	line_lit(l, ",\"log_sha256\":");
	line_hex(l, sha, sizeof(sha));
	line_lit(l, ",\"wall_ms\":");
	line_int(l, end->wall_ms);
	line_lit(l, ",\"cpu_ms\":");
	line_int(l, end->cpu_ms);
	line_lit(l, ",\"bytes_read\":");
	line_int(l, c->bytes);
	st = log_event_end(log, err);
	if (st < 0)
		return st;
	if (logout_flush(&log->out, &why) < 0)
		return broken(log, &why, err);
	return ASSAY_OK;
}

/* ---- objects -------------------------------------------------------------------- */

/** Does a finding say no more than that the object is marked OFFICIAL or lower? */
static bool is_tame(const struct log *log, const struct assay_object *o,
		    const struct assay_finding *f)
{
	const char *category = log->rules->list->rules[f->rule]->category;

	return strcmp(category, "marking") == 0 && o->marking.label && o->marking.tier < 2;
}

/** @return  is the object notable? */
static bool count_object(struct log *log, const struct assay_object *o)
{
	struct log_counters *c = &log->count;
	bool notable = o->marking.label || o->gaps_len > 0;

	if (o->inner_len) {
		c->members++;
	} else {
		uint64_t *const sums[ASSAY_COVERAGES] = {
			[ASSAY_COMPLETE] = &c->complete,
			[ASSAY_PARTLY] = &c->partial,
			[ASSAY_NOTHING] = &c->nothing,
			[ASSAY_EXCLUDED] = &c->excluded,
		};

		assert((size_t)o->coverage < ASSAY_COVERAGES);
		c->enumerated++;
		++*sums[o->coverage];
		c->bytes += o->bytes;
	}
	for (size_t i = 0; i < o->findings_len; i++) {
		bool reported = log_is_reported(log, &o->findings[i]);

		c->findings += reported;
		c->tame += reported && is_tame(log, o, &o->findings[i]);
		notable |= reported;
	}
	c->gaps += o->gaps_len;
	for (size_t i = 0; i < o->gaps_len; i++)
		c->blocking_gaps += o->gaps[i].blocking;
	/* A container repeats the highest marking of its members: counted there. */
	if (o->marking.label && o->marking.tier < ASSAY_TIERS &&
	    !(o->marking.where && strcmp(o->marking.where, "member") == 0))
		c->marked[o->marking.tier]++;
	c->objects_notable += notable;
	return notable;
}

enum assay_status log_object(struct log *log, const struct log_file *file,
			     const struct assay_object *object, struct assay_error *err)
{
	struct log_entry e = { .file = file, .object = object };
	enum assay_status st;

	assert(log->rules && file->root < log->roots_len);
	if (!count_object(log, object) && !log->options.emit_all)
		return ASSAY_OK;
	e.root = log->roots[file->root];
	identity_hash(&log->identity, NULL, e.root, file->path, object, e.obj);
	st = log_write_object(log, &e, err);
	for (size_t i = 0; st >= 0 && i < object->findings_len; i++)
		if (log_is_reported(log, &object->findings[i]))
			st = log_write_finding(log, &e, &object->findings[i], err);
	for (size_t i = 0; st >= 0 && i < object->gaps_len; i++)
		st = log_write_gap(log, &e, &object->gaps[i], err);
	return st < 0 ? st : maybe_checkpoint(log, err);
}
