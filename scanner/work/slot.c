/* slot.c - talking to one worker, and not believing it */
#include "slot.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include "channel.h"

void slot_init(struct slot *s, unsigned index, struct progress *progress)
{
	*s = (struct slot){
		.index = index,
		.sock = -1,
		.pidfd = -1,
		.progress = progress,
		.staged = BUF_INIT(STAGED_MAX),
	};
}

enum assay_status slot_start(struct slot *s, struct zygote *z, enum zygote_pace pace,
			     struct assay_error *err)
{
	struct zygote_child child;
	enum assay_status st;

	atomic_store(&s->progress->started, 0);
	st = zygote_spawn(z, s->index, pace, &child, err);
	if (st < 0)
		return st;
	s->alive = true;
	s->ready = s->quarantine = s->retiring = s->spent = false;
	s->pace = pace;
	s->sock = child.sock;
	s->pidfd = child.pidfd;
	s->pid = child.pid;
	s->started_at = clock_ns();
	s->batch_ended_at = 0;
	s->oldest = 1;
	s->parsed = 0;
	s->watch = (struct slot_watch){ 0 };
	slot_forget_units(s);
	return ASSAY_OK;
}

struct work_unit *slot_unit(struct slot *s, unsigned i)
{
	return &s->units[(s->first + i) % SLOT_UNITS];
}

uint64_t slot_next_serial(const struct slot *s)
{
	return s->oldest + s->len;
}

int slot_send(struct slot *s, const struct buf *msg, const struct work_unit *units, unsigned count)
{
	uint64_t serial = slot_next_serial(s);
	int fds[BATCH_MAX] = { 0 };
	int rc;

	for (unsigned i = 0; i < count; i++)
		fds[i] = units[i].fd;
	rc = channel_send(s->sock, msg->data, msg->len, fds, count, MSG_DONTWAIT);
	if (rc < 0)
		return rc;
	for (unsigned i = 0; i < count; i++)
		*slot_unit(s, s->len++) = units[i];
	s->batch[s->batches++] = (struct slot_batch){
		.last = serial + count - 1,
		.sent_ns = clock_ns(),
		.count = count,
	};
	return 0;
}

void slot_forget_units(struct slot *s)
{
	s->first = s->len = s->batches = 0;
	s->quarantine = false;
	buf_clear(&s->staged);
}

static bool on_ready(struct slot *s, const struct frame_ready *ready)
{
	if (s->ready || ready->failed >= ASSAY_REASON_COUNT)
		return false;
	s->ready = true;
	s->hello = *ready;
	return true;
}

static bool on_objects(struct slot *s, const struct frame *frame)
{
	return s->ready && s->len > 0 && frame->objects.serial == s->oldest &&
	       buf_add(&s->staged, frame->tail, frame->tail_len);
}

/* Objects */

/** The next object of a unit's stream; *at moves past it. */
static enum wire_verdict next_object(struct slot *s, struct delivery *d, size_t *at,
				     struct wire_object *ret_object)
{
	struct stream_head head;
	const uint8_t *data = (const uint8_t *)s->staged.data + *at;
	size_t left = s->staged.len - *at;

	if (left < sizeof(head))
		return WIRE_BAD;
	memcpy(&head, data, sizeof(head));
	if (head.length > left - sizeof(head))
		return WIRE_BAD;
	*at += sizeof(head) + head.length;
	wire_arena_clear(&d->arena);
	return wire_decode(data + sizeof(head), head.length, d->rules, &d->arena, ret_object);
}

/** Is this an object that belongs into the answer for the unit? */
static bool fits_unit(const struct work_unit *unit, const struct wire_object *w)
{
	bool is_range = unit->blob_len > 0;

	return is_range == (w->hashes != NULL) && (!is_range || w->object.inner_len == 0);
}

