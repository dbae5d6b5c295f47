/**
 * slot.h - one worker as the coordinator sees it
 *
 * The worker is treated as hostile: whatever it sends is measured against what it was
 * asked.  Units are answered in the order they were sent, so a frame can only speak of
 * the oldest one.
 */
#ifndef SLOT_H
#define SLOT_H

#include "frame.h"
#include "progress.h"
#include "wire.h"
#include "zygote.h"

#define SLOT_BATCHES 2
#define SLOT_UNITS (SLOT_BATCHES * BATCH_MAX)

/** A batch in flight. */
struct slot_batch {
	uint64_t last; /**< serial of its last unit */
	uint64_t sent_ns;
	unsigned count;
};

/** What a worker has been seen to be on, and what it spent on it. */
struct slot_watch {
	uint64_t serial;   /**< 0: nothing */
	uint64_t began_ns; /**< CPU clock of the worker when the serial was first seen */
	uint64_t moved_ns; /**< the same clock when it was last seen to have moved... */
	uint64_t moved_at; /**< ... and our clock then */
};

struct slot {
	unsigned index;
	bool alive;            /**< there is a process behind pidfd */
	bool ready;            /**< it said so */
	bool quarantine;       /**< the one unit in flight has lost a worker before */
	bool retiring;         /**< gets no more work; is replaced when it has none left */
	bool spent;            /**< it said that it ends now: nobody's fault */
	enum zygote_pace pace; /**< below PACE_FULL: slow, for small work alone */
	int sock, pidfd;
	pid_t pid;
	struct progress *progress; /**< borrowed */
	uint64_t started_at;
	/* Units in flight: a ring, oldest at units[first]. */
	struct work_unit units[SLOT_UNITS];
	unsigned first, len;
	uint64_t oldest; /**< serial of units[first] */
	struct slot_batch batch[SLOT_BATCHES];
	unsigned batches;
	uint64_t batch_ended_at;
	struct buf staged; /**< objects of the oldest unit, until its DONE */
	unsigned parsed;   /**< units that reached a third-party parser */
	struct slot_watch watch;
	struct frame_ready hello; /**< what it said in READY */
};

/** Where results go, and what they need on the way. */
struct delivery {
	const struct work_sink *sink; /**< borrowed */
	size_t rules;
	struct wire_arena arena;
	uint64_t unit_ns; /**< wall time of a unit lately, smoothed: sizes batches */
	unsigned recycle_after;
	uint8_t message[MESSAGE_MAX];
};

void slot_init(struct slot *s, unsigned index, struct progress *progress);

/** Start a worker in an empty slot. */
MUST_USE enum assay_status slot_start(struct slot *s, struct zygote *z, enum zygote_pace pace,
				      struct assay_error *err);

/**
 * Send a batch (frame.h) of 1 .. BATCH_MAX units whose serials begin at slot_next_serial().
 * The slot keeps copies until they are answered.
 *
 * @return  0 or negative errno: then nothing has been sent
 */
MUST_USE int slot_send(struct slot *s, const struct buf *msg, const struct work_unit *units,
		       unsigned count);
uint64_t slot_next_serial(const struct slot *s);

enum slot_got {
	SLOT_GOT,   /**< took a message */
	SLOT_EMPTY, /**< nothing there */
	SLOT_BARE,  /**< it was wanted at once, and its unit wants a library */
	SLOT_END,   /**< nothing will come any more */
	SLOT_LIED,  /**< what no honest worker sends */
	SLOT_FATAL, /**< the scan cannot go on: err */
};

/** Take one message and act on its frames. */
MUST_USE enum slot_got slot_receive(struct slot *s, struct delivery *d, struct assay_error *err);

/** Index of the unit in flight with this serial; -1: none has it. */
int slot_index_of(const struct slot *s, uint64_t serial);

/** Serial of the unit the worker is on, or will be next; not to be believed blindly. */
uint64_t slot_current(const struct slot *s);

/** The `i`th unit in flight, oldest first. */
struct work_unit *slot_unit(struct slot *s, unsigned i);

/** Forget the units in flight and what came of them. */
void slot_forget_units(struct slot *s);

/** CPU time of the process so far; 0 if it cannot be told any more. */
uint64_t slot_cpu_ns(const struct slot *s);

/** SIGKILL. */
void slot_kill(const struct slot *s);

/** Close what belongs to the process; the slot is empty.  Units stay in the ring. */
void slot_release(struct slot *s);

#endif
