/**
 * frame.h - what travels between coordinator and worker
 *
 * Down: one SEQPACKET message per batch, a struct batch_head, then each unit with its
 * name and blob, and one descriptor per unit by SCM_RIGHTS.  Up: messages of one or more
 * frames, a frame_head and its payload each.  Both ends are one binary on one machine,
 * so integers are in host order; the coordinator still trusts no number it is sent.
 */
#ifndef FRAME_H
#define FRAME_H

#include "buf.h"
#include "work.h"

#define BATCH_MAX 32
#define MESSAGE_MAX (64 * KiB)

/** Encoded objects of one unit, bytes: a worker stops there, the coordinator checks. */
#define STAGED_MAX (64 * MiB)

/** One piece of work.  `name_len` bytes of name and `blob_len` of blob follow. */
struct batch_unit {
	uint64_t serial;           /**< counts units sent to this worker, from 1, no gaps */
	uint64_t begin, end;       /**< owned; end 0: the whole file */
	uint64_t size, data_bytes; /**< of the file, by fstat */
	uint32_t blob_len;
	uint16_t name_len;
	uint16_t may_split;
};

struct batch_head {
	uint64_t count; /**< 1 .. BATCH_MAX */
};

/** Start a batch in an empty message. */
void batch_begin(struct buf *msg);

/** Add a unit; false, and the message as it was, if it does not fit. */
bool batch_add(struct buf *msg, const struct work_unit *unit, uint64_t serial);

/** Where a batch is being read. */
struct batch_reader {
	const uint8_t *next;
	size_t left;
	uint64_t count; /**< units not read yet */
};

/** @param data  borrowed while units are read  @return  false: malformed */
MUST_USE bool batch_open(struct batch_reader *r, const void *data, size_t len);

/** The next unit as the engine wants it, but for its descriptor; false: malformed. */
MUST_USE bool batch_next(struct batch_reader *r, uint64_t *ret_serial, struct engine_job *ret_job);

enum frame_type {
	FRAME_READY = 1,   /**< once, after lockdown and self-test */
	FRAME_OBJECTS = 2, /**< a piece of a unit's stream of objects, any number */
	FRAME_DONE = 3,    /**< one per unit, in the order they were sent */
	FRAME_RELIEVE = 4, /**< empty: the unit at hand wants a worker with libraries */
};

struct frame_head {
	uint32_t type;
	uint32_t length; /**< bytes of payload that follow */
};

/** All a worker says of itself; zeroed strings end with a NUL. */
struct frame_ready {
	uint32_t levels; /**< enum confine_level bits reached */
	uint32_t failed; /**< enum assay_reason why it cannot work; 0: it can */
	char isa[16];
	char detail[256];
};

/** Before a piece of the stream.  In the stream each object's length comes first. */
struct frame_objects {
	uint64_t serial;
};

struct stream_head {
	uint32_t length; /**< of one encoded object */
};

enum done_flag {
	DONE_SPLIT = 1 << 0,  /**< the blob follows: send ranges */
	DONE_PARSER = 1 << 1, /**< a third-party parser ran */
	DONE_GROWN = 1 << 2,  /**< replace this worker when it is convenient */
	DONE_SPENT = 1 << 3,  /**< nothing comes after this: replace it now */
	DONE_FLAGS = (1 << 4) - 1,
};

struct frame_done {
	uint64_t serial;
	uint64_t lines, bytes;
	uint32_t lost;  /**< enum assay_reason */
	uint32_t flags; /**< enum done_flag */
			/* The blob, or the detail of what was lost. */
};

/** A frame seen in a received message; `tail` is borrowed from it. */
struct frame {
	enum frame_type type;
	union {
		struct frame_ready ready;
		struct frame_objects objects;
		struct frame_done done;
	};
	const uint8_t *tail; /**< what follows the fixed part */
	size_t tail_len;
};

struct frame_reader {
	const uint8_t *next;
	size_t left;
};

enum frame_got { FRAME_END, FRAME_GOT, FRAME_MALFORMED };

/** Read one frame.  Knows every length; does not know what was asked for. */
MUST_USE enum frame_got frame_next(struct frame_reader *reader, struct frame *ret_frame);

#endif