/** Read all objects before the first is handed on: there is no taking back. */
static enum wire_verdict check_objects(struct slot *s, struct delivery *d,
				       const struct work_unit *unit)
{
	unsigned outer = 0;
	bool ends_outer = false;

	for (size_t at = 0; at < s->staged.len;) {
		struct wire_object w;
		enum wire_verdict v = next_object(s, d, &at, &w);

		if (v != WIRE_OK)
			return v;
		if (!fits_unit(unit, &w))
			return WIRE_BAD;
		ends_outer = w.object.inner_len == 0;
		outer += ends_outer;
	}
	/* Members come before their container: the file itself is last, and once. */
	if (unit->blob_len == 0 && (outer != 1 || !ends_outer))
		return WIRE_BAD;
	return WIRE_OK;
}

static enum slot_got deliver(struct slot *s, struct delivery *d, const struct work_unit *unit,
			     struct assay_error *err)
{
	enum wire_verdict v = check_objects(s, d, unit);

	for (size_t at = 0; v == WIRE_OK && at < s->staged.len;) {
		struct wire_object w;

		v = next_object(s, d, &at, &w);
		if (v == WIRE_OK &&
		    d->sink->object(d->sink->ctx, unit, &w.object, w.hashes, err) != ASSAY_OK)
			return SLOT_FATAL;
	}
	if (v == WIRE_NO_MEMORY) {
		assay_fail_memory(err, "objects of a file");
		return SLOT_FATAL;
	}
	return v == WIRE_OK ? SLOT_GOT : SLOT_LIED;
}

/* Done */

/** Does the answer make sense for what was asked? */
static bool is_plausible(const struct slot *s, const struct work_unit *unit,
			 const struct frame *frame)
{
	const struct frame_done *done = &frame->done;
	bool split = done->flags & DONE_SPLIT;

	if (done->lost >= ASSAY_GAP_REASONS || (done->flags & ~(uint32_t)DONE_FLAGS))
		return false;
	if (split)
		return !done->lost && unit->may_split && unit->blob_len == 0 &&
		       s->staged.len == 0 && frame->tail_len > 0 &&
		       frame->tail_len <= SPLIT_BLOB_MAX;
	if (unit->blob_len > 0 && done->lines > unit->end - unit->begin)
		return false;
	return done->lost ? frame->tail_len < sizeof(((struct assay_error *)0)->detail)
			  : frame->tail_len == 0;
}

static const char *detail_of(const struct frame *frame, char room[static 256])
{
	size_t len = strnlen((const char *)frame->tail, frame->tail_len);

	if (len == 0 && frame->done.lost == ASSAY_LIMIT_HITS)
		return "more results than one file may bring";
	if (len == 0 && frame->done.lost == ASSAY_LIMIT_MEMORY)
		return "the memory a worker may have";
	memcpy(room, frame->tail, len);
	room[len] = '\0';
	return room;
}

/** Smooth how long a unit takes, to size batches by. */
static void note_pace(struct slot *s, struct delivery *d)
{
	uint64_t now = clock_ns(), began = MAX(s->batch[0].sent_ns, s->batch_ended_at);
	uint64_t unit_ns = (now - MIN(now, began)) / s->batch[0].count;

	d->unit_ns = (3 * d->unit_ns + MIN(unit_ns, 10 * NS_PER_MS)) / 4;
	s->batch_ended_at = now;
}

/** The oldest unit leaves the ring. */
static void pop_unit(struct slot *s, struct delivery *d)
{
	buf_clear(&s->staged);
	/* One large file must not cost memory for the rest of the scan. */
	if (s->staged.cap > 1 * MiB)
		buf_done(&s->staged);
	s->first = (s->first + 1) % SLOT_UNITS;
	s->len--;
	if (s->oldest++ == s->batch[0].last) {
		note_pace(s, d);
		s->batch[0] = s->batch[1];
		s->batches--;
		s->quarantine = false;
	}
}

