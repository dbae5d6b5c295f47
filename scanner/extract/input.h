/**
 * input.h - where an extractor reads from
 *
 * Three kinds: a descriptor (pread only: its offset is shared with others), bytes
 * in memory, and a stream that can be read once, front to back.  The first 64 KiB
 * of any kind can be looked at without consuming them.
 */
#ifndef INPUT_H
#define INPUT_H

#include "base.h"
#include "buf.h"
#include "decode.h"

#define INPUT_HEAD_BYTES (64 * KiB)
#define INPUT_SIZE_UNKNOWN UINT64_MAX

/**
 * Read the next bytes of a stream.
 *
 * @return  ASSAY_OK with *ret_got 0 at the end; an error reaches as far as it says,
 *          and *ret_got bytes are good even then
 */
typedef enum assay_status input_read_fn(void *ctx, void *data, size_t cap, size_t *ret_got,
					struct assay_error *err);

struct input {
	int fd;              /**< borrowed; -1: not a descriptor */
	const uint8_t *mem;  /**< borrowed; NULL: not in memory */
	input_read_fn *read; /**< NULL: seekable */
	void *ctx;
	uint64_t size;   /**< INPUT_SIZE_UNKNOWN for streams that do not tell */
	uint64_t next;   /**< offset of the next sequential byte */
	struct buf head; /**< owned: the head of a descriptor or stream, read once */
	bool head_read;
	bool head_is_all; /**< nothing follows the head */
	bool has_encoding;
	struct encoding encoding; /**< of the head, if has_encoding */
	bool ended;               /**< the stream has no more */
	bool sparse;              /**< a descriptor of a file with holes */
	uint64_t skipped;         /**< bytes of holes that were not read */
	/** How the stream broke, if not ASSAY_OK: told to whoever reads as far as that. */
	enum assay_status broke;
	struct assay_error why;
};

/** @param fd    borrowed; read from its start, whatever its position
 *  @param size  in bytes */
void input_from_fd(struct input *ret_in, int fd, uint64_t size);
/** @param data  borrowed until input_done() */
void input_from_mem(struct input *ret_in, const void *data, size_t len);
/** @param size  in bytes, or INPUT_SIZE_UNKNOWN */
void input_from_stream(struct input *ret_in, input_read_fn *read, void *ctx, uint64_t size);
void input_done(struct input *in);

static inline bool input_seekable(const struct input *in)
{
	return !in->read;
}

/**
 * The first bytes, up to INPUT_HEAD_BYTES; not consumed.  Valid until the input
 * ends.  Shorter than that only if the input is.
 */
MUST_USE enum assay_status input_head(struct input *in, const uint8_t **ret_data, size_t *ret_len,
				      struct assay_error *err);

/** The encoding of input_head(), told or worked out once. */
MUST_USE enum assay_status input_encoding(struct input *in, struct encoding *ret_encoding,
					  struct assay_error *err);

/** Read on, front to back; any kind.  *ret_got < cap only at the end. */
MUST_USE enum assay_status input_read(struct input *in, void *data, size_t cap, size_t *ret_got,
				      struct assay_error *err);

/** Read at an offset; seekable kinds only.  *ret_got < cap only at the end. */
MUST_USE enum assay_status input_pread(struct input *in, uint64_t off, void *data, size_t cap,
				       size_t *ret_got, struct assay_error *err);

/**
 * Is the rest of a hole to come?  Then go on shortly before its end, so that one zero
 * byte at least is still read between what is on either side.
 *
 * @return  bytes that were skipped: 0 for anything but a sparse file
 */
uint64_t input_skip_hole(struct input *in);

/** Read everything from here to the end into memory, as far as `out->limit` allows
 * (then ASSAY_FAILED, limit-size). */
MUST_USE enum assay_status input_slurp(struct input *in, struct buf *out, struct assay_error *err);

#endif
