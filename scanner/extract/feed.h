/**
 * feed.h - an input as a window of UTF-8 text that moves on
 *
 * What JSON and markup are read through: UTF-16 and UTF-32 are converted on the way,
 * ASCII's kin is left as it is, a BOM is skipped, and every place in the window can
 * be led back to the object's own bytes.  Bytes in memory are not copied unless they
 * must be converted.
 */
#ifndef FEED_H
#define FEED_H

#include "extract.h"
#include "decode.h"

struct feed {
	const char *data; /**< the window: text read and not consumed */
	size_t len;
	bool ended;    /**< nothing follows the window */
	uint64_t line; /**< of the window's first byte, if lines are counted */
	bool count_lines;

	/* The rest is the feed's own. */
	struct input *in;
	enum charset charset;
	uint64_t off;      /* of the window's first byte in the object */
	size_t mark;       /* a place in the window whose offset is known: ... */
	uint64_t mark_off; /* ... this */
	struct buf text;   /* holds the window, unless that is the input's memory */
	size_t text_at;    /* where the window begins in `text` */
	size_t raw_len;    /* of `raw` */
	bool raw_ended;
	enum assay_status broke; /* how reading ended, if not well */
	struct assay_error why;
	uint8_t raw[16 * 1024]; /* not converted yet; not cleared */
};

/** Is the text converted?  Then its runs are short, and places in it cost a walk. */
static inline bool feed_is_wide(const struct feed *f)
{
	return f->charset != CHARSET_ASCII_KIN;
}

/**
 * Begin at the start of `in`, which must outlive the feed.
 *
 * @param window_max  most bytes that will be asked for at once
 */
MUST_USE enum assay_status feed_init(struct feed *ret_feed, struct input *in, size_t window_max,
				     struct assay_error *err);
void feed_done(struct feed *f);

/**
 * Make the window `want` bytes long, or to the end.  Moves `data`.  An input that breaks
 * ends: what came is there, and feed_end() tells.  Fails for want of memory alone.
 */
MUST_USE enum assay_status feed_more(struct feed *f, size_t want, struct assay_error *err);

/** Once all is consumed: how reading the input ended. */
MUST_USE enum assay_status feed_end(const struct feed *f, struct assay_error *err);

/** Consume the window's first `len` bytes. */
void feed_skip(struct feed *f, size_t len);

/**
 * How long is the run at `at` that lies in the object in one way?
 *
 * @param len         bytes from `at` of interest, at least 1
 * @param ret_source  where the run lies
 * @return            its length, 1 to len
 */
size_t feed_run(struct feed *f, size_t at, size_t len, struct source *ret_source);

/** Offset in the object of the window's byte `at`. */
uint64_t feed_off(struct feed *f, size_t at);

/** Send the first `len` bytes, run by run, and consume them; seg->loc.line is set. */
MUST_USE enum assay_status feed_send(struct feed *f, size_t len, const struct extract_sink *sink,
				     struct segment *seg, struct assay_error *err);

#endif
