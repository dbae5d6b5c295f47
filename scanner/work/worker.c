/* worker.c - lock down, prove it works, then scan what comes */
#include "worker.h"

#include <malloc.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "channel.h"
#include "frame.h"
#include "hooks.h"
#include "library.h"
#include "ruleset.h"
#include "wire.h"
#include "zygote.h"

struct worker {
	const struct worker_context *context;
	struct progress *progress; /**< this worker's page */
	size_t bytes_at_start;     /**< private memory when it was ready */
	/* The unit at hand: */
	uint64_t serial;
	bool is_range;
	bool has_outer;         /**< the object of the file itself has been sent */
	size_t staged;          /**< bytes of its stream so far */
	enum assay_reason lost; /**< its objects cannot be sent */
	struct engine_result result;
	struct buf encoded;                    /**< one object */
	struct vec(struct work_hashes) hashes; /**< of its findings: parts of... */
	struct buf hash_bytes;
	size_t out_len;
	uint8_t out[MESSAGE_MAX]; /**< frames not sent yet */
	uint8_t in[MESSAGE_MAX];  /**< the batch at hand */
};

enum assay_status worker_prepare(void *ctx, struct assay_error *err)
{
	struct worker_context *c = ctx;
	const struct work_config *config = c->config;
	enum assay_status st;

	st = engine_new(config->rules, &config->scan, config->isa, &c->scanner, err);
	if (st != ASSAY_OK)
		return ASSAY_FATAL;
	c->plan = (struct confine_plan){
		.mode = config->sandbox,
		.address_space = config->memory_bytes + config->member_bytes,
	};
	return confine_prepare(&c->plan, err);
}

enum assay_status worker_warm(void *ctx, enum zygote_pace pace, struct assay_error *err)
{
	struct worker_context *c = ctx;

	if (!c->has_libraries) {
		engine_warm(c->scanner);
		confine_separate(&c->plan); /* no files any more */
		c->has_libraries = true;
	}
	if (pace < PACE_FULL)
		return ASSAY_OK;
	return ruleset_machine_code(c->config->rules, err) == ASSAY_OK ? ASSAY_OK : ASSAY_FATAL;
}

/** Leave only what the zygote has on 0-2, and the socket. */
static int keep_descriptors(int sock)
{
	if (dup2(sock, CHILD_SOCK) < 0)
		return -1;
	return (int)syscall(SYS_close_range, CHILD_SOCK + 1, ~0u, 0);
}

/** Bytes malloc has from the kernel; the statistics in /proc are out of reach. */
static size_t private_bytes(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.arena + info.hblkhd;
}

static void flush(struct worker *w)
{
	if (w->out_len == 0)
		return;
	if (channel_send(CHILD_SOCK, w->out, w->out_len, NULL, 0, 0) < 0)
		_exit(0); /* the coordinator is gone */
	w->out_len = 0;
}

/** A frame's head and fixed part, and room for `tail_len` bytes after it. */
static uint8_t *put_frame(struct worker *w, enum frame_type type, const void *fixed,
			  size_t fixed_len, size_t tail_len)
{
	struct frame_head head = { .type = type, .length = (uint32_t)(fixed_len + tail_len) };
	uint8_t *at;

	if (w->out_len + sizeof(head) + head.length > sizeof(w->out))
		flush(w);
	at = w->out + w->out_len;
	memcpy(at, &head, sizeof(head));
	memcpy(at + sizeof(head), fixed, fixed_len);
	w->out_len += sizeof(head) + head.length;
	return at + sizeof(head) + fixed_len;
}

/**
 * A reader wants a library that this worker can no longer open.  One that was to be there at
 * once asks to be relieved by one that has it, which begins the unit again.  In the self-test
 * the reader does without.
 */
static void on_late_library(void *ctx, const struct library *lib)
{
	struct worker *w = ctx;
	int fds[CHANNEL_FDS_MAX];
	size_t fds_len;

	(void)lib;
	if (w->serial == 0 || w->context->has_libraries)
		return;
	put_frame(w, FRAME_RELIEVE, "", 0, 0);
	flush(w);
	/* Until it is dismissed, whatever else was under way to it. */
	while (channel_recv(CHILD_SOCK, w->in, sizeof(w->in), fds, &fds_len) > 0)
		continue;
	_exit(0);
}

