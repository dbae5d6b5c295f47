/**
 * textout.h - derived text on its way to the sink, joined while its segment stays
 *
 * Private to the readers whose text is not in the object's own bytes.  The strings of a
 * segment are copied: they need not outlive the call.
 *
 *   struct textout out;
 *
 *   textout_init(&out, sink);
 *   st = textout_line(&out, &seg, text, len, err);
 *   st = textout_flush(&out, err);
 *   textout_done(&out);
 */
#ifndef TEXTOUT_H
#define TEXTOUT_H

#include "extract.h"

struct textout {
	const struct extract_sink *sink;
	struct buf text;
	struct segment seg; /* of `text`; its strings are those below */
	char field[128];
	char sheet[128];
	char cell[24];
	char part[256];
	char header[64];
	bool any;  /* something was sent, ever */
	char last; /* its last byte */
};

void textout_init(struct textout *ret_o, const struct extract_sink *sink);
void textout_done(struct textout *o);
MUST_USE enum assay_status textout_flush(struct textout *o, struct assay_error *err);

/** UTF-8, or bytes of an ASCII kin. */
MUST_USE enum assay_status textout_put(struct textout *o, const struct segment *seg,
				       const char *text, size_t len, struct assay_error *err);
/** The same and a line end; nothing at all for no text. */
MUST_USE enum assay_status textout_line(struct textout *o, const struct segment *seg,
					const char *text, size_t len, struct assay_error *err);
/** Bytes of cp1252. */
MUST_USE enum assay_status textout_cp1252(struct textout *o, const struct segment *seg,
					  const uint8_t *text, size_t len, struct assay_error *err);
/** Little-endian UTF-16; NULs are left out. */
MUST_USE enum assay_status textout_utf16(struct textout *o, const struct segment *seg,
					 const uint8_t *text, size_t len, struct assay_error *err);
/** A line end, unless the last thing sent was one, or nothing was. */
MUST_USE enum assay_status textout_break(struct textout *o, const struct segment *seg,
					 struct assay_error *err);

/** One byte of cp1252 as UTF-8.  @return  bytes written, 1 to 3 */
size_t cp1252_to_utf8(uint8_t c, char ret[4]);

/**
 * Runs of letters in bytes of no known form, as lines of this segment.
 *
 * @param in  read to its end
 */
MUST_USE enum assay_status textout_strings(struct textout *o, const struct segment *seg,
					   struct input *in, struct assay_error *err);

#endif
