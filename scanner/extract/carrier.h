/**
 * carrier.h - a file that is read for the metadata it carries, and not for its content
 *
 * Private to the readers of PDF and pictures.  They find pieces of metadata by the format's
 * own ways and send them; carrier_finish() looks for packets of XMP that stand elsewhere and
 * sends the strings of all the rest, so that nothing is sent twice and nothing is left out.
 *
 * Reading never fails here: what cannot be read looks like the end, and reading the strings
 * meets the error again and reports it.
 */
#ifndef CARRIER_H
#define CARRIER_H

#include "runs.h"
#include "textout.h"
#include "vec.h"

/** No piece of metadata that is read at once is longer. */
#define CARRIER_PIECE_MAX (16 * MiB)
#define CARRIER_NOWHERE UINT64_MAX

struct libdeflate_decompressor;

struct carrier {
	struct input *in;
	const struct extract_sink *sink;
	struct textout out;
	uint64_t size;

	/* The rest is the carrier's own. */
	struct buf window; /* of a descriptor; memory is looked at where it is */
	uint64_t window_at;
	struct vec(struct strings_sent) sent;
	struct libdeflate_decompressor *inflate;
	bool no_memory, refused, too_long;
	struct assay_error why; /* of a refusal */
};

/** @param in  seekable */
void carrier_init(struct carrier *ret_c, struct input *in, const struct extract_sink *sink);
void carrier_done(struct carrier *c);

/**
 * Look at the bytes from `off` on.
 *
 * @param want     up to CARRIER_PIECE_MAX; fewer come at the end alone, and more may come
 * @param ret_data valid until the next call
 * @return         how many there are
 */
size_t carrier_view(struct carrier *c, uint64_t off, size_t want, const uint8_t **ret_data);

/** Where the mark next stands at or behind `from`: CARRIER_NOWHERE if it does not. */
uint64_t carrier_find(struct carrier *c, uint64_t from, const char *mark, size_t len);

/**
 * Unpack a zlib stream, or what there is of one, within the budget.
 *
 * @param packed    may be a view; what follows the stream is left alone
 * @param ret_used  bytes of it that the stream is; 0 if it is broken
 * @return          false if nothing came out; `out` is then empty
 */
bool carrier_inflate(struct carrier *c, const uint8_t *packed, size_t len, struct buf *out,
		     size_t *ret_used);

/** These bytes have been sent: no strings of them. */
void carrier_sent(struct carrier *c, uint64_t off, uint64_t len);

/** A value as a line: bytes of UTF-8, or else of cp1252; NULs are ends of lines. */
MUST_USE enum assay_status carrier_text(struct carrier *c, const struct segment *seg,
					const void *text, size_t len, struct assay_error *err);
/** A packet of XMP. */
MUST_USE enum assay_status carrier_xmp(struct carrier *c, enum assay_vis vis, const uint8_t *data,
				       size_t len, struct assay_error *err);

/** All else: packets elsewhere, strings, and what went wrong. */
MUST_USE enum assay_status carrier_finish(struct carrier *c, struct assay_error *err);

#endif