/** A piece of the unit's stream, cut where messages end. */
static void put_stream(struct worker *w, const void *data, size_t len)
{
	const size_t around = sizeof(struct frame_head) + sizeof(struct frame_objects);
	const struct frame_objects objects = { .serial = w->serial };
	const uint8_t *from = data;

	w->staged += len;
	while (len > 0) {
		size_t room, piece;

		if (w->out_len + around + MIN(len, 1 * KiB) > sizeof(w->out))
			flush(w);
		room = sizeof(w->out) - w->out_len - around;
		piece = MIN(len, room);
		memcpy(put_frame(w, FRAME_OBJECTS, &objects, sizeof(objects), piece), from, piece);
		from += piece;
		len -= piece;
	}
}

/** The distinct values of every finding of a range; NULL: no memory. */
static const struct work_hashes *hashes_of(struct worker *w, const struct assay_object *object)
{
	static const struct work_hashes none;

	w->hashes.len = 0;
	buf_clear(&w->hash_bytes);
	for (size_t i = 0; i < object->findings_len; i++) {
		struct work_hashes *h = vec_push(&w->hashes);
		const uint8_t(*hashes)[ASSAY_FP_BYTES];

		if (!h)
			return NULL;
		/* The scanner has one place for them: the next rule's go over these. */
		hashes = engine_hashes(w->context->scanner, object->findings[i].rule, &h->len);
		if (!hashes)
			h->len = 0;
		if (h->len && !buf_add(&w->hash_bytes, hashes, h->len * sizeof(*hashes)))
			return NULL;
	}
	for (size_t i = 0, at = 0; i < w->hashes.len; at += w->hashes.items[i++].len)
		w->hashes.items[i].hashes =
		    (const uint8_t(*)[ASSAY_FP_BYTES])w->hash_bytes.data + at;
	return w->hashes.items ? w->hashes.items : &none;
}

static int on_object(void *ctx, const struct assay_object *object)
{
	struct worker *w = ctx;
	const struct work_hashes *hashes = w->is_range ? hashes_of(w, object) : NULL;
	struct stream_head head = { 0 };

	buf_clear(&w->encoded);
	if (w->lost || (w->is_range && !hashes) || !buf_add(&w->encoded, &head, sizeof(head)) ||
	    !wire_encode(object, hashes, &w->encoded)) {
		w->lost = w->lost ? w->lost : ASSAY_LIMIT_MEMORY;
		return 1;
	}
	if (w->encoded.len > STAGED_MAX - w->staged) {
		w->lost = ASSAY_LIMIT_HITS;
		return 1;
	}
	head.length = (uint32_t)(w->encoded.len - sizeof(head));
	memcpy(w->encoded.data, &head, sizeof(head));
	put_stream(w, w->encoded.data, w->encoded.len);
	w->has_outer = w->has_outer || object->inner_len == 0;
	return 0;
}

/** Why the unit has no answer but this; ASSAY_REASON_NONE: it has its objects. */
static enum assay_reason reason_lost(const struct worker *w, enum assay_status st,
				     const struct assay_error *err)
{
	bool has_answer = w->result.split || w->is_range || w->has_outer;

	if (w->lost)
		return w->lost;
	if (st == ASSAY_FATAL && err->reason == ASSAY_NO_MEMORY)
		return ASSAY_LIMIT_MEMORY;
	if (st == ASSAY_FATAL || (st == ASSAY_FAILED && (w->is_range || !has_answer)) ||
	    !has_answer)
		return err->reason > ASSAY_REASON_NONE && err->reason < ASSAY_GAP_REASONS
			   ? err->reason
			   : ASSAY_CRASH_QUARANTINED;
	return ASSAY_REASON_NONE;
}

static enum assay_status scan(struct worker *w, const struct engine_job *job,
			      struct assay_error *err)
{
	const struct assay_sink sink = { .size = sizeof(sink), .ctx = w, .object = on_object };

#ifdef ASSAY_TEST_HOOKS
	if (w->context->config->scan.test_hooks && !w->is_range &&
	    hooks_obey(job->fd, CHILD_SOCK) == HOOK_OUT_OF_MEMORY) {
		err->reason = ASSAY_NO_MEMORY;
		return ASSAY_FATAL;
	}
#endif
	return engine_run(w->context->scanner, job, &sink, &w->result, err);
}

/** Has this process taken so much memory that a new one is better? */
static bool has_grown(const struct worker *w)
{
	uint64_t most = w->context->config->recycle_growth;
	size_t now = most ? private_bytes() : 0;

	return now > w->bytes_at_start && now - w->bytes_at_start > most;
}