static enum slot_got on_done(struct slot *s, const struct frame *frame, struct delivery *d,
			     struct assay_error *err)
{
	const struct frame_done *done = &frame->done;
	char detail[256];
	struct work_unit unit;
	struct work_result result = {
		.lost = done->lost,
		.split = done->flags & DONE_SPLIT,
		.lines = done->lines,
		.bytes = done->bytes,
		.blob = done->flags & DONE_SPLIT ? frame->tail : NULL,
		.blob_len = done->flags & DONE_SPLIT ? frame->tail_len : 0,
	};
	enum slot_got got = SLOT_GOT;

	if (!s->ready || s->len == 0 || done->serial != s->oldest ||
	    !is_plausible(s, slot_unit(s, 0), frame))
		return SLOT_LIED;
	unit = *slot_unit(s, 0);
	if (result.lost)
		result.detail = detail_of(frame, detail);
	else if (!result.split)
		got = deliver(s, d, &unit, err);
	if (got != SLOT_GOT)
		return got;
	pop_unit(s, d);
	s->parsed += (done->flags & DONE_PARSER) != 0;
	s->spent = s->spent || (done->flags & DONE_SPENT);
	if ((done->flags & (DONE_SPENT | DONE_GROWN)) ||
	    (d->recycle_after && s->parsed >= d->recycle_after))
		s->retiring = true;
	return d->sink->unit_done(d->sink->ctx, &unit, &result, err) == ASSAY_OK ? SLOT_GOT
										 : SLOT_FATAL;
}

static enum slot_got act(struct slot *s, const struct frame *frame, struct delivery *d,
			 struct assay_error *err)
{
	switch (frame->type) {
	case FRAME_READY:
		return on_ready(s, &frame->ready) ? SLOT_GOT : SLOT_LIED;
	case FRAME_OBJECTS:
		return on_objects(s, frame) ? SLOT_GOT : SLOT_LIED;
	case FRAME_DONE:
		return on_done(s, frame, d, err);
	case FRAME_RELIEVE:
		return s->pace == PACE_AT_ONCE && s->ready && s->len > 0 ? SLOT_BARE : SLOT_LIED;
	}
	return SLOT_LIED;
}

enum slot_got slot_receive(struct slot *s, struct delivery *d, struct assay_error *err)
{
	ssize_t got = channel_recv_plain(s->sock, d->message, sizeof(d->message), MSG_DONTWAIT);
	struct frame_reader reader = { .next = d->message, .left = got > 0 ? (size_t)got : 0 };
	enum frame_got more;

	if (got == -EAGAIN)
		return SLOT_EMPTY;
	if (got == -EMSGSIZE)
		return SLOT_LIED;
	if (got <= 0)
		return SLOT_END;
	do {
		struct frame frame;
		enum slot_got st;

		more = frame_next(&reader, &frame);
		st = more == FRAME_GOT ? act(s, &frame, d, err) : SLOT_GOT;
		if (st != SLOT_GOT)
			return st;
	} while (more == FRAME_GOT);
	return more == FRAME_END ? SLOT_GOT : SLOT_LIED;
}

int slot_index_of(const struct slot *s, uint64_t serial)
{
	if (serial < s->oldest || serial - s->oldest >= s->len)
		return -1;
	return (int)(serial - s->oldest);
}

uint64_t slot_current(const struct slot *s)
{
	uint64_t started = atomic_load_explicit(&s->progress->started, memory_order_acquire);

	return slot_index_of(s, started) < 0 ? s->oldest : started;
}

uint64_t slot_cpu_ns(const struct slot *s)
{
	struct timespec t;
	clockid_t clock;

	if (!s->alive || clock_getcpuclockid(s->pid, &clock) != 0 || clock_gettime(clock, &t) < 0)
		return 0;
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

void slot_kill(const struct slot *s)
{
	syscall(SYS_pidfd_send_signal, s->pidfd, SIGKILL, NULL, 0);
}

void slot_release(struct slot *s)
{
	fd_closep(&s->sock);
	fd_closep(&s->pidfd);
	s->alive = s->ready = s->retiring = s->spent = false;
	s->pid = 0;
}