/** Scan a unit and answer it.  @return  false: this was the last one */
static bool do_unit(struct worker *w, const struct engine_job *job, bool is_last)
{
	struct assay_error err = { 0 };
	struct frame_done done = { .serial = w->serial };
	enum assay_status st;
	const void *tail = NULL;
	size_t tail_len = 0;

	w->is_range = job->blob_len > 0;
	w->has_outer = false;
	w->staged = 0;
	w->lost = ASSAY_REASON_NONE;
	w->result.split = w->result.retire = false;
	w->result.blob_len = 0;
	w->result.lines = w->result.bytes = 0;
	st = scan(w, job, &err);
	done.lost = reason_lost(w, st, &err);
	done.lines = w->result.lines;
	done.bytes = w->result.bytes;
	if (done.lost) {
		tail = err.detail;
		tail_len = strnlen(err.detail, sizeof(err.detail));
	} else if (w->result.split) {
		done.flags |= DONE_SPLIT;
		tail = w->result.blob;
		tail_len = MIN(w->result.blob_len, SPLIT_BLOB_MAX);
	}
	done.flags |= w->result.retire ? DONE_PARSER : 0;
	done.flags |= is_last && has_grown(w) ? DONE_GROWN : 0;
	done.flags |= st == ASSAY_FATAL || done.lost == ASSAY_LIMIT_MEMORY ? DONE_SPENT : 0;
	memcpy(put_frame(w, FRAME_DONE, &done, sizeof(done), tail_len), tail ? tail : "", tail_len);
	return !(done.flags & DONE_SPENT);
}

static void do_batch(struct worker *w, size_t len, const int *fds, size_t fds_len)
{
	struct batch_reader r;

	if (!batch_open(&r, w->in, len) || r.count != fds_len)
		_exit(1);
	for (size_t i = 0; i < fds_len; i++) {
		struct engine_job job;
		uint64_t serial;
		bool goes_on;

		if (!batch_next(&r, &serial, &job))
			_exit(1);
		w->serial = serial;
		atomic_store_explicit(&w->progress->started, serial, memory_order_release);
		job.fd = fds[i];
		goes_on = do_unit(w, &job, i + 1 == fds_len);
		close(fds[i]);
		if (!goes_on) {
			flush(w);
			_exit(0); /* spent: its heap may be in any state */
		}
	}
	flush(w);
}

static void __attribute__((noreturn)) serve(struct worker *w)
{
	for (;;) {
		int fds[CHANNEL_FDS_MAX];
		size_t fds_len = 0;
		ssize_t got = channel_recv(CHILD_SOCK, w->in, sizeof(w->in), fds, &fds_len);

		if (got <= 0)
			_exit(got < 0); /* dismissed */
		do_batch(w, (size_t)got, fds, fds_len);
	}
}

/** Say READY, or why not. */
static void say(struct worker *w, unsigned levels, enum assay_status st,
		const struct assay_error *err)
{
	struct frame_ready ready = { .levels = levels };

	snprintf(ready.isa, sizeof(ready.isa), "%s",
		 w->context->scanner ? engine_isa(w->context->scanner) : "");
	if (st != ASSAY_OK) {
		ready.failed = err->reason ? err->reason : ASSAY_ENGINE_UNAVAILABLE;
		snprintf(ready.detail, sizeof(ready.detail), "%s", err->detail);
	}
	put_frame(w, FRAME_READY, &ready, sizeof(ready), 0);
	flush(w);
}

void worker_run(void *ctx, unsigned slot, int sock)
{
	const struct worker_context *c = ctx;
	struct assay_error err = { 0 };
	unsigned levels = 0;
	enum assay_status st;
	struct worker *w = calloc(1, sizeof(*w));

	progress_keep_one(c->progress, c->slots_len, slot);
	if (keep_descriptors(sock) < 0 || !w)
		_exit(1);
	w->context = c;
	w->progress = progress_at(c->progress, slot);
	w->encoded.limit = STAGED_MAX;
	w->hashes.limit = UINT32_MAX;
	w->hash_bytes.limit = STAGED_MAX;
	library_seal(on_late_library, w);
	st = confine_enter(&c->plan, c->coordinator, &levels, &err);
	/* From here on nothing can be opened or made executable: prove that all works. */
	if (st == ASSAY_OK)
		st = engine_selftest(c->scanner, &err);
	w->bytes_at_start = private_bytes();
	say(w, levels, st, &err);
	if (st != ASSAY_OK)
		_exit(1);
	serve(w);
}
